/** What the clients of a database write while they can. */
export type Workload = ReplicationLog["workload"];

/**
 * A position in the log of a source, counted from its start: whole transactions, and their bytes. Neither exceeds
 * 9,007,199,254,740,991, which takes thousands of years.
 */
export interface LogPosition {
  /** Transactions since the start of the log. */
  readonly transactions: number;
  /** Bytes since the start of the log. */
  readonly bytes: number;
}

/** A segment of a log: from `at` on it grows from this position at this rate, until the next segment starts. */
export type LogSegment = ReplicationLog["pieces"][number];

/**
 * Whether a commit waits for a replica. `on`: it does. `degraded`: no replica acknowledged in time, so commits do not
 * wait until one has caught up.
 */
export type SemiSyncState = NonNullable<ReplicationLog["semiSynchrony"]>;

/** A due item that is not a task: data in the row, not a timer. */
export type ScheduledTransition = NonNullable<NonNullable<ReplicationLog["semiSynchrony"]>["due"]>;

/** The log of an instance that accepts writes. It grows by itself: positions are functions of time. */
export interface ReplicationLog {
  /** What clients write while they can. */
  readonly workload: {
    /** Acknowledged transactions per second; 0 if no client writes. */
    readonly transactionsPerSecond: number;
    /** Bytes that one transaction adds to the log. */
    readonly bytesPerTransaction: number;
  };
  /** Oldest first, as far back as a replica still has to read. Never empty. */
  readonly pieces: readonly (LogPosition &
    ReplicationLog["workload"] & {
      /** Virtual time, ms since the epoch. */
      readonly at: number;
    })[];
  /** Since when no client can write, in ms since the epoch; null while clients can. */
  readonly interruptedAt: number | null;
  /**
   * Since when commits wait although the source is available, because none of its replicas receives, in ms since the
   * epoch; null while they return.
   */
  readonly stalledSince: number | null;
  /** Since when clients can write again, or last could. */
  readonly resumedAt: number;
  /** Acknowledged transactions that were lost in its promotion; reported when writes resume. */
  readonly lostTransactions: number;
  /** The source whose clients moved here, until writes resume. */
  readonly replacedId: string | null;
  /** The log that this one continues, and how much of it is here; null for a log that began empty. */
  readonly origin: {
    readonly instanceId: string;
    /** Transactions that both logs have. */
    readonly transactions: number;
  } | null;
  /** Transactions of this log whose loss was counted, because its clients moved to an instance without them. */
  readonly abandonedTransactions: number;
  /** Null while replication is asynchronous. */
  readonly semiSynchrony: {
    readonly status: "on" | "degraded";
    /** While on: everything written until this time is acknowledged, in ms since the epoch. */
    readonly acknowledged: number;
    /** While degraded: the time from which commits wait again for a replica that has caught up; null while none has. */
    readonly waitsFrom: number | null;
    /** When the status changes by itself; null when it does not. */
    readonly due: {
      /** Virtual time, ms since the epoch. */
      readonly dueAt: number;
      /** Order among items due at the same time; unique in a world. */
      readonly seq: number;
      /** Number of the journal entry that made it due. */
      readonly cause: number;
    } | null;
  } | null;
}

/**
 * The connection between a replica and its source. `slow` with a factor: it transfers in `factor` ms what was written
 * in one, so that the lag grows. `slow` with `extraLagMs`: the lag is larger by that.
 */
export type LinkCondition = ReplicationLink["condition"];

/** An error as `SHOW SLAVE STATUS` shows it. */
export type ReplicationFailure = NonNullable<ReplicationLink["failure"]>;

/**
 * Progress of a replica, as times: everything that its source wrote until `received` was received, everything until
 * `applied` was applied. Valid at `at`; a function of time from there.
 */
export interface ReplicationLink {
  readonly sourceId: string;
  /** Condition set by faults. */
  readonly condition:
    | { readonly condition: "normal" }
    | { readonly condition: "slow"; readonly factor?: number; readonly extraLagMs?: number }
    | { readonly condition: "cut" };
  /** The error that stopped replication on this replica, or null. */
  readonly failure: {
    /** The database's error number. */
    readonly code: number;
    readonly message: string;
  } | null;
  /** From a write on the source to its receipt, in ms, under normal conditions. */
  readonly lagMs: number;
  /** From its receipt until it is applied, in ms. */
  readonly applyMs: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  /** Everything written on the source until this time is received. */
  readonly received: number;
  /** Everything written on the source until this time is applied. */
  readonly applied: number;
  /** Whether it keeps receiving. */
  readonly receives: boolean;
  /** Whether it keeps applying. */
  readonly applies: boolean;
}
