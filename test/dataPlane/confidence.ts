/*
 * Confidence intervals of 99 %, for samples large enough that their means are normal.
 */

/** The 99.5 % quantile of the normal distribution. */
const z = 2.5758;

/** Where the true value lies, 99 times in 100. */
export interface Interval {
  readonly estimate: number;
  readonly halfWidth: number;
}

/** Of a mean, from independent observations. */
export function ofMean(values: readonly number[]): Interval {
  const estimate = mean(values);
  const squares = values.map((value) => (value - estimate) ** 2);
  return { estimate, halfWidth: z * Math.sqrt(sum(squares) / (values.length - 1) / values.length) };
}

/** Of the share of `down` in all time, from independent cycles of both: the regenerative estimate. */
export function ofShare(
  cycles: readonly { readonly up: number; readonly down: number }[],
): Interval {
  const lengths = cycles.map(({ up, down }) => up + down);
  const estimate = sum(cycles.map(({ down }) => down)) / sum(lengths);
  const errors = cycles.map(({ up, down }) => down - estimate * (up + down));
  const { halfWidth } = ofMean(errors);
  return { estimate, halfWidth: halfWidth / mean(lengths) };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
