import type { DueItem } from "../kernel/eventQueue.js";
import type { LatencyProfile } from "../kernel/latency.js";
import type { LifecycleTables } from "../lifecycle/compile.js";
import type { Distribution } from "../model/distributions.js";
import { InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import type { Topology } from "../model/topology.js";
import { candidatesOf } from "../service/faults/randomTargets.js";
import { type PendingTask, pendingTask } from "./pending.js";

/**
 * Something that can happen next if durations are unknown: a task that ends, a fault that becomes active or is
 * repaired.
 */
export interface Choice extends PendingTask {
  /** Target of a random fault of a population; null for everything else. */
  readonly victimId: string | null;
  /** Number of equally likely choices that share one clock with this one. */
  readonly outOf: number;
  /** Distribution of the duration, without jitter; null for a given time. */
  readonly distribution: Distribution | null;
  /** Factor of the duration. */
  readonly factor: number;
}

/** Input of choices. */
export interface ChoiceContext {
  readonly topology: Topology;
  readonly lifecycle: LifecycleTables;
  readonly latency: LatencyProfile;
}

/**
 * Returns one choice for each due item, independent of its time, and one for each possible target of a random fault of
 * a population.
 */
export function choicesOf(pending: readonly DueItem[], context: ChoiceContext): readonly Choice[] {
  return pending.flatMap((due): readonly Choice[] => {
    const choice = {
      ...pendingTask(due),
      victimId: null,
      outOf: 1,
      ...durationOf(due, context.latency),
    };
    if (due.owner !== "fault" || due.row.fault.kind !== "randomAmong") return [choice];
    const { phase, fault } = due.row;
    if (phase !== "recurring") return [choice];
    const victims = candidatesOf(due.row, fault, context);
    if (victims.length === 0) return [choice];
    const outOf = victims.length;
    return victims.map(({ id: victimId }) => ({ ...choice, victimId, outOf }));
  });
}

function durationOf(
  due: DueItem,
  latency: LatencyProfile,
): Pick<Choice, "distribution" | "factor"> {
  switch (due.owner) {
    case "schedule":
    case "acknowledgement":
      return { distribution: null, factor: 1 };
    case "fault":
      return { distribution: due.row.clock?.distribution ?? null, factor: 1 };
    default: {
      const { work } = due.row;
      if (work === null) return { distribution: null, factor: 1 };
      return { distribution: latency[work.latency], factor: work.factor };
    }
  }
}

/** Returns the due item of a choice. */
export function findChoice(
  choice: unknown,
  { pending, context }: { readonly pending: readonly DueItem[]; readonly context: ChoiceContext },
): { readonly due: DueItem; readonly victimId: string | undefined } {
  const given = isRecord(choice) ? choice : {};
  const due = pending.find(
    ({ owner, row, seq }) =>
      owner === given["kind"] && row.id === given["id"] && seq === given["seq"],
  );
  const victimId = given["victimId"] ?? null;
  const isKnown =
    due !== undefined &&
    choicesOf([due], context).some((candidate) => candidate.victimId === victimId);
  if (!isKnown) {
    const expected = "one of the choices that there are now: call choices() again";
    throw new InvalidInputError([{ field: "choice", value: choice, expected, rule: "choice" }]);
  }
  return { due, victimId: typeof victimId === "string" ? victimId : undefined };
}

/** Returns the refusal of choices in a world with a journal, whose replay could not repeat them. */
export function journalOnError(): InvalidInputError {
  const expected =
    "a world without a journal, which could not be replayed: create the simulator with journal: false";
  return new InvalidInputError([
    { field: "settings.journal", value: true, expected, rule: "choice-without-journal" },
  ]);
}
