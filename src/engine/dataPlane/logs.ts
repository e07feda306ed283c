import type { LogPosition, ReplicationLog, Workload } from "../../domain/dataPlane.js";
import { piecesFrom, writtenAt } from "../../topology/logs.js";

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
}: {
  readonly now: number;
  readonly position: LogPosition;
  readonly workload: Workload;
  readonly since: number;
}): ReplicationLog {
  return {
    workload,
    pieces: [{ at: now, ...position, ...noWorkload }],
    interruptedAt: workload.transactionsPerSecond === 0 ? null : since,
    stalledSince: null,
    resumedAt: now,
    lostTransactions: 0,
    replacedId: null,
    semiSynchrony: null,
  };
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
  return turned({ ...log, workload, interruptedAt }, turn);
}

/** Returns the log with its writes interrupted. */
export function withWritesInterrupted(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  return turned({ ...log, interruptedAt: turn.now }, turn);
}

/** Returns the log with its writes resumed. */
export function withWritesResumed(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  return turned(
    { ...log, interruptedAt: null, resumedAt: turn.now, lostTransactions: 0, replacedId: null },
    turn,
  );
}

/** Starts a new segment now, at the current rate. */
function turned(log: ReplicationLog, { now, oldest }: LogTruncation): ReplicationLog {
  const { workload, interruptedAt, pieces } = log;
  const rate = interruptedAt === null ? workload : noWorkload;
  const kept = piecesFrom(pieces, Math.min(now, oldest)).filter(({ at }) => at < now);
  return { ...log, pieces: [...kept, { at: now, ...writtenAt(log, now), ...rate }] };
}
