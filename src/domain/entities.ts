import type { ReplicationLink, ReplicationLog } from "./dataPlane.js";
import type { Rack, Zone } from "./placement.js";
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
 * Keys of a latency profile: every kind of task, the build of a replica, which includes a backup, the additional time
 * per GB of copied data, and the lags of replicas.
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

/** Tasks that copy data; they take this much longer for each GB above the first. */
export type CopyKey = "backupPerGb" | "restorePerGb" | "buildReplicaPerGb";

/**
 * A running task of an instance or a group: data in the row, not a timer. A row has at most one task, and has one
 * exactly when its lifecycle state requires it.
 */
export interface Work {
  readonly task: TaskKind;
  /** Virtual time at which it started, in ms since the epoch. */
  readonly startedAt: number;
  /** Key of its duration in the latency profile. */
  readonly latency: LatencyKey;
  /** Factor of the duration: 1 unless tasks were slow when it started. */
  readonly factor: number;
  /** Virtual time at which it ends, in ms since the epoch. */
  readonly dueAt: number;
  /** Order among tasks due at the same time; unique in a world. */
  readonly seq: number;
  /** Number of the journal entry that started it. */
  readonly cause: number;
  /**
   * What the task leads to, where the state alone does not define it: a flavor id, a size in GB, the id of a member.
   */
  readonly target: string | number | null;
}

/** Why an accepted operation failed; stays on the row until the next operation succeeds. */
export interface OperationError {
  /** The task that failed. */
  readonly task: TaskKind;
  /** Message for users. */
  readonly message: string;
  /** Virtual time, ms since the epoch. */
  readonly createdAt: number;
}

/** A database inside an instance. */
export type Database = Instance["databases"][number];

/** A user of the databases of an instance. The password is validated and not stored. */
export type DatabaseUser = Instance["users"][number];

/** Position of a row in the order of creation of its kind, from 0; never reused. */
export interface Place {
  /** In the whole world; used for look-up. Callers see `accountOrdinal` here. */
  readonly ordinal: number;
  /** In its account; what its callers see as `ordinal`. */
  readonly accountOrdinal: number;
}

/** A row that belongs to an account. */
export interface Owned extends Place {
  /** Drawn from the seed by its key; not visible to other accounts. */
  readonly id: string;
  readonly accountId: string;
  /**
   * Lineage key: 128 bits as hexadecimal digits, fixed at creation by its origin and independent of other rows. All
   * draws for the row use this key, and `diff` matches rows by it.
   */
  readonly key: string;
  /** The name that its creator gave it inside the simulation, or null; never part of the API. */
  readonly label: string | null;
  /** Virtual time, ms since the epoch. */
  readonly createdAt: number;
  /** When a field last changed, in virtual ms since the epoch. */
  readonly updatedAt: number;
}

/** Birth of a row. */
export interface Counted {
  /**
   * The counter of its account that numbers it, where a number distinguishes it from others of its kind; otherwise
   * null.
   */
  readonly counted: string | null;
}

/** A row with a lifecycle. */
export interface Living extends Owned {
  /** Running task; null at rest. */
  readonly work: Work | null;
  /** Number of tasks started so far: the sequence number of this row's random draws. */
  readonly tasksStarted: number;
  /** Error of the last operation, or null. */
  readonly lastError: OperationError | null;
}

/** One managed database: a stand-alone instance, a source, or a replica; possibly a member of an HA group. */
export interface Instance extends Living {
  /** Set by the user, who may change it; names need not be unique. */
  readonly name: string;
  /** Lifecycle state: more detailed than the status. */
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
  /** The running backup of it, hidden ones included; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached, or null for the default one. */
  readonly configurationId: string | null;
  /** Its log; null until a workload is set, and for replicas. */
  readonly log: ReplicationLog | null;
  /** The zone that it stands in: no part of the API, and the same for its whole life. */
  readonly zone: Zone;
  /** The rack that it stands in. */
  readonly rack: Rack;
  /**
   * The partition that cuts it off from the network, by its name, or null. Instances of one partition reach
   * each other. Replicas and monitors outside do not reach it, and its clients do.
   */
  readonly partitionId: string | null;
  /** Progress of this replica; null while its source has no log and the connection has no fault. */
  readonly link: ReplicationLink | null;
  readonly databases: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly collate: string;
  }[];
  readonly users: readonly {
    readonly name: string;
    /** IPv4 address, or `%` for any host. */
    readonly host: string;
    /** Names of the databases that the user may use. */
    readonly databases: readonly string[];
  }[];
}

/** A network that an HA group is reached through. */
export type Network = HaGroup["networks"][number];

/** Whether a commit on the source waits for the acknowledgement of a replica. */
export type ReplicationMode = HaGroup["replicationMode"];

/** One entry of a group's failover log (§3.8 item 10). */
export type Failover = HaGroup["failovers"][number];

/** A planned replica of a new group. */
export interface ReplicaToCome {
  /** Null uses the id. */
  readonly name: string | null;
  readonly label: string | null;
}

