import {
  assertConfidence,
  assertCount,
  assertNumbers,
  assertObject,
  isList,
} from "./assertInput.js";
import { cubeRoot } from "./cubeRoot.js";
import { defaultConfidence, type Interval, notZeroMin } from "./interval.js";
import { type Moments, PowerSums } from "./powerSums.js";
import { type ProportionEstimate, proportion } from "./proportion.js";
import { tQuantile } from "./specialFunctions.js";

/** A mean over futures. */
export interface MeanEstimate {
  readonly value: number;
  /** `null` below 20 futures that are not zero: a mean of rare values looks more certain than it is. */
  readonly interval: Interval | null;
  readonly confidence: number;
  readonly count: number;
  readonly notZero: number;
  /** Share of futures that have any value. */
  readonly any: ProportionEstimate;
  readonly standardDeviation: number;
  readonly skewness: number;
  /** Whether the sample is so skewed that its interval may be too narrow: |skewness| / sqrt(count) over 0.3. */
  readonly isHeavyTailed: boolean;
}

/** Returns the mean of some values, one a future, with a skewness-corrected t interval. */
export function mean(
  values: Iterable<number> | Moments,
  confidence = defaultConfidence,
): MeanEstimate {
  assertConfidence(confidence);
  const moments = momentsOf(values);
  const { count, notZero, skewness, variance } = moments;
  return {
    value: moments.mean,
    interval: notZero < notZeroMin ? null : skewT(moments, confidence),
    confidence,
    count,
    notZero,
    any: proportion(notZero, count, confidence),
    standardDeviation: Math.sqrt(variance),
    skewness,
    isHeavyTailed: Math.abs(skewness) / Math.sqrt(Math.max(1, count)) > 0.3,
  };
}

/** Returns the interval of a mean by Willink's cubic transformation of t, which takes the skewness into account. */
export function skewT(
  { count, mean: middle, variance, skewness }: Omit<Moments, "notZero">,
  confidence = defaultConfidence,
): Interval {
  if (count < 2) return { low: null, high: null };
  const error = Math.sqrt(variance / count);
  if (error === 0) return { low: middle, high: middle };
  const { lower, upper } = skewTLimits({ count, skewness }, confidence);
  return { low: middle - upper * error, high: middle - lower * error };
}

/** Returns the moments of values, or those that are given. */
function momentsOf(values: Iterable<number> | Moments): Moments {
  const isIterable =
    typeof values === "object" &&
    typeof (values as Partial<Iterable<number>> | null)?.[Symbol.iterator] === "function";
  if (isIterable) {
    const list = isList(values) ? (values as readonly number[]) : [...(values as Iterable<number>)];
    assertNumbers(list, "values");
    return PowerSums.of(list).moments();
  }
  assertObject(values, "values");
  const moments = values as Moments;
  assertCount(moments.count, "values.count");
  assertCount(moments.notZero, "values.notZero");
  assertNumbers(
    [moments.mean, moments.variance, moments.skewness],
    "values.(mean, variance, skewness)",
  );
  return moments;
}

/** Returns the two values of (mean of sample - true mean) / standard error between which it lies with the confidence. */
export function skewTLimits(
  { count, skewness }: { readonly count: number; readonly skewness: number },
  confidence: number,
): { readonly lower: number; readonly upper: number } {
  const t = tQuantile(0.5 + confidence / 2, count - 1);
  const a = skewness / (6 * Math.sqrt(count));
  if (Math.abs(a) < 1e-9) return { lower: -t, upper: t };
  const back = (r: number): number => (cubeRoot(1 + 6 * a * (r - a)) - 1) / (2 * a);
  return { lower: back(-t), upper: back(t) };
}
