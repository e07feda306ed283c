import type { ReplicationLink, ReplicationLog } from "./dataPlane.js";
import type {
  BackupState,
  BackupStatus,
  HaGroupState,
  HaGroupStatus,
  InstanceState,
  InstanceStatus,
  TaskKind,
} from "./statuses.js";

/**
 * What a latency profile has a duration for: every kind of work, a replica's build, which also takes a backup, what each GB
 * of data adds to work that copies data, and how far replicas are behind.
 */
export type LatencyKey =
  | TaskKind
  | "buildReplica"
  | "startMemberBuild"
  | "leaveGroup"
  | CopyKey
  | "receiveLag"
  | "applyLag"
  | "acknowledgementTimeout";

/** Work that copies data, and takes so much longer for each GB of it above the first. */
export type CopyKey = "backupPerGb" | "restorePerGb" | "buildReplicaPerGb";

/**
 * Work under way on an instance or a group: data in the row, not a timer.
 * A row has at most one, and has one exactly when its lifecycle state calls for it.
 */
export interface Work {
  readonly task: TaskKind;
  /** Virtual time at which it began, in ms since the epoch. */
  readonly startedAt: number;
  /** Which duration of the latency profile it has. */
  readonly latency: LatencyKey;
  /** By what that is multiplied: 1 unless tasks were slow when it began. */
  readonly factor: number;
  /** Virtual time at which it ends, in ms since the epoch. */
  readonly dueAt: number;
  /** Order among tasks due at the same moment; unique in a world. */
  readonly seq: number;
  /** Number of the journal line that started it. */
  readonly cause: number;
  /** What the work leads to, where a state alone does not say it: a flavor id, a size in GB, a member's id. */
  readonly target: string | number | null;
}

/** Why an accepted operation went wrong; stays on the row until the next operation succeeds. */
export interface OperationError {
  /** What was under way. */
  readonly task: TaskKind;
  /** As users read it. */
  readonly message: string;
  /** Virtual time, ms since the epoch. */
  readonly createdAt: number;
}

/** A database inside an instance. */
export interface Database {
  readonly name: string;
  readonly characterSet: string;
  readonly collate: string;
}

/** A user of the databases of an instance. The password is checked and forgotten. */
export interface DatabaseUser {
  readonly name: string;
  /** IPv4 address, or `%` for any host. */
  readonly host: string;
  /** Names of the databases that the user may use. */
  readonly databases: readonly string[];
}

/** Where a row stands in the order of creation of its kind, starting at 0; a place is never used again. */
export interface Place {
  /** In the whole world: how its books find the row. Tenants see `accountOrdinal` here. */
  readonly ordinal: number;
  /** In its account: what its tenants see as its place. */
  readonly accountOrdinal: number;
}

/** A row that belongs to an account. */
export interface Owned extends Place {
  /** Drawn from the seed by its key; unknown to every other account. */
  readonly id: string;
  readonly accountId: string;
  /**
   * What it is, whatever else there is: 128 bits as hexadecimal digits, fixed at its birth by where it comes from. All
   * that is drawn for it is drawn by this key, and `diff` matches rows by it.
   */
  readonly key: string;
  /** The name that its creator gave it inside the simulation, or null; never part of the API. */
  readonly label: string | null;
  /** Virtual time, ms since the epoch. */
  readonly createdAt: number;
  /** When a field last changed, in virtual ms since the epoch. */
  readonly updatedAt: number;
}

/** The birth of a row. */
export interface Counted {
  /** What its account counts it under, where a number tells it from others of its kind; null elsewhere. */
  readonly counted: string | null;
}

/** A row that has a lifecycle. */
export interface Living extends Owned {
  /** What is under way; null while it rests. */
  readonly work: Work | null;
  /** Tasks started so far: the sequence that keys this row's random draws. */
  readonly tasksStarted: number;
  /** What the last operation failed with, or null. */
  readonly lastError: OperationError | null;
}

/** One managed database: a stand-alone instance, a source, or a replica; perhaps a member of an HA group. */
export interface Instance extends Living {
  /** Given by its user, who may change it; names need not be unique. */
  readonly name: string;
  /** State of its lifecycle: finer than the status, one of the machine's. */
  readonly state: InstanceState;
  /** As the API spells it. */
  readonly status: InstanceStatus;
  readonly flavorId: string;
  /** Size of the volume, in GB. */
  readonly volumeGb: number;
  /** Data on the volume, in GB. */
  readonly usedGb: number;
  /** `mysql`, `percona` or `mariadb`, with the documented catalog. */
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** The source this replica follows, or null. */
  readonly sourceId: string | null;
  /** The replicas that follow this source, in order of creation. */
  readonly replicaIds: readonly string[];
  /** The HA group that it is a member of, or null. */
  readonly groupId: string | null;
  /** Its backup schedule, or null. Members of a group have none: it is the group's. */
  readonly scheduleId: string | null;
  /** The backup that is being taken of it, hidden ones included; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached, or null for the default one. */
  readonly configurationId: string | null;
  /** What was written here; null until somebody says what users write, and for replicas. */
  readonly log: ReplicationLog | null;
  /** How far this replica is; null while nothing is written on its source and nothing is wrong with the line. */
  readonly link: ReplicationLink | null;
  readonly databases: readonly Database[];
  readonly users: readonly DatabaseUser[];
}

/** A network that an HA group is reached through. */
export type Network = "public" | "servicenet";