/** A replication set under automatic failover. */
export interface HaGroup extends Living {
  readonly name: string;
  /** Lifecycle state: more detailed than the status. */
  readonly state: HaGroupState;
  /** As the API spells it. */
  readonly status: HaGroupStatus;
  /** The flavor of every member. */
  readonly flavorId: string;
  /** Size of every member's volume, in GB. */
  readonly volumeGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** During a failover, the lost source. Null only if a group was never formed, or is being deleted. */
  readonly sourceId: string | null;
  /** Members that are replicas, in order of membership. */
  readonly replicaIds: readonly string[];
  /** Replicas that are built as soon as there is a source. */
  readonly pendingReplicaNames: readonly ReplicaToCome[];
  /** Always includes `servicenet`. */
  readonly networks: readonly ("public" | "servicenet")[];
  /** Allowed IPv4 ranges in CIDR form. An empty array allows none. */
  readonly acls: readonly string[];
  /** `semi-synchronous` once the group is ACTIVE (R71). */
  readonly replicationMode: "asynchronous" | "semi-synchronous";
  /** The last 100 failovers, oldest first; the journal has all of them. */
  readonly failovers: readonly {
    readonly id: string;
    readonly groupId: string;
    /** After an automatic failover this instance is deleted, so that its id soon becomes unknown. */
    readonly oldSourceId: string;
    /** The replica that was promoted. */
    readonly newSourceId: string;
    /** Virtual time of the promotion, ms since the epoch. */
    readonly at: number;
    /** Whether an operator requested it, so that the old source stayed as a replica (H14). */
    readonly isForced: boolean;
  }[];
  /** Its backup schedule, or null. */
  readonly scheduleId: string | null;
  /** The running backup of it; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached to every member, or null for the default one. */
  readonly configurationId: string | null;
}

/** What a backup schedule or a backup belongs to: the API says `instance` or `ha`. */
export type OwnerKind = BackupSchedule["ownerKind"];

/** An automated backup: its owner, times and retention. */
export interface BackupSchedule extends Owned {
  readonly ownerKind: "instance" | "ha";
  /** The instance or the HA group that is backed up. */
  readonly ownerId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek: number;
  /** UTC. */
  readonly hour: number;
  /** UTC. */
  readonly minute: number;
  /** Full backups to keep; older ones are deleted with the backups that are based on them. */
  readonly fullBackupRetention: number;
  /** Regions that get a copy, sorted; null when none was requested. */
  readonly copyTo: readonly string[] | null;
  /** Virtual time of the next backup, ms since the epoch. */
  readonly nextRunAt: number;
  /** Time of its last run, in virtual ms since the epoch; null before the first. */
  readonly lastScheduledAt: number | null;
  /** Order among items due at the same time. */
  readonly seq: number;
  /** Number of the journal entry that created it or last moved its run. */
  readonly cause: number;
}

/** A copy of the data of an instance or a group at one time. It remains when its owner is deleted. */
export interface Backup extends Living {
  readonly name: string;
  readonly description: string | null;
  /** Lifecycle state: more detailed than the status. */
  readonly state: BackupState;
  /** As the API spells it. */
  readonly status: BackupStatus;
  readonly ownerKind: "instance" | "ha";
  /** The instance or HA group of the backup; may be deleted. */
  readonly ownerId: string;
  /** The instance that it is read from: in a group, its most current replica. */
  readonly instanceId: string;
  /** The parent of an incremental backup; null for a full one. */
  readonly parentId: string | null;
  /** The schedule that created it, or null. */
  readonly scheduleId: string | null;
  /** Id of the replica that this hidden backup was taken for; no listing shows it (R22). Null for visible backups. */
  readonly hiddenForReplicaId: string | null;
  /** GB; null until it is completed. */
  readonly sizeGb: number | null;
  /** Data of its owner at completion, in GB: what a restored instance starts with. */
  readonly dataGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** Flavor of its owner. */
  readonly flavorId: string;
  /** Volume size of its owner, in GB. */
  readonly volumeGb: number;
  /** Databases of a restored instance. */
  readonly databases: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly collate: string;
  }[];
  /** Users of these databases, without their passwords. */
  readonly users: readonly {
    readonly name: string;
    /** IPv4 address, or `%` for any host. */
    readonly host: string;
    /** Names of the databases that the user may use. */
    readonly databases: readonly string[];
  }[];
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

/** A machine size. */
export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly ramMb: number;
}

/** A version of a datastore and its features. */
export interface DatastoreVersion {
  /** In lower case. */
  readonly type: string;
  readonly version: string;
  /** A UUID, as the API's listings of datastores have it. */
  readonly versionId: string;
  /** Whether instances of it can have replicas. */
  readonly replication: boolean;
  /** Whether its replication sets can become HA groups. */
  readonly ha: boolean;
  /** Deprecated versions refuse new instances, but allow replicas. */
  readonly deprecated: boolean;
  /** The flavors that it runs on. */
  readonly flavorIds: readonly string[];
}
