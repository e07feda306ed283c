import type { TaskKind } from "../lifecycle/tasks.js";

/**
 * Keys of a latency profile: every kind of task, the build of a replica, which includes a backup, the additional time
 * per GB of copied data, and the lags of replicas.
 */
export type LatencyKey =
  | TaskKind
  | "buildReplica"
  | "startMemberBuild"
  | "leaveGroup"
  | "backupPerGb"
  | "restorePerGb"
  | "buildReplicaPerGb"
  | "receiveLag"
  | "applyLag"
  | "acknowledgementTimeout";

/** Tasks that copy data; they take this much longer for each GB above the first. */
export type CopyKey = Extract<LatencyKey, `${string}PerGb`>;

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

/** Position of a row in the order of creation of its kind, from 0; never reused. */
export interface Place {
  /** In the whole world; used for look-up. Callers see `accountOrdinal` here. */
  readonly ordinal: number;
  /** In its account; what its callers see as `ordinal`. */
  readonly accountOrdinal: number;
}

/** A row that belongs to an account. */
export interface AccountRow {
  /** Position in the order of creation of its kind in the world, from 0; callers see `accountOrdinal` here. */
  readonly ordinal: number;
  /** Position in the order of creation of its kind in its account, from 0; never reused. */
  readonly accountOrdinal: number;
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
export interface LifecycleRow extends AccountRow {
  /** Running task; null at rest. */
  readonly work: Work | null;
  /** Number of tasks started so far: the sequence number of this row's random draws. */
  readonly tasksStarted: number;
  /** Error of the last operation, or null. */
  readonly lastError: OperationError | null;
}

/** What a due item belongs to: the work of an entity, a schedule, an acknowledgement timeout, or a fault. */
export type DueItemOwner =
  | "instance"
  | "group"
  | "backup"
  | "schedule"
  | "acknowledgement"
  | "fault";
