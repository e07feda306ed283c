import { finish, mix } from "../collections/murmur3.js";
import {
  assertAccepted,
  assertConfidence,
  assertCount,
  assertNumbers,
  assertObject,
  isList,
} from "./assertInput.js";
import { defaultConfidence, type Interval, notZeroMin } from "./interval.js";
import { skewT } from "./mean.js";
import { type Moments, PowerSums } from "./powerSums.js";
import { wilson } from "./proportion.js";
import { quantileOf, sortedValues } from "./quantile.js";
import { normalQuantile } from "./specialFunctions.js";

/** A mean over futures at each moment of a grid. */
export interface Band {
  readonly confidence: number;
  readonly futures: number;
  readonly means: readonly number[];
  /**
   * An interval for each moment by itself: at 95 %, one moment of twenty lies outside. One of a mean has no ends where
   * fewer than 20 futures are not zero.
   */
  readonly pointwise: readonly Interval[];
  /**
   * Intervals that hold for all moments together (sup-t, by multipliers); at least as wide as normal intervals. Without
   * ends at a moment where fewer than 20 futures are not zero.
   */
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
  const hasEnds = ({ notZero }: Moments): boolean => notZero >= notZeroMin;
  const varying = sums.flatMap((each, at) => (hasEnds(each) && each.variance > 0 ? [at] : []));
  const critical = supT({ series, sums, varying, draws, confidence });
  return {
    confidence,
    futures,
    means,
    pointwise: sums.map((each) => {
      if (kind === "share") return wilson(each.notZero, futures, confidence);
      return hasEnds(each) ? skewT(each, confidence) : noEnds;
    }),
    simultaneous: sums.map((each) => {
      const { mean: middle, variance } = each;
      if (!hasEnds(each)) return noEnds;
      if (variance === 0) return { low: middle, high: middle };
      if (critical === Infinity) return noEnds;
      const half = critical * Math.sqrt(variance / futures);
      return { low: middle - half, high: middle + half };
    }),
  };
}

const noEnds: Interval = { low: null, high: null };

/**
 * The quantile of the largest standardized distance over the moments that vary, with random signs for the futures; that of
 * one normal value at least. Infinity where the signs are too few for the confidence.
 */
function supT(problem: {
  readonly series: readonly ArrayLike<number>[];
  readonly sums: readonly Moments[];
  /** The moments that count; no distance can be standardized at the others. */
  readonly varying: readonly number[];
  readonly draws: number;
  readonly confidence: number;
}): number {
  const { series, sums, varying, draws, confidence } = problem;
  const futures = series.length;
  const largest = new Float64Array(draws);
  const totals = new Float64Array(varying.length);
  const means = varying.map((at) => sums[at]?.mean as number);
  // Number of futures times the sum of squares about the mean.
  const squares = varying.map((at) => futures * (futures - 1) * (sums[at]?.variance as number));
  for (let draw = 0; draw < draws; draw++) {
    totals.fill(0);
    for (const [future, values] of series.entries()) {
      const sign = (finish(mix(mix(17, draw), future)) & 1) === 0 ? 1 : -1;
      for (let at = 0; at < totals.length; at++) {
        const value = values[varying[at] as number] as number;
        totals[at] = (totals[at] as number) + sign * (value - (means[at] as number));
      }
    }
    for (let at = 0; at < totals.length; at++) {
      // Studentized by the variance that the signs themselves leave; without that, few futures are too sure.
      const share = ((totals[at] as number) * (totals[at] as number)) / (squares[at] as number);
      const distance = share < 1 ? Math.sqrt(((futures - 1) * share) / (1 - share)) : Infinity;
      if (distance > (largest[draw] as number)) largest[draw] = distance;
    }
  }
  const normal = normalQuantile(0.5 + confidence / 2);
  return Math.max(normal, quantileOf(sortedValues(largest), confidence));
}
