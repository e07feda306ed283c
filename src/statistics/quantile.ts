import { exp, ln } from "../collections/deterministicMath.js";
import {
  assertAccepted,
  assertBetween,
  assertConfidence,
  assertNumbers,
  isList,
} from "./assertInput.js";
import { defaultConfidence, type Interval } from "./interval.js";
import { betaCdf, tQuantile } from "./specialFunctions.js";

/** A quantile of values, with its interval. */
export interface QuantileEstimate {
  /** Share of values that do not exceed it. */
  readonly share: number;
  /** `null` where there is no value at all. */
  readonly value: number | null;
  readonly interval: Interval;
  readonly confidence: number;
  /** Number of values. */
  readonly count: number;
}

/** Values of futures: `lengths[i]` values of future i follow on those of future i - 1. */
export interface ValueLists {
  readonly values: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

/** Returns the values in ascending order, as the functions of this file take them. */
export function sortedValues(values: ArrayLike<number>): Float64Array {
  assertNumbers(values, "values");
  return Float64Array.from(values).sort();
}

/** Returns the least value that a share of all values does not exceed; `sorted` must not be empty. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)));
  return sorted[rank - 1] as number; // rank is within the array
}

/** Returns a quantile of values that are independent, one a future, with the interval by order statistics. */
export function quantile(
  sorted: ArrayLike<number>,
  share: number,
  confidence = defaultConfidence,
): QuantileEstimate {
  assertAccepted(isList(sorted), sorted, { field: "sorted", expected: "a sorted list of numbers" });
  assertBetween(share, "share");
  assertConfidence(confidence);
  const count = sorted.length;
  if (count === 0)
    return { share, value: null, interval: { low: null, high: null }, confidence, count };
  const { low, high } = quantileRanks(count, share, confidence);
  const at = (rank: number | null): number | null =>
    rank === null ? null : (sorted[rank - 1] as number); // ranks are within 1 and count
  return {
    share,
    value: quantileOf(sorted, share),
    interval: { low: at(low), high: at(high) },
    confidence,
    count,
  };
}

/** Returns the ranks, from 1, that enclose the quantile with at least the confidence; `null`: no rank does. */
export function quantileRanks(
  count: number,
  share: number,
  confidence = defaultConfidence,
): { readonly low: number | null; readonly high: number | null } {
  const tail = (1 - confidence) / 2;
  const low = leastAbove(tail, count, share);
  const high = leastAbove(1 - tail - 1e-15, count, share) + 1;
  return { low: low === 0 ? null : low, high: high > count ? null : high };
}

/** The least k with P(K <= k) over a goal, where K is how many of `count` values lie below the quantile. */
function leastAbove(goal: number, count: number, share: number): number {
  const atMost = (k: number): number => (k >= count ? 1 : 1 - betaCdf(share, k + 1, count - k));
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (atMost(middle) > goal) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Returns a quantile of values that come in lists, one list a future. Values of one future resemble each other, so the
 * futures are the units: the share below the quantile is a ratio over futures, its interval is made on the logit scale
 * and carried back to values (R. S. Woodruff, 1952). The wider of this and of the order statistics is the interval.
 */
export function quantileByFutures(
  lists: ValueLists,
  sorted: ArrayLike<number>,
  share: number,
  confidence = defaultConfidence,
): QuantileEstimate {
  const simple = quantile(sorted, share, confidence);
  const futures = lists.lengths.length;
  if (simple.value === null || futures < 2) return simple;
  const count = sorted.length;
  const error = shareError(lists, simple.value, share) / (count / futures);
  const t = tQuantile(0.5 + confidence / 2, futures - 1);
  const half = (t * error) / (share * (1 - share));
  const logit = ln(share / (1 - share));
  const low = Math.floor(count / (1 + exp(half - logit)));
  const high = Math.ceil(count / (1 + exp(-half - logit)));
  const ranks = quantileRanks(count, share, confidence);
  return {
    ...simple,
    interval: {
      low: valueAt(sorted, ranks.low === null ? 0 : Math.min(low, ranks.low)),
      high: valueAt(sorted, ranks.high === null ? count + 1 : Math.max(high, ranks.high)),
    },
  };
}

function valueAt(sorted: ArrayLike<number>, rank: number): number | null {
  return rank < 1 || rank > sorted.length ? null : (sorted[rank - 1] as number);
}

/** Standard error of the mean over futures of (values not above x) - share * (values). */
function shareError({ values, lengths }: ValueLists, x: number, share: number): number {
  const futures = lengths.length;
  let at = 0;
  let squares = 0;
  for (let future = 0; future < futures; future++) {
    const end = at + (lengths[future] as number);
    let below = 0;
    for (let value = at; value < end; value++) if ((values[value] as number) <= x) below++;
    const rest = below - share * (end - at);
    squares += rest * rest;
    at = end;
  }
  return Math.sqrt(squares / (futures - 1) / futures);
}
