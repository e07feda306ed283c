import { assertAccepted, assertConfidence, assertCount } from "./assertInput.js";
import { defaultConfidence, type Interval } from "./interval.js";
import { betaQuantile, normalQuantile } from "./specialFunctions.js";

/** A share of futures. */
export interface ProportionEstimate {
  readonly value: number;
  readonly interval: Interval;
  readonly confidence: number;
  readonly count: number;
  readonly total: number;
}

/**
 * Returns the share `count` of `total` with its interval: Wilson's, or that of Clopper and Pearson where none or all
 * have it.
 */
export function proportion(
  count: number,
  total: number,
  confidence = defaultConfidence,
): ProportionEstimate {
  assertCount(count, "count");
  assertCount(total, "total");
  assertAccepted(count <= total, count, {
    field: "count",
    expected: `at most total, ${String(total)}`,
  });
  assertConfidence(confidence);
  return {
    value: total === 0 ? 0 : count / total,
    interval: shareInterval(count, total, confidence),
    confidence,
    count,
    total,
  };
}

/** Returns the interval of a share; the count may be a fraction, as of a number of futures that is only planned. */
export function shareInterval(count: number, total: number, confidence: number): Interval {
  const isAtAnEnd = count === 0 || count === total;
  return isAtAnEnd ? clopperPearson(count, total, confidence) : wilson(count, total, confidence);
}

/** Returns Wilson's score interval: close to its confidence, seldom above. */
export function wilson(count: number, total: number, confidence = defaultConfidence): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const share = count / total;
  const divisor = 1 + (z * z) / total;
  const middle = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return {
    low: Math.max(0, (middle - half) / divisor),
    high: Math.min(1, (middle + half) / divisor),
  };
}

/** Returns the exact interval of Clopper and Pearson: never below its confidence, and wider. */
export function clopperPearson(
  count: number,
  total: number,
  confidence = defaultConfidence,
): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: count === 0 ? 0 : betaQuantile(tail, count, total - count + 1),
    high: count === total ? 1 : betaQuantile(1 - tail, count + 1, total - count),
  };
}
