import { assertConfidence, assertNumbers, assertSameLength } from "./assertInput.js";
import { defaultConfidence, type Interval, notZeroMin } from "./interval.js";
import { skewT, skewTLimits } from "./mean.js";
import { type Moments, PowerSums } from "./powerSums.js";

/** Factor by which pairing reduces the variance of an estimate; "infinite" if no variance remains. */
export type PairingGain = number | "infinite";

/** One figure of a comparison. */
export interface ComparedFigure {
  readonly value: number;
  /** `null` where fewer than 20 pairs differ, or fewer than 20 futures of a side are not zero. */
  readonly interval: Interval | null;
  /** Variance without pairing over variance with it, measured on these pairs. */
  readonly gain: PairingGain;
}

/** Two designs under common random numbers: pair i is the same future of both. */
export interface Comparison {
  readonly pairs: number;
  /** In how many pairs the two values differ. */
  readonly differing: number;
  readonly confidence: number;
  /** Mean of the second over mean of the first; `null` where the first is 0 throughout. */
  readonly ratio: ComparedFigure | null;
  /** Mean of second minus first. */
  readonly difference: ComparedFigure;
}

/**
 * Compares two columns of values, pair by pair. Read the ratio first: what both futures share, above all how many
 * faults there are, cancels in a ratio and not in a difference.
 *
 * @throws InvalidInputError `statistics-input`, also where the columns have different lengths
 */
export function comparePairs(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  confidence = defaultConfidence,
): Comparison {
  assertNumbers(first, "first");
  assertNumbers(second, "second");
  assertSameLength(first, second, "second");
  assertConfidence(confidence);
  const pairs = first.length;
  const differences = Array.from(
    { length: pairs },
    (_, at) => (second[at] as number) - (first[at] as number),
  );
  const [a, b, d] = [first, second, differences].map((values) =>
    PowerSums.of(Array.from(values)).moments(),
  ) as [Moments, Moments, Moments];
  return {
    pairs,
    differing: d.notZero,
    confidence,
    ratio: a.mean === 0 ? null : ratioOf({ first, second, a, b, differing: d.notZero, confidence }),
    difference: {
      value: d.mean,
      interval: d.notZero < notZeroMin ? null : skewT(d, confidence),
      gain: gainOf(a.variance + b.variance, d.variance),
    },
  };
}

/** Returns the variance of a figure without pairing over its variance with it. */
export function gainOf(apart: number, paired: number): PairingGain {
  // Below a part in 10^12 only the rounding of the moments is left.
  return paired <= 1e-12 * apart ? "infinite" : apart / paired;
}

interface RatioProblem {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly a: Moments;
  readonly b: Moments;
  readonly differing: number;
  readonly confidence: number;
}

function ratioOf({ first, second, a, b, differing, confidence }: RatioProblem): ComparedFigure {
  const value = b.mean / a.mean;
  const residual = residuals(first, second, a, b);
  const apart = value * value * a.variance + b.variance;
  const gain = gainOf(apart, residual(value).variance);
  const enough = differing >= notZeroMin && a.notZero >= notZeroMin && b.notZero >= notZeroMin;
  if (!enough) return { value, interval: null, gain };
  if (gain === "infinite") return { value, interval: { low: value, high: value }, gain };
  return { value, interval: fieller({ value, residual, confidence, rises: a.mean < 0 }), gain };
}

/** Mean, variance and skewness of second - r * first, as a function of r, from moments that are gathered once. */
function residuals(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  a: Moments,
  b: Moments,
): (r: number) => Omit<Moments, "notZero"> {
  const count = first.length;
  let [aa, ab, bb, aaa, aab, abb, bbb] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    const x = (first[at] as number) - a.mean;
    const y = (second[at] as number) - b.mean;
    aa += x * x;
    ab += x * y;
    bb += y * y;
    aaa += x * x * x;
    aab += x * x * y;
    abb += x * y * y;
    bbb += y * y * y;
  }
  return (r) => {
    const squares = Math.max(0, bb - 2 * r * ab + r * r * aa);
    const cubes = bbb - 3 * r * abb + 3 * r * r * aab - r * r * r * aaa;
    const m2 = squares / count;
    return {
      count,
      mean: b.mean - r * a.mean,
      variance: squares / (count - 1),
      skewness: m2 > 0 ? cubes / count / (m2 * Math.sqrt(m2)) : 0,
    };
  };
}

/** All r for which the mean of second - r * first cannot be distinguished from 0 (E. C. Fieller, 1954), with the skew t. */
function fieller({ value, residual, confidence, rises }: FiellerProblem): Interval {
  // Returns the distance of the residual's mean from the limit; positive while r is inside the interval.
  const inside = (r: number, limit: "lower" | "upper"): number => {
    const moments = residual(r);
    const statistic = moments.mean / Math.sqrt(moments.variance / moments.count);
    const { lower, upper } = skewTLimits(moments, confidence);
    return limit === "upper" ? upper - statistic : statistic - lower;
  };
  return {
    low: edge(value, -1, (r) => inside(r, rises ? "lower" : "upper")),
    high: edge(value, 1, (r) => inside(r, rises ? "upper" : "lower")),
  };
}

interface FiellerProblem {
  readonly value: number;
  readonly residual: (r: number) => Omit<Moments, "notZero">;
  readonly confidence: number;
  /** Whether the residual's mean rises with r, because the mean of the first is negative. */
  readonly rises: boolean;
}

/** The last r from `value` on in one direction that is inside; `null` where there is no end. */
function edge(value: number, direction: 1 | -1, inside: (r: number) => number): number | null {
  let near = value;
  let far = value;
  let step = Math.max(Math.abs(value), 1e-12) / 1024;
  for (let doubled = 0; ; doubled++) {
    if (doubled === 40) return null;
    far = value + direction * step;
    if (inside(far) <= 0) break;
    near = far;
    step *= 2;
  }
  for (let round = 0; round < 60; round++) {
    const middle = (near + far) / 2;
    if (inside(middle) > 0) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}
