import { isRecord } from "../../model/schema/plainData.js";
import { parseDuration } from "./quantities.js";

/** When a step begins and ends at the earliest, in ms since time 0. */
export interface StepTimes {
  readonly begin: number;
  readonly end: number;
}

/** A step, whose durations may be text. */
type TimedStep = Readonly<Record<string, unknown>>;

/** Whether an action moves time, so that the steps of its list happen one by one, in their order. */
export function movesTime(action: unknown): boolean {
  return (
    typeof action === "string" ||
    (isRecord(action) && (Object.hasOwn(action, "advance") || Object.hasOwn(action, "fork")))
  );
}

/** Whether steps happen in the order of their list, not in that of their times. */
export function isSequence(steps: readonly { readonly do?: unknown }[]): boolean {
  return steps.some(({ do: action }) => movesTime(action));
}

/** Returns the earliest times of steps. How long `settle` and `step` take is known to a run alone: at least nothing. */
export function earliestTimes(steps: readonly object[]): readonly StepTimes[] {
  const isInOrder = isSequence(steps);
  let last = 0;
  return (steps as readonly TimedStep[]).map(({ at, after, do: action }) => {
    const own = parseDuration(at);
    const begin = own ?? last + (parseDuration(after) ?? 0);
    if (!isInOrder) {
      last = begin;
      return { begin, end: begin };
    }
    const advance = isRecord(action) ? (parseDuration(action["advance"]) ?? 0) : 0;
    const started = Math.max(last, begin);
    last = started + advance;
    return { begin: started, end: last };
  });
}
