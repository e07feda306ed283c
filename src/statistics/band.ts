import { finish, mix } from "../collections/murmur3.js";
import {
  assertAccepted,
  assertConfidence,
  assertCount,
  assertNumbers,
  assertObject,
  isList,
} from "./assertInput.js";
import { defaultConfidence, type Interval } from "./interval.js";
import { skewT } from "./mean.js";
import { PowerSums } from "./powerSums.js";
import { wilson } from "./proportion.js";
import { quantileOf, sortedValues } from "./quantile.js";

/** A mean over futures at each moment of a grid. */
export interface Band {
  readonly confidence: number;
  readonly futures: number;
  readonly means: readonly number[];
  /** An interval for each moment by itself: at 95 %, one moment of twenty lies outside. */
  readonly pointwise: readonly Interval[];
  /** Intervals that hold for all moments together (sup-t, by multipliers); never narrower than a normal interval. */
  readonly simultaneous: readonly Interval[];
}

/**
 * Returns the band of some series, one a future, all on the same grid of moments.
 *
 * @param options - `kind`: "share" if each value is 0 or 1 (in a condition or not), else "mean"
 * @throws InvalidInputError `statistics-input`, also where two series have different lengths
 */
export function bandOverTime(
  series: readonly ArrayLike<number>[],
  options: {
    readonly kind: "mean" | "share";
    readonly confidence?: number;
    readonly draws?: number;
  },
): Band {
  assertObject(options, "options");
  const { kind, confidence = defaultConfidence, draws = 1000 } = options;
  const isKind = ["mean", "share"].includes(kind);
  assertAccepted(isKind, kind, { field: "kind", expected: "mean or share" });
  assertConfidence(confidence);
  assertCount(draws, "draws", 1);
  assertAccepted(isList(series), series, {
    field: "series",
    expected: "a list of lists of numbers",
  });
  for (const [at, values] of series.entries()) assertNumbers(values, `series[${String(at)}]`);
  const futures = series.length;
  const moments = series[0]?.length ?? 0;
  for (const [at, { length }] of series.entries()) {
    const expected = `a list of ${String(moments)} moments, as many as the first one has`;
    assertAccepted(length === moments, length, { field: `series[${String(at)}]`, expected });
  }
  const sums = Array.from({ length: moments }, (_, at) =>
    PowerSums.of(series.map((each) => each[at] as number)).moments(),
  );
  const means = sums.map(({ mean }) => mean);
  const errors = sums.map(({ variance }) => Math.sqrt(variance / futures));
  const critical = supT({ series, means, errors, draws, confidence });
  return {
    confidence,
    futures,
    means,
    pointwise: sums.map((each) =>
      kind === "mean" ? skewT(each, confidence) : wilson(each.notZero, futures, confidence),
    ),
    simultaneous: means.map((middle, at) => ({
      low: middle - critical * (errors[at] as number),
      high: middle + critical * (errors[at] as number),
    })),
  };
}

/** The quantile of the largest standardized distance over all moments, with random signs for the futures. */
function supT(problem: {
  readonly series: readonly ArrayLike<number>[];
  readonly means: readonly number[];
  readonly errors: readonly number[];
  readonly draws: number;
  readonly confidence: number;
}): number {
  const { series, means, errors, draws, confidence } = problem;
  const largest = new Float64Array(draws);
  const totals = new Float64Array(means.length);
  // Number of futures times the sum of squares about the mean.
  const squares = errors.map(
    (error) => error * error * series.length * series.length * (series.length - 1),
  );
  for (let draw = 0; draw < draws; draw++) {
    totals.fill(0);
    for (const [future, values] of series.entries()) {
      const sign = (finish(mix(mix(17, draw), future)) & 1) === 0 ? 1 : -1;
      for (let at = 0; at < totals.length; at++)
        totals[at] =
          (totals[at] as number) + sign * ((values[at] as number) - (means[at] as number));
    }
    for (let at = 0; at < totals.length; at++) {
      // Studentized by the variance that the signs themselves leave; without that, few futures are too sure.
      const share = ((totals[at] as number) * (totals[at] as number)) / (squares[at] as number);
      const distance = share < 1 ? Math.sqrt(((series.length - 1) * share) / (1 - share)) : 0;
      if (distance > (largest[draw] as number)) largest[draw] = distance;
    }
  }
  return draws === 0 ? 0 : quantileOf(sortedValues(largest), confidence);
}
