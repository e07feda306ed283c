import { ln } from "../collections/deterministicMath.js";
import { assertAccepted } from "./assertInput.js";
import { type Comparison, comparePairs, type PairingGain } from "./comparison.js";
import { defaultConfidence, type Interval } from "./interval.js";

/** By how many percent a figure changes where a parameter changes by one percent. */
export interface Elasticity {
  /** `null` where a mean is 0 or below, so that no ratio has a logarithm. */
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly confidence: number;
  readonly gain: PairingGain | null;
}

/**
 * Returns the elasticity of a mean from futures with the parameter scaled down and up, under common random numbers.
 *
 * @param scale - parameter of `up` over parameter of `down`, also below 1; 1.44 for a fifth to either side
 */
export function elasticity(
  down: ArrayLike<number>,
  up: ArrayLike<number>,
  scale: number,
  confidence = defaultConfidence,
): Elasticity {
  const isScale = typeof scale === "number" && scale > 0 && scale !== 1 && Number.isFinite(scale);
  assertAccepted(isScale, scale, { field: "scale", expected: "a positive number other than 1" });
  const { ratio, differing }: Comparison = comparePairs(down, up, confidence);
  const power = (r: number | null): number | null =>
    r === null || r <= 0 ? null : ln(r) / ln(scale);
  if (ratio === null) return { value: null, interval: null, confidence, gain: null };
  // No future of any seed changed: the parameter has no effect on these futures.
  const interval = differing === 0 ? null : ratio.interval;
  const [atLow, atHigh] = [power(interval?.low ?? null), power(interval?.high ?? null)];
  // A parameter that falls turns the interval round.
  const ends = scale > 1 ? { low: atLow, high: atHigh } : { low: atHigh, high: atLow };
  return {
    value: power(ratio.value),
    interval: interval === null ? null : ends,
    confidence,
    gain: ratio.gain,
  };
}
