import type {
  BackupCreated,
  BackupEnded,
  BackupRemoved,
  BackupStateEntered,
  ConfigurationCreated,
  ConfigurationRemoved,
  ScheduleChanged,
  ScheduleCreated,
  ScheduleFired,
  ScheduleRemoved,
} from "./backupFacts.js";
import type { DataFact } from "./dataFacts.js";
import type {
  Counted,
  EntityKind,
  HaGroup,
  Instance,
  OperationError,
  ReplicationMode,
  Work,
} from "./entities.js";
import type { FailoverAborted, FailoverStarted, SourcePromoted } from "./failoverFacts.js";
import type {
  FaultActivated,
  FaultClockChanged,
  FaultCounterChanged,
  FaultEnded,
  FaultInjected,
} from "./faults.js";
import type { HaGroupState, HaGroupStatus, InstanceState, InstanceStatus } from "./statuses.js";

/** A tenant was seen for the first time. */
export interface AccountOpened {
  readonly type: "AccountOpened";
  readonly accountId: string;
}

/** An instance was accepted; it holds its first work already. */
export interface InstanceCreated extends Counted {
  readonly type: "InstanceCreated";
  readonly instance: Instance;
}

/** Which row a fact is about: `id` for readers, `row` (its ordinal) for speed. */
interface AboutInstance {
  readonly id: string;
  readonly row: number;
}

/** An instance entered a state of its lifecycle: perhaps with new work, perhaps with a fault to show. */
export interface InstanceStateEntered extends AboutInstance {
  readonly type: "InstanceStateEntered";
  readonly from: InstanceState;
  readonly state: InstanceState;
  readonly statusBefore: InstanceStatus;
  readonly status: InstanceStatus;
  readonly work: Work | null;
  readonly lastError: OperationError | null;
}

/** Work under way ends at another time: a fork with a seed of its own has drawn it anew. */
export interface WorkRedrawn {
  readonly type: "WorkRedrawn";
  readonly owner: EntityKind;
  readonly id: string;
  readonly row: number;
  readonly work: Work;
}

/** Some fields of an instance have other values now. */
export interface InstanceChanged extends AboutInstance {
  readonly type: "InstanceChanged";
  readonly changes: Partial<
    Pick<
      Instance,
      "name" | "flavorId" | "volumeGb" | "usedGb" | "configurationId" | "databases" | "users"
    >
  >;
}

/** An instance is gone; its id is unknown from here on. */
export interface InstanceRemoved extends AboutInstance {
  readonly type: "InstanceRemoved";
  readonly accountId: string;
}

/** Both ends of a replication link, made or cut in one fact. */
interface AboutLink {
  readonly replicaId: string;
  readonly replicaRow: number;
  readonly sourceId: string;
  readonly sourceRow: number;
}

/** A replica follows a source. */
export interface ReplicationStarted extends AboutLink {
  readonly type: "ReplicationStarted";
}

/** A replica follows its source no more. */
export interface ReplicationStopped extends AboutLink {
  readonly type: "ReplicationStopped";
}

/** An HA group was accepted; its members join by facts of their own. */
export interface GroupCreated extends Counted {
  readonly type: "GroupCreated";
  readonly group: HaGroup;
}

interface AboutGroup {
  readonly id: string;
  readonly row: number;
}

/** An HA group entered a state of its lifecycle. */
export interface GroupStateEntered extends AboutGroup {
  readonly type: "GroupStateEntered";
  readonly from: HaGroupState;
  readonly state: HaGroupState;
  readonly statusBefore: HaGroupStatus;
  readonly status: HaGroupStatus;
  readonly work: Work | null;
  readonly lastError: OperationError | null;
}

/** Some fields of a group have other values now. */
export interface GroupChanged extends AboutGroup {
  readonly type: "GroupChanged";
  readonly changes: Partial<
    Pick<HaGroup, "flavorId" | "volumeGb" | "configurationId" | "pendingReplicaNames">
  >;
}

/** A group is gone; its id is unknown from here on. */
export interface GroupRemoved extends AboutGroup {
  readonly type: "GroupRemoved";
  readonly accountId: string;
}

/** An instance became a member of a group. */
export interface MemberJoined {
  readonly type: "MemberJoined";
  readonly groupId: string;
  readonly groupRow: number;
  readonly instanceId: string;
  readonly instanceRow: number;
  readonly role: "source" | "replica";
}

/** An instance is a member of the group no more. */
export interface MemberLeft {
  readonly type: "MemberLeft";
  readonly groupId: string;
  readonly groupRow: number;
  readonly instanceId: string;
  readonly instanceRow: number;
}

/** Replication inside a group changed its mode. */
export interface ReplicationModeChanged extends AboutGroup {
  readonly type: "ReplicationModeChanged";
  readonly mode: ReplicationMode;
}

/** An IPv4 range may reach the group. */
export interface AclAdded extends AboutGroup {
  readonly type: "AclAdded";
  readonly address: string;
}

/** An IPv4 range may reach the group no more. */
export interface AclRemoved extends AboutGroup {
  readonly type: "AclRemoved";
  readonly address: string;
}

/** What is now true: past tense, never refused, journaled, given to subscribers. */
export type Fact =
  | AccountOpened
  | InstanceCreated
  | InstanceStateEntered
  | WorkRedrawn
  | InstanceChanged
  | InstanceRemoved
  | ReplicationStarted
  | ReplicationStopped
  | GroupCreated
  | GroupStateEntered
  | GroupChanged
  | GroupRemoved
  | MemberJoined
  | MemberLeft
  | FailoverStarted
  | SourcePromoted
  | FailoverAborted
  | ReplicationModeChanged
  | AclAdded
  | AclRemoved
  | ScheduleCreated
  | ScheduleChanged
  | ScheduleRemoved
  | ScheduleFired
  | BackupCreated
  | BackupStateEntered
  | BackupEnded
  | BackupRemoved
  | ConfigurationCreated
  | ConfigurationRemoved
  | FaultInjected
  | FaultActivated
  | FaultClockChanged
  | FaultCounterChanged
  | FaultEnded
  | DataFact;

/** Which entity a piece of work belongs to; or whose schedule, acknowledgements or fault have their turn. */
export type AgendaOwner = EntityKind | "schedule" | "acknowledgement" | "fault";
