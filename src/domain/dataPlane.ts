/** What the users of a database write, whenever they can. */
export interface Workload {
  /** Acknowledged transactions; 0 where nobody writes. */
  readonly transactionsPerSecond: number;
  /** What one adds to the log. */
  readonly bytesPerTransaction: number;
}

/**
 * A place in the log of a source, counted from its beginning: whole transactions, and their bytes. Neither grows beyond
 * 9,007,199,254,740,991, which takes thousands of years.
 */
export interface LogPosition {
  /** Transactions from the beginning of the log. */
  readonly transactions: number;
  /** Bytes from the beginning of the log. */
  readonly bytes: number;
}

/** From `at` on a log grows from this position at this rate, until the next piece begins. */
export interface LogSegment extends LogPosition, Workload {
  /** Virtual time, ms since the epoch. */
  readonly at: number;
}

/**
 * Whether a commit waits for a replica. `on`: it does. `degraded`: none acknowledged in time, so that it waits no more
 * until one has caught up.
 */
export interface SemiSyncState {
  readonly status: "on" | "degraded";
  /** While on: at least what was written until this moment is acknowledged, in ms since the epoch. */
  readonly acknowledged: number;
  /** While degraded: from this moment on commits wait again, for a replica that has caught up; null while none has. */
  readonly waitsFrom: number | null;
  /** When the status changes by itself; null when it does not as things are. */
  readonly due: ScheduledTransition | null;
}

/** Something due that is no work: data in the row, not a timer. */
export interface ScheduledTransition {
  /** Virtual time, ms since the epoch. */
  readonly dueAt: number;
  /** Order among things due at the same moment; unique in a world. */
  readonly seq: number;
  /** Number of the journal line that made it due. */
  readonly cause: number;
}

/** What an instance that takes writes has written. Grows by itself: positions are functions of the time. */
export interface ReplicationLog {
  /** What users write whenever they can. */
  readonly workload: Workload;
  /** Oldest first, as far back as a replica still has to read. Never empty. */
  readonly pieces: readonly LogSegment[];
  /** Since when nobody can write, in ms since the epoch; null while users can. */
  readonly interruptedAt: number | null;
  /**
   * Since when commits wait though the source answers, as none of its replicas receives, in ms since the epoch; null
   * while they come back.
   */
  readonly stalledSince: number | null;
  /** Since when users can write again, or could last. */
  readonly resumedAt: number;
  /** Acknowledged transactions that were lost when it took over; told when writes resume. */
  readonly lostTransactions: number;
  /** The source whose users came here, until writes resume. */
  readonly replacedId: string | null;
  /** Null while replication is asynchronous. */
  readonly semiSynchrony: SemiSyncState | null;
}

/**
 * The line between a replica and its source. Slow by a factor: it carries in `factor` ms what was written in one, so
 * that the lag grows. Slow by `extraLagMs`: the lag is larger by that.
 */
export type LinkCondition =
  | { readonly condition: "normal" }
  | { readonly condition: "slow"; readonly factor?: number; readonly extraLagMs?: number }
  | { readonly condition: "cut" };

/** An error as `SHOW SLAVE STATUS` shows it. */
export interface ReplicationFailure {
  /** The database's error number. */
  readonly code: number;
  readonly message: string;
}

/**
 * How far a replica is, said in time: everything that its source had written until `received` was received, everything
 * until `applied` was applied. True at the moment `at`; a function of the time from there.
 */
export interface ReplicationLink {
  readonly sourceId: string;
  /** What was done to the line from outside. */
  readonly condition: LinkCondition;
  /** What replication broke with on this replica, or null. */
  readonly failure: ReplicationFailure | null;
  /** From a write on the source to its receipt, in ms, when nothing is wrong. */
  readonly lagMs: number;
  /** From there until it is applied. */
  readonly applyMs: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  /** Written on the source until this moment, and received. */
  readonly received: number;
  /** Written on the source until this moment, and applied. */
  readonly applied: number;
  /** Whether more is received as time goes on. */
  readonly receives: boolean;
  /** Whether more is applied as time goes on. */
  readonly applies: boolean;
}
