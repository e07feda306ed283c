import { exp, ln } from "../../collections/deterministicMath.js";
import { durationMsMax } from "../../model/distributions.js";
import { expm1 } from "./failureLaw.js";

/**
 * The Lomax law in whole ms: P(longer than ms) = (1 + ms / scale)^-shape. Its tail is polynomial, so that the ratio of
 * any law of failures to it has a finite variance for every duration with two moments.
 */
export interface Lomax {
  readonly scaleMs: number;
  readonly shape: number;
}

/** Number of possible values of a draw. */
const draws = 0x1_0000_0000;

/** Returns the duration of at least 1 ms that a draw of 32 bits stands for. */
export function lomaxDuration({ scaleMs, shape }: Lomax, draw: number): number {
  const share = (draw + 0.5) / draws;
  return Math.max(1, Math.min(durationMsMax, Math.ceil(scaleMs * (exp(-ln(share) / shape) - 1))));
}

/** Returns the logarithm of the probability that a duration is over `ms`. */
export function lomaxLogTail({ scaleMs, shape }: Lomax, ms: number): number {
  return -shape * ln(1 + ms / scaleMs);
}

/** Returns the logarithm of the probability that a duration is `ms`, at least 1. */
export function lomaxLogMass(law: Lomax, ms: number): number {
  const { scaleMs, shape } = law;
  const step = shape * ln((scaleMs + ms - 1) / (scaleMs + ms));
  return lomaxLogTail(law, ms - 1) + ln(-expm1(step));
}
