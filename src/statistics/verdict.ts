import { ln } from "../collections/deterministicMath.js";
import { type Interval, notZeroMin } from "./interval.js";
import type { MeanEstimate } from "./mean.js";
import { type ProportionEstimate, shareInterval } from "./proportion.js";

/** Verdict on an expectation. */
export type Verdict = "met" | "not met" | "undecided";

/** A limit that a figure must keep to. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** A verdict with what it was made of. */
export interface LimitVerdict {
  readonly verdict: Verdict;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly confidence: number;
  /** If undecided, the estimated number of futures that would decide; `null` if no number would. */
  readonly futuresToDecide: number | null;
}

/** Never more futures than this are named; beyond, the answer is that sampling does not decide. */
const futuresMax = 1e12;

/** Returns whether an interval lies on the allowed side of the limit, on the other, or on both. */
export function verdictOf(interval: Interval | null, limit: Limit): Verdict {
  if (interval === null) return "undecided";
  const { low, high } = interval;
  if ("atMost" in limit) {
    if (high !== null && high <= limit.atMost) return "met";
    return low !== null && low > limit.atMost ? "not met" : "undecided";
  }
  if (low !== null && low >= limit.atLeast) return "met";
  return high !== null && high < limit.atLeast ? "not met" : "undecided";
}

/** Checks a mean: undecided below 20 futures that are not zero. */
export function checkMean(estimate: MeanEstimate, limit: Limit): LimitVerdict {
  const { value, interval, confidence, count, notZero } = estimate;
  const verdict = verdictOf(interval, limit);
  if (verdict !== "undecided")
    return { verdict, value, interval, confidence, futuresToDecide: null };
  const more =
    interval === null
      ? notZero === 0
        ? null
        : (count * notZeroMin) / notZero
      : futuresForWidth(count, value, interval, boundOf(limit));
  return { verdict, value, interval, confidence, futuresToDecide: rounded(more) };
}

/** Checks a share of futures. */
export function checkProportion(estimate: ProportionEstimate, limit: Limit): LimitVerdict {
  const { value, interval, confidence, total } = estimate;
  const verdict = verdictOf(interval, limit);
  const futuresToDecide =
    verdict === "undecided"
      ? rounded(futuresForShare(value, total, boundOf(limit), confidence))
      : null;
  return { verdict, value, interval, confidence, futuresToDecide };
}

/**
 * Checks a quantile. `below` is the share of values that do not exceed the limit: it says how many futures would decide.
 */
export function checkQuantile(
  estimate: {
    readonly value: number | null;
    readonly interval: Interval;
    readonly confidence: number;
    readonly share: number;
  },
  limit: Limit,
  below: ProportionEstimate,
): LimitVerdict {
  const { value, interval, confidence, share } = estimate;
  const verdict = verdictOf(interval, limit);
  const futuresToDecide =
    verdict === "undecided"
      ? rounded(futuresForShare(below.value, below.total, share, confidence))
      : null;
  return { verdict, value, interval, confidence, futuresToDecide };
}

function boundOf(limit: Limit): number {
  return "atMost" in limit ? limit.atMost : limit.atLeast;
}

/** The half-width falls with the root of the number of futures. */
function futuresForWidth(
  count: number,
  value: number,
  { low, high }: Interval,
  bound: number,
): number | null {
  const end = bound > value ? high : low;
  if (end === null) return count * 4;
  const wanted = bound - value;
  const factor = (end - value) / wanted;
  return wanted === 0 ? null : count * factor * factor;
}

/** The least number of futures, from the present one on, at which the same share would exclude the bound. */
function futuresForShare(
  share: number,
  total: number,
  bound: number,
  confidence: number,
): number | null {
  if (share === bound || total === 0) return null;
  if (share === 0) return ln((1 - confidence) / 2) / ln(1 - bound);
  const decides = (n: number): boolean => {
    const { low, high } = shareInterval(share * n, n, confidence);
    return low !== null && high !== null && (low > bound || high < bound);
  };
  let high = Math.max(1, total);
  while (!decides(high)) {
    high *= 2;
    if (high > futuresMax) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Two digits: more would claim to know the variance. */
function rounded(futures: number | null): number | null {
  if (futures === null || !Number.isFinite(futures) || futures > futuresMax) return null;
  let unit = 1;
  while (futures / unit >= 100) unit *= 10;
  return Math.ceil(futures / unit) * unit;
}
