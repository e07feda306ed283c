import { copyOfLog } from "./copyStream.js";
import type { LogPosition, LogSegment, ReplicationLog, Workload } from "./dataPlane.model.js";
import { piecesFrom, writtenAt } from "./logs.js";

/** No client writes. */
export const noWorkload: Workload = { transactionsPerSecond: 0, bytesPerTransaction: 0 };

/** Adds two workloads: the sum of their rates, and the mean size of their transactions. */
export function addWorkloads(one: Workload, other: Workload): Workload {
  const rate = one.transactionsPerSecond + other.transactionsPerSecond;
  if (rate === 0) return noWorkload;
  const bytes =
    one.transactionsPerSecond * one.bytesPerTransaction +
    other.transactionsPerSecond * other.bytesPerTransaction;
  return { transactionsPerSecond: rate, bytesPerTransaction: Math.round(bytes / rate) };
}

/** Returns a log that starts at a position. Its clients wait since `since` until they can write. */
export function newLog({
  now,
  position,
  workload,
  since,
  history = [],
  replaced,
  origin = null,
}: {
  readonly now: number;
  readonly position: LogPosition;
  readonly workload: Workload;
  readonly since: number;
  /** Older writes that replicas still have to read, all before `now`. Default none. */
  readonly history?: readonly LogSegment[];
  /** The source that it replaces, and what was lost with it. `WritesResumed` reports both. */
  readonly replaced?: Pick<ReplicationLog, "replacedId" | "lostTransactions">;
  /** The log that it continues. Default none. */
  readonly origin?: ReplicationLog["origin"];
}): ReplicationLog {
  const isWaitedFor = workload.transactionsPerSecond > 0;
  // Without waiting clients no `WritesResumed` follows that would report it.
  const { replacedId = null, lostTransactions = 0 } = isWaitedFor ? (replaced ?? {}) : {};
  return {
    workload,
    pieces: [
      ...history.filter(({ at }) => at < now),
      {
        at: now,
        transactions: position.transactions,
        bytes: position.bytes,
        transactionsPerSecond: 0,
        bytesPerTransaction: 0,
      },
    ],
    interruptedAt: isWaitedFor ? since : null,
    stalledSince: null,
    resumedAt: now,
    lostTransactions,
    replacedId,
    origin,
    abandonedTransactions: 0,
    semiSynchrony: null,
  };
}

/** Returns the pieces of a log from a moment on, as if nothing was written after another one. */
export function piecesUntil(
  pieces: readonly LogSegment[],
  { oldest, end }: { readonly oldest: number; readonly end: number },
): readonly LogSegment[] {
  const kept = piecesFrom(pieces, oldest).filter(({ at }) => at < end);
  return [...kept, { at: end, ...writtenAt({ pieces }, end), ...noWorkload }];
}

/** What a log needs to drop parts that no reader needs any more. */
export interface LogTruncation {
  readonly now: number;
  /** Position that all readers have read up to. */
  readonly oldest: number;
}

/** Returns the log with another workload, which starts as soon as the clients can write. */
export function withWorkload(
  log: ReplicationLog,
  workload: Workload,
  turn: LogTruncation & { readonly serves: boolean },
): ReplicationLog {
  const isWriting = workload.transactionsPerSecond === 0 || turn.serves;
  const interruptedAt = isWriting ? null : (log.interruptedAt ?? turn.now);
  const next = copyOfLog(log);
  next.workload = workload;
  next.interruptedAt = interruptedAt;
  return turned(next, turn);
}

/** Returns the log with its writes interrupted. */
export function withWritesInterrupted(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  const next = copyOfLog(log);
  next.interruptedAt = turn.now;
  return turned(next, turn);
}

/** Returns the log with its writes resumed. */
export function withWritesResumed(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  const next = copyOfLog(log);
  next.interruptedAt = null;
  next.resumedAt = turn.now;
  next.lostTransactions = 0;
  next.replacedId = null;
  return turned(next, turn);
}

/** A log whose commits wait since a moment though the source answers; null where they come back. */
export function withStall(log: ReplicationLog, stalledSince: number | null): ReplicationLog {
  const next = copyOfLog(log);
  next.stalledSince = stalledSince;
  return next;
}

/** Starts a new segment now, at the current rate. */
function turned(log: ReplicationLog, { now, oldest }: LogTruncation): ReplicationLog {
  const { workload, interruptedAt, pieces } = log;
  const rate = interruptedAt === null ? workload : noWorkload;
  const kept = piecesFrom(pieces, Math.min(now, oldest)).filter(({ at }) => at < now);
  const { transactions, bytes } = writtenAt(log, now);
  const { transactionsPerSecond, bytesPerTransaction } = rate;
  const next = copyOfLog(log);
  next.pieces = [
    ...kept,
    { at: now, transactions, bytes, transactionsPerSecond, bytesPerTransaction },
  ];
  return next;
}
