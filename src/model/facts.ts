import type { BackupState, BackupStatus } from "../lifecycle/backupStates.js";
import type { HaGroupState, HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceState, InstanceStatus } from "../lifecycle/instanceStates.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type {
  LogPosition,
  ReplicationLink,
  ReplicationLog,
} from "../service/replication/dataPlane.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import type { OperationError, Work } from "./rows.js";

/**
 * Every fact by its name. `id` names the row for readers, `row` is its ordinal for fast look-up; `counted` is what the
 * account counts a new row under, or null.
 */
export interface Facts {
  /** An account was used for the first time. */
  readonly AccountOpened: { readonly accountId: string };

  /** An instance was accepted; it has its first work already. */
  readonly InstanceCreated: { readonly instance: Instance; readonly counted: string | null };
  /** An instance entered a state of its lifecycle, with the work that the state calls for. */
  readonly InstanceStateEntered: {
    readonly id: string;
    readonly row: number;
    readonly from: InstanceState;
    readonly state: InstanceState;
    readonly statusBefore: InstanceStatus;
    readonly status: InstanceStatus;
    readonly work: Work | null;
    readonly lastError: OperationError | null;
  };
  /** Some fields of an instance have new values. */
  readonly InstanceChanged: {
    readonly id: string;
    readonly row: number;
    readonly changes: Partial<
      Pick<Instance, "name" | "flavorId" | "volumeGb" | "usedGb" | "configurationId">
    >;
  };
  /** A partition cuts an instance off, or it is reached again. Its clients reach it all the time. */
  readonly PartitionChanged: {
    readonly id: string;
    readonly row: number;
    /** The partition that it is in from now on; null when it is reached again. */
    readonly partitionId: string | null;
  };
  /** An instance has databases more, or less, by name; no user has access to a removed one any more. */
  readonly DatabasesChanged: {
    readonly id: string;
    readonly row: number;
    readonly added: Instance["databases"];
    readonly removed: readonly string[];
  };
  /** An instance has database users more, or less. */
  readonly UsersChanged: {
    readonly id: string;
    readonly row: number;
    readonly added: Instance["users"];
    readonly removed: readonly { readonly name: string; readonly host: string }[];
  };
  /** An instance was removed; its id is unknown from here on. */
  readonly InstanceRemoved: {
    readonly id: string;
    readonly row: number;
    readonly accountId: string;
  };
  /** Work under way ends at another time: a fork with a seed of its own has drawn it anew. */
  readonly WorkRedrawn: {
    readonly owner: "instance" | "group" | "backup";
    readonly id: string;
    readonly row: number;
    readonly work: Work;
  };

  /** A replica replicates from a source. */
  readonly ReplicationStarted: {
    readonly replicaId: string;
    readonly replicaRow: number;
    readonly sourceId: string;
    readonly sourceRow: number;
  };
  /** A replica no longer replicates from its source. */
  readonly ReplicationStopped: {
    readonly replicaId: string;
    readonly replicaRow: number;
    readonly sourceId: string;
    readonly sourceRow: number;
  };

  /** An HA group was accepted; its members join by facts of their own. */
  readonly GroupCreated: { readonly group: HaGroup; readonly counted: string | null };
  /** An HA group entered a state of its lifecycle. */
  readonly GroupStateEntered: {
    readonly id: string;
    readonly row: number;
    readonly from: HaGroupState;
    readonly state: HaGroupState;
    readonly statusBefore: HaGroupStatus;
    readonly status: HaGroupStatus;
    readonly work: Work | null;
    readonly lastError: OperationError | null;
  };
  /** Some fields of a group have new values. */
  readonly GroupChanged: {
    readonly id: string;
    readonly row: number;
    readonly changes: Partial<
      Pick<HaGroup, "flavorId" | "volumeGb" | "configurationId" | "pendingReplicaNames">
    >;
  };
  /** A group was removed; its id is unknown from here on. */
  readonly GroupRemoved: { readonly id: string; readonly row: number; readonly accountId: string };
  /** An instance became a member of a group. */
  readonly MemberJoined: {
    readonly groupId: string;
    readonly groupRow: number;
    readonly instanceId: string;
    readonly instanceRow: number;
    readonly role: "source" | "replica";
  };
  /** An instance is no longer a member of a group. */
  readonly MemberLeft: {
    readonly groupId: string;
    readonly groupRow: number;
    readonly instanceId: string;
    readonly instanceRow: number;
  };
  /** Replication inside a group changed its mode. */
  readonly ReplicationModeChanged: {
    readonly id: string;
    readonly row: number;
    readonly mode: "asynchronous" | "semi-synchronous";
  };
  /** An IPv4 range may connect to the group. */
  readonly AclAdded: { readonly id: string; readonly row: number; readonly address: string };
  /** An IPv4 range may no longer connect to the group. */
  readonly AclRemoved: { readonly id: string; readonly row: number; readonly address: string };

