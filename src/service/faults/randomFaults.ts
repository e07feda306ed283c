import { type Birth, birthOf } from "../../kernel/lineage.js";
import { instanceOf } from "../../kernel/queries.js";
import { quickDurationOf } from "../../kernel/quickDuration.js";
import type { Transaction } from "../../kernel/transaction.js";
import { placeOfTarget } from "../../model/randomPlaces.js";
import type { Instance } from "../instances/instance.model.js";
import type { PlaceInput } from "../placement/placement.model.js";
import {
  correlatedFaultOn,
  type Fault,
  type FaultClock,
  type FaultOf,
  type InjectedFault,
  randomFaultOn,
} from "./fault.model.js";
import { candidatesAmong, targetsOf } from "./randomTargets.js";

/** A fault that a random fault injects, and the time until its repair. */
export interface RandomActivation {
  readonly fault: Fault;
  readonly birth: Birth;
  readonly repair: FaultClock;
  /** The clock of the place that is struck, or null. */
  readonly partOf: string | null;
}

/** Handles the expired clock of an instance or a place: it fails, and the clock gets a new draw. */
export function activateByClock(
  moment: Transaction,
  row: InjectedFault,
  fault: FaultOf<"random">,
): RandomActivation | undefined {
  const { target } = fault;
  const id = target !== "all" && "instanceId" in target ? target.instanceId : "";
  const victim = instanceOf(moment.context.topology, { accountId: row.accountId, id });
  const place = placeOfTarget(target);
  const clock = drawnClock(moment, row, { fault, activations: row.activations + 1, since: null });
  activated(moment, row, { clock, skipped: null });
  if (place !== undefined) return activateOn(moment, row, { fault, victim: undefined, place });
  return victim && activateOn(moment, row, { fault, victim });
}

/**
 * Handles an event of a random fault of a population: strikes one of the instances that can fail now, all equally
 * likely, or the one that the caller chose.
 */
export function activateAmong(
  moment: Transaction,
  row: InjectedFault,
  {
    fault,
    victimId,
  }: { readonly fault: FaultOf<"randomAmong">; readonly victimId: string | undefined },
): RandomActivation | undefined {
  const targets = targetsOf(row, fault, moment.context.topology);
  const candidates = candidatesAmong(targets, fault, moment.context);
  const victim =
    victimId === undefined
      ? highest(moment, row, candidates)
      : candidates.find(({ id }) => id === victimId);
  const since = moment.now;
  const clock = drawnClock(moment, row, { fault, activations: row.activations + 1, since });
  const skipped =
    victim === undefined ? `none of ${String(targets.length)} instances can be struck` : null;
  activated(moment, row, { clock, skipped });
  return victim && activateOn(moment, row, { fault, victim });
}

/** Returns a clock for the next failure of a row, at least 1 ms ahead. */
export function drawnClock(
  { context: { chance } }: Transaction,
  { key }: Pick<InjectedFault, "key">,
  {
    fault,
    activations: sequence,
    since,
  }: {
    readonly fault: FaultOf<"random"> | FaultOf<"randomAmong">;
    readonly activations: number;
    readonly since: number | null;
  },
): FaultClock {
  const distribution = untilFailure(fault);
  const draw = chance.draw({ purpose: "timeToFailure", key, sequence });
  return {
    distribution,
    since,
    ranMs: 0,
    totalMs: Math.max(1, quickDurationOf(distribution, draw)),
  };
}

/** Returns the distribution that the clocks of a random fault are drawn from. */
function untilFailure(
  fault: FaultOf<"random"> | FaultOf<"randomAmong">,
): FaultClock["distribution"] {
  return fault.kind === "random" ? fault.timeToFailure : fault.timeBetweenFailures;
}

/** Returns when a running clock expires, or when its random fault ends if that is earlier. */
export function dueAtOf(clock: FaultClock, endsAt: number | null): number | null {
  if (clock.since === null) return endsAt;
  const next = clock.since + clock.totalMs - clock.ranMs;
  return endsAt === null ? next : Math.min(next, endsAt);
}

function activated(
  moment: Transaction,
  row: InjectedFault,
  { clock, skipped }: { readonly clock: FaultClock; readonly skipped: string | null },
): void {
  const { phase, endsAt, targetOrdinal, remaining, activations } = row;
  const dueAt = dueAtOf(clock, endsAt);
  moment.emit({
    type: "FaultActivated",
    id: row.id,
    row: row.ordinal,
    changes: {
      phase,
      dueAt,
      seq: dueAt === null ? null : moment.takeSeq(),
      endsAt,
      targetOrdinal,
      activations: activations + 1,
      clock,
      remaining,
    },
    skipped,
  });
}

function activateOn(
  moment: Transaction,
  { id, key: processKey, activations }: InjectedFault,
  {
    fault: { fault: kind, timeToRepair: distribution },
    victim,
    place,
  }: {
    readonly fault: FaultOf<"random"> | FaultOf<"randomAmong">;
    readonly victim: Instance | undefined;
    readonly place?: PlaceInput;
  },
): RandomActivation {
  const birth = birthOf(processKey, "strike", activations);
  const draw = moment.context.chance.draw({
    purpose: "timeToRepair",
    key: birth.key,
    sequence: 0,
  });
  const durationMs = quickDurationOf(distribution, draw);
  const repair = { distribution, since: moment.now, ranMs: 0, totalMs: durationMs };
  if (victim !== undefined) {
    const fault = randomFaultOn(kind, { id: victim.id, durationMs });
    return { fault, birth, repair, partOf: null };
  }
  const fault = correlatedFaultOn(kind, { ...place, durationMs });
  return { fault, birth, repair, partOf: id };
}

/**
 * Returns one of the candidates, all equally likely: the one whose hash with this event is the highest (rendezvous
 * hashing). An additional candidate takes its share of the events and changes no other assignment.
 */
function highest(
  { context }: Transaction,
  { key, activations: sequence }: InjectedFault,
  candidates: readonly Instance[],
): Instance | undefined {
  let best: Instance | undefined;
  let height = -1;
  for (const candidate of candidates) {
    const rank = context.chance.rank({ purpose: "victim", key, sequence }, candidate.key);
    const isHigher =
      rank === height && best !== undefined ? candidate.key > best.key : rank > height;
    if (!isHigher) continue;
    best = candidate;
    height = rank;
  }
  return best;
}
