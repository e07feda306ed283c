import type { Scenario, StepOf } from "../../scenario/format/scenario.js";

/** Input of a pass: a scenario that fails; candidates that also fail replace it. */
export interface FailingScenario {
  readonly scenario: Scenario;
  readonly steps: readonly StepOf<number>[];
  withSteps(steps: readonly StepOf<number>[], horizon?: number): Scenario;
  take(candidate: () => Scenario | undefined): boolean;
}

const units = [86_400_000, 3_600_000, 600_000, 60_000, 10_000, 1000] as const;

/** Moves durations and the gaps between steps toward round numbers; what follows a gap moves along. */
export function roundDurations(reducer: FailingScenario): void {
  for (let index = 0; index < reducer.steps.length; index++) {
    shortenDuration(reducer, index);
    shortenGap(reducer, index);
    roundTogether(reducer, index);
  }
}

function shortenDuration(reducer: FailingScenario, index: number): void {
  const duration = durationOf(reducer.steps[index]);
  if (duration === undefined) return;
  if (reducer.take(() => reducer.withSteps(withDuration(reducer.steps, index, undefined)))) return;
  for (const shorter of [0, 1000, 10_000, 60_000, 600_000, 3_600_000]) {
    if (shorter >= duration) return;
    if (reducer.take(() => reducer.withSteps(withDuration(reducer.steps, index, shorter)))) return;
  }
}

function shortenGap(reducer: FailingScenario, index: number): void {
  const gap = gapsOf(reducer.steps)[index] ?? 0;
  for (const shorter of [0, 1000, 10_000, 30_000, 60_000, 600_000, 3_600_000]) {
    if (shorter >= gap) return;
    if (takeGaps(reducer, new Map([[index, shorter]]))) return;
  }
}

/** One value alone can be stuck where two together are not: a duration, and when the next step comes. */
function roundTogether(reducer: FailingScenario, index: number): void {
  const gaps = gapsOf(reducer.steps);
  const duration = durationOf(reducer.steps[index]);
  const own = gaps[index] ?? 0;
  const next = gaps[index + 1];
  const candidates: {
    readonly duration: number | undefined;
    readonly gaps: Map<number, number>;
  }[] = [];
  for (const length of duration === undefined ? [undefined] : [...roundings(duration), duration]) {
    for (const before of [...roundings(own), own]) {
      for (const after of next === undefined ? [undefined] : [...roundings(next), next]) {
        const changed = new Map([[index, before]]);
        if (after !== undefined) changed.set(index + 1, after);
        if (length !== duration || before !== own || after !== next) {
          candidates.push({ duration: length, gaps: changed });
        }
      }
    }
  }
  for (const candidate of candidates.slice(0, 24)) {
    const steps = withDuration(reducer.steps, index, candidate.duration ?? duration);
    if (takeGaps(reducer, candidate.gaps, steps)) return;
  }
}

/** Rounder values, up and down: none for what is round already. */
function roundings(value: number): readonly number[] {
  if (value === 0 || units.slice(0, 4).some((unit) => value % unit === 0 && value / unit < 100))
    return [];
  const found = new Set<number>();
  for (const unit of units) {
    if (value % unit === 0) break;
    for (const round of [Math.ceil(value / unit) * unit, Math.floor(value / unit) * unit]) {
      if (round > 0 && round < value * 3) found.add(round);
    }
  }
  return [...found].slice(0, 4);
}

function takeGaps(
  reducer: FailingScenario,
  changed: ReadonlyMap<number, number>,
  steps: readonly StepOf<number>[] = reducer.steps,
): boolean {
  const gaps = gapsOf(reducer.steps);
  const tail = (reducer.scenario.horizon ?? 0) - (reducer.steps.at(-1)?.at ?? 0);
  let at = 0;
  const moved = steps.map((step, index) => {
    at += changed.get(index) ?? gaps[index] ?? 0;
    return { ...step, at };
  });
  return reducer.take(() => reducer.withSteps(moved, at + tail));
}

function gapsOf(steps: readonly StepOf<number>[]): readonly number[] {
  return steps.map(({ at = 0 }, index) => at - (steps[index - 1]?.at ?? 0));
}

function durationOf(step: StepOf<number> | undefined): number | undefined {
  const action = step?.do;
  return typeof action === "object" && "for" in action ? action.for : undefined;
}

function withDuration(
  steps: readonly StepOf<number>[],
  index: number,
  duration: number | undefined,
): readonly StepOf<number>[] {
  return steps.map((step, at) => {
    if (at !== index || typeof step.do !== "object" || !("for" in step.do)) return step;
    const { for: _, ...action } = step.do;
    const changed = duration === undefined ? action : { ...action, for: duration };
    return { ...step, do: changed as StepOf<number>["do"] };
  });
}