/** How a replica's acknowledgement relates to a commit on the source. */
export type ReplicationMode = "asynchronous" | "semi-synchronous";

/** One line of a group's failover log (§3.8 item 10). */
export interface Failover {
  readonly id: string;
  readonly groupId: string;
  /** After a failover that nobody forced, this instance is deleted: soon nobody knows its id. */
  readonly oldSourceId: string;
  /** The replica that was promoted. */
  readonly newSourceId: string;
  /** Virtual time of the promotion, ms since the epoch. */
  readonly at: number;
  /** Whether an operator asked for it, so that the old source stayed as a replica (H14). */
  readonly isForced: boolean;
}

/** A replica that a new group will have. */
export interface ReplicaToCome {
  /** Null takes the id. */
  readonly name: string | null;
  readonly label: string | null;
}

/** A replication set under automatic failover. */
export interface HaGroup extends Living {
  readonly name: string;
  /** State of its lifecycle: finer than the status, one of the machine's. */
  readonly state: HaGroupState;
  /** As the API spells it. */
  readonly status: HaGroupStatus;
  /** The flavor of every member. */
  readonly flavorId: string;
  /** Size of every member's volume, in GB. */
  readonly volumeGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** While a failover is under way, the source that is lost. Null only where a group was never formed, or is deleted. */
  readonly sourceId: string | null;
  /** Members that are replicas, in order of membership. */
  readonly replicaIds: readonly string[];
  /** Replicas that are still to be built, as soon as there is a source. */
  readonly pendingReplicaNames: readonly ReplicaToCome[];
  /** `servicenet` is always among them. */
  readonly networks: readonly Network[];
  /** Allowed IPv4 ranges in CIDR form. Nothing listed means nothing allowed. */
  readonly acls: readonly string[];
  /** `semi-synchronous` once the group is ACTIVE (R71). */
  readonly replicationMode: ReplicationMode;
  /** The last 100 failovers, oldest first; the journal has all of them. */
  readonly failovers: readonly Failover[];
  /** Its backup schedule, or null. */
  readonly scheduleId: string | null;
  /** The backup that is being taken of it; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached to every member, or null for the default one. */
  readonly configurationId: string | null;
}

/** What a backup schedule or a backup belongs to: the API says `instance` or `ha`. */
export type OwnerKind = "instance" | "ha";

/** An automated backup: when, whose, how long kept. */
export interface BackupSchedule extends Owned {
  readonly ownerKind: OwnerKind;
  /** The instance or the HA group that is backed up. */
  readonly ownerId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek: number;
  /** UTC. */
  readonly hour: number;
  /** UTC. */
  readonly minute: number;
  /** Full backups that are kept; older ones are deleted with what adds to them. */
  readonly fullBackupRetention: number;
  /** Regions that get a copy, sorted; null when none was asked for. */
  readonly copyTo: readonly string[] | null;
  /** Virtual time of the next backup, ms since the epoch. */
  readonly nextRunAt: number;
  /** When it last ran, in virtual ms since the epoch; null before its first time. */
  readonly lastScheduledAt: number | null;
  /** Order among things due at the same moment. */
  readonly seq: number;
  /** Number of the journal line that made it or last moved its hour. */
  readonly cause: number;
}

/** A copy of the data of an instance or a group at one moment. Outlives what it was taken of. */
export interface Backup extends Living {
  readonly name: string;
  readonly description: string | null;
  /** State of its lifecycle: finer than the status, one of the machine's. */
  readonly state: BackupState;
  /** As the API spells it. */
  readonly status: BackupStatus;
  readonly ownerKind: OwnerKind;
  /** The instance or the HA group that it is taken of; it may be gone. */
  readonly ownerId: string;
  /** The instance that it is read from: for a group, its freshest replica. */
  readonly instanceId: string;
  /** The backup that this one adds to; null for a full one. */
  readonly parentId: string | null;
  /** The schedule that asked for it, or null. */
  readonly scheduleId: string | null;
  /** Taken behind the scenes for the replica with this id; no listing ever shows it (R22). */
  readonly hiddenForReplicaId: string | null;
  /** GB; null until it is completed. */
  readonly sizeGb: number | null;
  /** Data of the source when it was completed, in GB: what a restored instance starts with. */
  readonly dataGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** The flavor of what it was taken of. */
  readonly flavorId: string;
  /** Size of the volume of what it was taken of, in GB. */
  readonly volumeGb: number;
  /** What a restored instance has again. */
  readonly databases: readonly Database[];
  /** Users of these databases, without their passwords. */
  readonly users: readonly DatabaseUser[];
}

/** A set of parameters of a datastore version. */
export interface Configuration extends Owned {
  readonly name: string;
  readonly description: string | null;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** Parameter by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** A size of machine. */
export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly ramMb: number;
}

/** A version of a datastore, and what the service can do with it. */
export interface DatastoreVersion {
  /** In lower case. */
  readonly type: string;
  readonly version: string;
  /** A UUID, as the API's listings of datastores have it. */
  readonly versionId: string;
  /** Whether instances of it can have replicas. */
  readonly replication: boolean;
  /** Whether sets of it can become HA groups. */
  readonly ha: boolean;
  /** Deprecated versions refuse new instances, but take replicas. */
  readonly deprecated: boolean;
  /** The flavors that it runs on. */
  readonly flavorIds: readonly string[];
}

/** Kinds of entities that have a lifecycle. */
export type EntityKind = "instance" | "group" | "backup";
