import { assertConfidence, assertCount } from "./assertInput.js";

/** A confidence interval. `null` at an end: the data give no finite bound there. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** The confidence that is used where none is named. */
export const defaultConfidence = 0.95;

/** Futures with a value other than zero that a mean needs before it is given an interval. */
export const notZeroMin = 20;

/** Returns the confidence that each of `count` intervals needs, so that all hold together (Bonferroni). */
export function simultaneousConfidence(confidence: number, count: number): number {
  assertConfidence(confidence);
  assertCount(count, "count");
  return 1 - (1 - confidence) / Math.max(1, count);
}

/** Returns half the width of an interval as a share of the estimate; Infinity where it has no finite width. */
export function relativeHalfWidth(value: number, interval: Interval | null): number {
  const { low, high } = interval ?? { low: null, high: null };
  if (low === null || high === null) return Infinity;
  const half = (high - low) / 2;
  if (half === 0) return 0;
  return value === 0 ? Infinity : half / Math.abs(value);
}
