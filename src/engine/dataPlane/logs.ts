import type { LogPosition, ReplicationLog, Workload } from "../../domain/dataPlane.js";
import { piecesFrom, writtenAt } from "../../topology/logs.js";

/** Nobody writes. */
export const noWorkload: Workload = { transactionsPerSecond: 0, bytesPerTransaction: 0 };

/** The clients of two workloads: as many transactions as both, of their mean size. */
export function addWorkloads(one: Workload, other: Workload): Workload {
  const rate = one.transactionsPerSecond + other.transactionsPerSecond;
  if (rate === 0) return noWorkload;
  const bytes =
    one.transactionsPerSecond * one.bytesPerTransaction +
    other.transactionsPerSecond * other.bytesPerTransaction;
  return { transactionsPerSecond: rate, bytesPerTransaction: Math.round(bytes / rate) };
}

/** A log that begins at a position; its users wait, since `since`, until they can write. */
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

/** What a log needs to forget what nobody reads any more. */
export interface LogTruncation {
  readonly now: number;
  /** Until when the last of its readers has read it. */
  readonly oldest: number;
}

/** The log of an instance whose users write otherwise from now on, as soon as they can. */
export function withWorkload(
  log: ReplicationLog,
  workload: Workload,
  turn: LogTruncation & { readonly serves: boolean },
): ReplicationLog {
  const isWriting = workload.transactionsPerSecond === 0 || turn.serves;
  const interruptedAt = isWriting ? null : (log.interruptedAt ?? turn.now);
  return turned({ ...log, workload, interruptedAt }, turn);
}

/** From now on nobody can write. */
export function withWritesInterrupted(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  return turned({ ...log, interruptedAt: turn.now }, turn);
}

/** From now on users can write again. */
export function withWritesResumed(log: ReplicationLog, turn: LogTruncation): ReplicationLog {
  return turned(
    { ...log, interruptedAt: null, resumedAt: turn.now, lostTransactions: 0, replacedId: null },
    turn,
  );
}

/** A piece begins now, at the rate that holds now. */
function turned(log: ReplicationLog, { now, oldest }: LogTruncation): ReplicationLog {
  const { workload, interruptedAt, pieces } = log;
  const rate = interruptedAt === null ? workload : noWorkload;
  const kept = piecesFrom(pieces, Math.min(now, oldest)).filter(({ at }) => at < now);
  return { ...log, pieces: [...kept, { at: now, ...writtenAt(log, now), ...rate }] };
}
