import { presentRows } from "../collections/table.js";
import { durationBeyond } from "../kernel/distribution.js";
import type { DrawKey } from "../kernel/keyedRandom.js";
import { jitterOf, type LatencyProfile, redrawDuration } from "../kernel/latency.js";
import { quickDurationOf } from "../kernel/quickDuration.js";
import type { Transaction } from "../kernel/transaction.js";
import type { LifecycleRow, Work } from "../model/rows.js";
import type { FaultClock, InjectedFault } from "./faults/fault.model.js";
import { dueAtOf } from "./faults/randomFaults.js";
import { runReactions } from "./reactions.js";
import { redrawLink } from "./replication/links.js";

/** A clock that is redrawn: a scheduled failure or a repair. */
export interface RedrawnClock {
  readonly row: InjectedFault;
  readonly clock: FaultClock;
  readonly isRepair: boolean;
  /** How long it has run, in ms. */
  readonly ageMs: number;
  /** The draw of 32 bits that decides. */
  readonly draw: number;
}

/**
 * Returns the remaining time of a clock in integer ms of at least 1, in place of its own law; undefined keeps the law.
 * Used for rare events, whose caller weights the outcome.
 */
export type RedrawProposal = (clock: RedrawnClock) => number | undefined;

/** How the pending draws were made. */
export interface RedrawOptions {
  readonly latency: LatencyProfile;
  readonly jitter: number;
  readonly proposal?: RedrawProposal | undefined;
}

/**
 * Redraws everything random that is pending, with the seed of the context: tasks, clocks of random faults and repairs,
 * each conditional on its age, and the lags of replicas. What is due at this very time stays.
 */
export function redraw(transaction: Transaction, options: RedrawOptions): void {
  const { topology } = transaction.context;
  for (const row of presentRows(topology.instances))
    redrawWork(transaction, "instance", row, options);
  for (const row of presentRows(topology.groups)) redrawWork(transaction, "group", row, options);
  for (const row of presentRows(topology.backups)) redrawWork(transaction, "backup", row, options);
  for (const row of presentRows(topology.faults)) redrawClock(transaction, row, options);
  for (const row of presentRows(topology.instances)) redrawLink(transaction, row, options);
  runReactions(transaction);
}

function redrawWork(
  transaction: Transaction,
  owner: "instance" | "group" | "backup",
  { id, ordinal: row, key, work, tasksStarted }: LifecycleRow,
  { latency, jitter }: RedrawOptions,
): void {
  const { now, context } = transaction;
  if (work === null || work.factor === 0 || work.dueAt <= now) return;
  const { startedAt, factor, task } = work;
  const draw = context.chance.redraw({ purpose: "duration", key, sequence: tasksStarted - 1 }, now);
  // The draw of slow work was made later than the work started.
  const ageMs = Math.max(0, Math.floor((now - startedAt) / factor));
  const ms = redrawDuration(latency[work.latency], { ageMs, draw, jitter: jitterOf(task, jitter) });
  const dueAt = Math.max(now + 1, startedAt + Math.round(ms * factor));
  if (dueAt === work.dueAt) return;
  const redrawn: Work = { ...work, dueAt, seq: transaction.takeSeq() };
  transaction.emit({ type: "WorkRedrawn", owner, id, row, work: redrawn });
}

function redrawClock(
  transaction: Transaction,
  row: InjectedFault,
  { proposal }: RedrawOptions,
): void {
  const { clock, phase, endsAt } = row;
  const { now, context } = transaction;
  if (clock === null) return;
  const { distribution, since, ranMs } = clock;
  const isRepair = phase !== "recurring";
  if (since !== null && since + clock.totalMs - ranMs <= now) return;
  const ageMs = ranMs + (since === null ? 0 : now - since);
  const key: DrawKey = isRepair
    ? { purpose: "timeToRepair", key: row.key, sequence: 0 }
    : { purpose: "timeToFailure", key: row.key, sequence: row.activations };
  const draw = context.chance.redraw(key, now);
  const proposed = proposal?.({ row, clock, isRepair, ageMs, draw });
  const totalMs =
    proposed === undefined ? totalBeyond(distribution, ageMs, draw) : ageMs + proposed;
  if (totalMs === clock.totalMs) return;
  const redrawn = { ...clock, totalMs };
  const ends = isRepair ? dueAtOf(redrawn, null) : endsAt;
  const dueAt = isRepair ? ends : dueAtOf(redrawn, ends);
  transaction.emit({
    type: "FaultClockChanged",
    id: row.id,
    row: row.ordinal,
    change: "redrawn",
    changes: {
      dueAt,
      seq: dueAt === null ? null : transaction.takeSeq(),
      endsAt: ends,
      clock: redrawn,
    },
  });
}

/**
 * Returns how long a clock of an age runs in total. A clock that has not run yet is drawn as when it was created: at least
 * 1 ms.
 */
export function totalBeyond(
  distribution: FaultClock["distribution"],
  ageMs: number,
  draw: number,
): number {
  return ageMs === 0
    ? Math.max(1, quickDurationOf(distribution, draw))
    : durationBeyond(distribution, { ageMs, draw });
}
