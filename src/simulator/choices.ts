import type { Distribution } from "../domain/distributions.js";
import { InvalidInputError } from "../domain/errors.js";
import { isRecord } from "../domain/plainData.js";
import type { DueItem } from "../engine/eventQueue.js";
import type { LatencyProfile } from "../engine/latency.js";
import { candidatesOf } from "../engine/randomTargets.js";
import type { LifecycleTables } from "../lifecycle/compile.js";
import type { Topology } from "../topology/state.js";
import { type PendingTask, pendingTask } from "./pending.js";

/** Something that can happen next, were durations unknown: work that ends, a fault that strikes or is repaired. */
export interface Choice extends PendingTask {
  /** Whom a process on a population strikes; null for everything else. */
  readonly victimId: string | null;
  /** Of so many choices that share one clock this is one, each as likely as the others. */
  readonly outOf: number;
  /** What the duration was drawn from, without jitter; null for what happens at a time that was given. */
  readonly distribution: Distribution | null;
  /** By what the duration is multiplied. */
  readonly factor: number;
}

/** What choices are made from. */
export interface ChoiceContext {
  readonly topology: Topology;
  readonly lifecycle: LifecycleTables;
  readonly latency: LatencyProfile;
}

/** Everything due, whenever it is due: one choice each, and one for each victim of a process on a population. */
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

/** Finds what a choice is about among what can happen now. */
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

/** Refuses to let things happen before their time where they are written down. */
export function journalOnError(): InvalidInputError {
  const expected =
    "a world without a journal, which could not be replayed: create the simulator with journal: false";
  return new InvalidInputError([
    { field: "settings.journal", value: true, expected, rule: "choice-without-journal" },
  ]);
}