  /** The monitor of a group has given up its source and looks for a replica to promote. */
  readonly FailoverStarted: {
    readonly id: string;
    readonly row: number;
    /** The lost source. */
    readonly sourceId: string;
    /** The replica to promote; null while no replica is eligible. */
    readonly candidateId: string | null;
  };
  /** A replica is the source of its group. The old source has left, or replicates from it after a forced failover. */
  readonly SourcePromoted: {
    readonly id: string;
    readonly row: number;
    /** Id of the row in the failover log of the group. */
    readonly failoverId: string;
    readonly oldSourceId: string;
    readonly newSourceId: string;
    /** Position up to which the old source had written. */
    readonly writtenPosition: LogPosition;
    /** Position up to which the new source had received; surviving replicas exchange what they have. */
    readonly receivedPosition: LogPosition;
    /** Whether an operator asked for the failover. */
    readonly isForced: boolean;
  };
  /** A failover ended without a promotion. */
  readonly FailoverAborted: {
    readonly id: string;
    readonly row: number;
    readonly sourceId: string;
    /** Why no replica was promoted. */
    readonly reason: string;
  };
  /**
   * A replica is the source of its plain set, because an operator asked for it. The other replicas replicate from it, and
   * so does the old source if it answers.
   */
  readonly ReplicaPromoted: {
    readonly id: string;
    readonly row: number;
    readonly oldSourceId: string;
    /** Position up to which the old source had written. */
    readonly writtenPosition: LogPosition;
    /** Position up to which the new source has received; a source that answers is waited for, so that nothing is missing. */
    readonly receivedPosition: LogPosition;
    /** Whether the old source is down: it stands alone then. */
    readonly isEjected: boolean;
    /** Whether the clients of the old source write on the new one from now on. */
    readonly movesClients: boolean;
  };

  /** A schedule was created; `carriedFrom` is the id of the schedule that a conversion to HA replaced with it. */
  readonly ScheduleCreated: {
    readonly schedule: BackupSchedule;
    readonly ownerRow: number;
    readonly carriedFrom: string | null;
    readonly counted: string | null;
  };
  /** Some fields of a schedule have new values. */
  readonly ScheduleChanged: {
    readonly id: string;
    readonly row: number;
    readonly changes: Partial<
      Pick<
        BackupSchedule,
        | "dayOfWeek"
        | "hour"
        | "minute"
        | "fullBackupRetention"
        | "copyTo"
        | "nextRunAt"
        | "lastScheduledAt"
        | "seq"
        | "cause"
      >
    >;
  };
  /** A schedule was removed. */
  readonly ScheduleRemoved: {
    readonly id: string;
    readonly row: number;
    readonly accountId: string;
    readonly ownerKind: BackupSchedule["ownerKind"];
    readonly ownerRow: number;
  };
  /** A schedule was due: what it started, and when it is due next. */
  readonly ScheduleFired: {
    readonly id: string;
    readonly row: number;
    /** Virtual time at which it was due, in ms since the epoch. */
    readonly slot: number;
    /** Virtual time at which it is due next, in ms since the epoch. */
    readonly nextRunAt: number;
    readonly seq: number;
    /** The backup that it started. */
    readonly backup: "full" | "incremental" | "nothing";
    /** Why no backup was started, or null. */
    readonly reason: string | null;
  };

  /** A backup was accepted; its source is busy until it ends. */
  readonly BackupCreated: {
    readonly backup: Backup;
    readonly instanceRow: number;
    readonly groupRow: number | null;
    readonly counted: string | null;
  };
  /** A backup entered a state of its lifecycle. */
  readonly BackupStateEntered: {
    readonly id: string;
    readonly row: number;
    readonly from: BackupState;
    readonly state: BackupState;
    readonly statusBefore: BackupStatus;
    readonly status: BackupStatus;
    readonly work: Work | null;
    readonly lastError: OperationError | null;
  };
  /** A backup completed or failed, and its source is available again. */
  readonly BackupEnded: {
    readonly id: string;
    readonly row: number;
    readonly sizeGb: number | null;
    readonly dataGb: number;
    readonly instanceRow: number;
    readonly groupRow: number | null;
  };
  /** A backup was removed. */
  readonly BackupRemoved: { readonly id: string; readonly row: number; readonly accountId: string };
  /** A configuration was created. */
  readonly ConfigurationCreated: {
    readonly configuration: Configuration;
    readonly counted: string | null;
  };
  /** A configuration has other values, or another name or description. */
  readonly ConfigurationChanged: {
    readonly id: string;
    readonly row: number;
    readonly changes: Partial<Pick<Configuration, "name" | "description">>;
    /** Parameters with new values. */
    readonly set: Configuration["values"];
    /** Names of parameters that it no longer has. */
    readonly removed: readonly string[];
  };
  /** A configuration was removed. */
  readonly ConfigurationRemoved: {
    readonly id: string;
    readonly row: number;
    readonly accountId: string;
  };

