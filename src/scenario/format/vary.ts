import { exp, ln } from "../../collections/deterministicMath.js";
import type { InputIssue } from "../../model/errors.js";
import { isList } from "../../model/schema/plainData.js";
import { latinHypercube } from "../../statistics/latinHypercube.js";
import { memberPath } from "./compositeFields.js";
import type { RangeOf, Scenario } from "./scenario.js";

/** One value of a parameter that varies. */
export interface Parameter {
  /** Path in the scenario: `world.latency.detectFailure`. */
  readonly path: string;
  readonly value: unknown;
}

/** Most alternatives that parameters may have together. */
export const maxDesigns = 200;

/** Values of a range, unless it says how many. */
export const defaultPoints = 5;

/**
 * The points at which the parameters of a scenario are tried: every combination of their values, or a Latin hypercube of
 * their ranges. The same scenario has the same points.
 */
export function varyPoints({ vary = {}, samples, world = {} }: Scenario): {
  readonly points: readonly (readonly Parameter[])[];
  readonly issues: readonly InputIssue[];
} {
  const issues = Object.entries(vary).flatMap(([path, values]): readonly InputIssue[] => {
    const field = memberPath("vary", path);
    const rule = "scenario-vary";
    if (isList(values)) {
      if (samples === undefined) return [];
      return [
        { field, value: values, expected: "a range { from, to }, as samples are drawn", rule },
      ];
    }
    if (values.scale !== "log" || values.from > 0) return [];
    return [
      { field: `${field}.from`, value: values.from, expected: "over 0 on a log scale", rule },
    ];
  });
  if (issues.length > 0) return { points: [], issues };
  const points =
    samples === undefined ? gridOf(vary) : samplesOf(vary, samples, seedOf(world.seed));
  if (points.length <= maxDesigns) return { points, issues };
  const expected = `at most ${String(maxDesigns)} combinations`;
  return {
    points: [],
    issues: [{ field: "vary", value: points.length, expected, rule: "scenario-vary" }],
  };
}

type Variation = Readonly<Record<string, readonly unknown[] | RangeOf<number>>>;

/** Every combination of the values; none where nothing varies. */
function gridOf(vary: Variation): readonly (readonly Parameter[])[] {
  let points: (readonly Parameter[])[] = [];
  for (const [path, values] of Object.entries(vary)) {
    const parameters = valuesOf(values).map((value) => ({ path, value }));
    points =
      points.length === 0
        ? parameters.map((parameter) => [parameter])
        : points.flatMap((point) => parameters.map((parameter) => [...point, parameter]));
    if (points.length > maxDesigns) return points;
  }
  return points;
}

function valuesOf(values: readonly unknown[] | RangeOf<number>): readonly unknown[] {
  if (!("from" in values)) return values;
  const { points = defaultPoints } = values;
  const shares = Array.from({ length: points }, (_, at) => at / (points - 1));
  return [...new Set(valuesAt(values, shares))];
}

/** A Latin hypercube: each range, cut into as many slices as there are samples, has one value in each slice. */
function samplesOf(
  vary: Variation,
  samples: number,
  seed: number,
): readonly (readonly Parameter[])[] {
  const ranges = Object.entries(vary).flatMap(([path, range]) =>
    "from" in range ? [{ path, range }] : [],
  );
  if (ranges.length === 0) return [];
  const cube = latinHypercube({ points: samples, dimensions: ranges.length, seed });
  const values = ranges.map(({ range }, at) =>
    valuesAt(
      range,
      cube.map((shares) => shares[at] ?? 0),
    ),
  );
  return cube.map((_, point) =>
    ranges.map(({ path }, at) => ({ path, value: values[at]?.[point] })),
  );
}

/** Digits of a value of a range, where no more are needed; few, as the value becomes part of a name. */
const usualDigits = 4;

/** Digits with which every double is itself. */
const maxDigits = 17;

/** Distance of a value to where it belongs, as a share of the distance between neighbours, at most. */
const maxShift = 0.05;

/**
 * The values of a range at shares of it, with the fewest digits that leave them in the range and near their places. Between
 * whole numbers that are far enough apart lie whole numbers.
 */
function valuesAt(
  { from, to, points = defaultPoints, scale = "even" }: RangeOf<number>,
  shares: readonly number[],
): readonly number[] {
  const span = to - from;
  const isWhole = Number.isInteger(from) && Number.isInteger(to) && Math.abs(span) >= points - 1;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const round = (value: number): number => (isWhole ? Math.round(value) : value);
  return shares.map((share) => {
    if (share === 0) return from;
    if (share === 1) return to;
    const value = scale === "log" ? from * exp(share * ln(to / from)) : from + share * span;
    const distance = Math.abs(scale === "log" ? value * ln(to / from) : span) / shares.length;
    for (let digits = usualDigits; digits < maxDigits; digits++) {
      const rounded = round(Number(value.toPrecision(digits)));
      const isNear = Math.abs(rounded - round(value)) <= maxShift * distance;
      if (isNear && rounded >= low && rounded <= high) return rounded;
    }
    return Math.min(high, Math.max(low, round(value)));
  });
}

function seedOf(seed: string | number | undefined): number {
  return typeof seed === "number" ? seed : 0;
}
