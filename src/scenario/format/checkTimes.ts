import type { InputIssue } from "../../model/errors.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { formatDuration, parseDuration } from "./quantities.js";
import { earliestTimes, isSequence } from "./stepTimes.js";

type Part = Readonly<Record<string, unknown>>;

/** Returns the times that a run would not keep: of steps and measures after the horizon, and of repetitions. */
export function checkTimes(root: Part): readonly InputIssue[] {
  const steps = isList(root["steps"]) ? root["steps"].map(asPart) : [];
  const horizon = parseDuration(root["horizon"]);
  // A replay has no figures, and may last as long as its steps.
  const hasFigures = ["measures", "expect"].some(
    (key) => Object.keys(asPart(root[key])).length > 0,
  );
  return [
    ...checkRepetitions(steps, horizon),
    ...(horizon === undefined
      ? []
      : [...lateSteps(steps, { horizon, hasFigures }), ...lateMeasures(root, horizon)]),
  ];
}

/** Returns the repetitions that a run leaves out. */
export function checkRepetitions(
  steps: readonly object[],
  horizon: number | undefined,
): readonly InputIssue[] {
  const isInOrder = isSequence(steps);
  return steps.flatMap((step, index): readonly InputIssue[] => {
    const { repeat } = step as Part;
    if (repeat === undefined) return [];
    const expected = isInOrder
      ? "left out in a list with settle, step, restore, advance or fork, whose steps happen once"
      : parseDuration(repeat) === 0
        ? "longer than 0"
        : horizon === undefined
          ? "left out where there is no horizon"
          : undefined;
    if (expected === undefined) return [];
    const field = `steps[${String(index)}].repeat`;
    return [{ field, value: asText(repeat), expected, rule: "scenario-step" }];
  });
}

/** Returns the first step of each row of steps that happens after the horizon. */
function lateSteps(
  steps: readonly Part[],
  { horizon, hasFigures }: { readonly horizon: number; readonly hasFigures: boolean },
): readonly InputIssue[] {
  const times = earliestTimes(steps);
  const limit = formatDuration(horizon);
  return steps.flatMap((step, index): readonly InputIssue[] => {
    const { begin, end } = times[index] ?? { begin: 0, end: 0 };
    const { at, after, do: action } = step;
    const field = `steps[${String(index)}]`;
    const rule = "scenario-step";
    const own = parseDuration(at);
    if (own !== undefined) {
      if (own > horizon) {
        const expected = `a time before the horizon, ${limit}`;
        return [{ field: `${field}.at`, value: formatDuration(own), expected, rule }];
      }
    } else if (hasFigures && begin > horizon) {
      const before = index === 0 ? 0 : (times[index - 1]?.end ?? 0);
      // After a step that is refused all others are late as well.
      if (after === undefined || before > horizon) return [];
      const expected = `at most ${formatDuration(horizon - before)}, as the horizon is ${limit}`;
      return [{ field: `${field}.after`, value: asText(after), expected, rule }];
    }
    if (!hasFigures || begin > horizon || end <= horizon) return [];
    const expected = `at most ${formatDuration(horizon - begin)}, as the horizon is ${limit}`;
    const value = asText(asPart(action)["advance"]);
    return [{ field: `${field}.do.advance`, value, expected, rule }];
  });
}

/** Returns the warm-up after which nothing is left to measure. */
function lateMeasures({ warmUp }: Part, horizon: number): readonly InputIssue[] {
  const begin = parseDuration(warmUp);
  if (begin === undefined || begin === 0 || begin < horizon) return [];
  // Measures that begin at the end are 0 whatever happens.
  const expected = `a time before the horizon, ${formatDuration(horizon)}`;
  return [{ field: "warmUp", value: formatDuration(begin), expected, rule: "scenario-measure" }];
}

/** A duration as a scenario writes it: here it may be parsed already. */
function asText(value: unknown): unknown {
  const ms = parseDuration(value);
  return ms === undefined ? value : formatDuration(ms);
}

function asPart(value: unknown): Part {
  return isRecord(value) ? value : {};
}