  /** A fault was injected: it strikes in the same transaction unless it is scheduled. */
  readonly FaultInjected: { readonly injected: InjectedFault; readonly counted: string | null };
  /** A scheduled or recurring fault has struck, or had no target. */
  readonly FaultActivated: {
    readonly id: string;
    readonly row: number;
    readonly changes: Pick<
      InjectedFault,
      "phase" | "dueAt" | "seq" | "endsAt" | "targetOrdinal" | "activations" | "clock" | "remaining"
    > &
      Partial<Pick<InjectedFault, "clockOf">>;
    /** Why nothing was struck this time, or null. */
    readonly skipped: string | null;
  };
  /** A clock of a random fault was started, stopped or drawn anew. */
  readonly FaultClockChanged: {
    readonly id: string;
    readonly row: number;
    readonly change: "started" | "stopped" | "redrawn";
    readonly changes: Pick<InjectedFault, "dueAt" | "seq" | "endsAt" | "clock">;
  };
  /** A `failTask` fault let a task pass, or made it fail. */
  readonly FaultCounterChanged: {
    readonly id: string;
    readonly row: number;
    readonly left: NonNullable<InjectedFault["remaining"]>;
  };
  /**
   * A fault ended: its time is over (`expired`), it was cleared, later facts made it obsolete (`superseded`), it has
   * failed all its tasks (`exhausted`), it acts once (`completed`), or it could not strike (`rejected`).
   */
  readonly FaultEnded: {
    readonly id: string;
    readonly row: number;
    readonly outcome: "expired" | "cleared" | "superseded" | "exhausted" | "completed" | "rejected";
    /** What superseded or rejected it, or null. */
    readonly reason: string | null;
  };

  /** Clients write at another rate. */
  readonly WorkloadSet: { readonly id: string; readonly row: number; readonly log: ReplicationLog };
  /** A replica that was detached or promoted writes a log of its own, which begins with what it had received. */
  readonly LogStarted: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
    /** The source that it replicated from. */
    readonly replacedId: string;
    /** Transactions that the source acknowledged and that are not here, where it takes over; otherwise 0. */
    readonly lostTransactions: number;
  };
  /** A source became a replica, and writes no log. */
  readonly LogEnded: { readonly id: string; readonly row: number };
  /** The clients of an instance write on another one. */
  readonly WorkloadMoved: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
    readonly toId: string;
    /**
     * Transactions that the instance acknowledged and that the other one, which continues the same log, never received.
     * 0 where a `LogStarted` reports the loss.
     */
    readonly lostTransactions: number;
  };
  /** Clients can no longer write. */
  readonly WritesInterrupted: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
  };
  /** Clients can write again: where they could before, or on the instance that took over. */
  readonly WritesResumed: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
    /** How long clients could not write, in ms. */
    readonly unavailableMs: number;
    /** Transactions that were acknowledged to clients and are lost. */
    readonly lostTransactions: number;
    /** The source that was replaced; null when it came back itself. */
    readonly replacedId: string | null;
  };
  /** Other replicas acknowledge, or the mode of replication changed. */
  readonly AcknowledgementChanged: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
  };
  /** No replica acknowledged in time: commits do not wait for a replica. */
  readonly SemiSynchronousDegraded: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
  };
  /** A replica has caught up: commits wait for a replica again. */
  readonly SemiSynchronousRestored: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
  };
  /** Commits wait: the source takes writes, but none of its replicas receives them (semi-synchronous replication). */
  readonly CommitsStalled: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
  };
  /** Commits no longer wait, or wait for a replica that receives again. */
  readonly CommitStallEnded: {
    readonly id: string;
    readonly row: number;
    readonly log: ReplicationLog;
    /** How long commits waited, in ms. */
    readonly stalledMs: number;
    /** A replica receives again, replication became asynchronous, or clients no longer write. */
    readonly outcome: "acknowledged" | "degraded" | "interrupted";
  };
  /** A replica receives or applies at another pace, or not at all; null when it is no longer a replica. */
  readonly LinkChanged: {
    readonly id: string;
    readonly row: number;
    readonly link: ReplicationLink | null;
  };
}

/** What became true (in event-sourcing terms: an event). Past tense, never refused, journaled, given to subscribers. */
export type Fact = {
  readonly [K in keyof Facts]: { readonly type: K } & Facts[K];
}[keyof Facts];

/** One kind of fact, or several: `FactOf<"WritesResumed">`. */
export type FactOf<K extends keyof Facts> = Extract<Fact, { readonly type: K }>;

/** The facts about replication logs and links. */
export type DataFact = FactOf<
  | "WorkloadSet"
  | "LogStarted"
  | "LogEnded"
  | "WorkloadMoved"
  | "WritesInterrupted"
  | "WritesResumed"
  | "AcknowledgementChanged"
  | "SemiSynchronousDegraded"
  | "SemiSynchronousRestored"
  | "CommitsStalled"
  | "CommitStallEnded"
  | "LinkChanged"
>;
