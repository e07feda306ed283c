import type { Scenario, StepOf } from "../format/scenario.js";
import { isSequence } from "../format/stepTimes.js";

/** A step and when it happens. */
export interface PlannedStep {
  readonly step: StepOf<number>;
  /** Its place in the scenario, from 0. */
  readonly index: number;
  /** Which repetition it is, from 0. */
  readonly occurrence: number;
  /** Time since time 0, in ms; undefined where it happens as soon as the step before it is over. */
  readonly time: number | undefined;
  /** Time since the step before it, in ms; for steps without a time of their own. */
  readonly after: number;
}

/**
 * Returns the steps in the order in which they happen. Steps with times are sorted by these, repetitions included;
 * a list with `settle`, `step`, `advance`, `fork` or `restore`, whose durations only a run knows, keeps its order.
 */
export function planSteps({ steps = [], horizon }: Scenario): readonly PlannedStep[] {
  if (isSequence(steps)) {
    return steps.map((step, index) => ({
      step,
      index,
      occurrence: 0,
      time: step.at,
      after: step.after ?? 0,
    }));
  }
  const planned: (PlannedStep & { readonly time: number })[] = [];
  let last = 0;
  for (const [index, step] of steps.entries()) {
    last = step.at ?? last + (step.after ?? 0);
    const end = step.repeat === undefined ? last : (horizon ?? last);
    for (let time = last, occurrence = 0; time <= end; occurrence++) {
      planned.push({ step, index, occurrence, time, after: 0 });
      if (step.repeat === undefined) break;
      time += step.repeat;
    }
  }
  return planned.sort((a, b) => a.time - b.time || a.index - b.index);
}

/**
 * Returns the label and the name of what a step creates. Repetitions have labels of their own: each is a resource of its
 * own.
 */
export function namesOfStep({ step, occurrence }: PlannedStep): {
  readonly label: string | undefined;
  readonly name: string | undefined;
} {
  const { label, alias } = step;
  if (occurrence === 0 || label === undefined) return { label, name: alias ?? label };
  const again = `${label}#${String(occurrence + 1)}`;
  return { label: again, name: again };
}
