import { exp, ln, normalQuantile, tail, tailQuantileOf } from "../collections/deterministicMath.js";
import { type Distribution, durationMsMax } from "../model/distributions.js";
import { durationOf } from "./distribution.js";

/*
 * Durations that `durationOf` returns, several times as fast. Logarithm and exponential come from short tables and a few
 * terms of a series, with operations that are the same on every runtime. The result is rounded only where an error of
 * `doubt` would give the same ms. In the other cases, one of some ten thousand, `durationOf` decides.
 */

/** Number of possible values of a draw. */
const draws = 0x1_0000_0000;

/** Share of a value by which neither these functions nor `durationOf` are wrong; the tables are wrong by some 1e-13. */
const doubt = 1e-11;

/** Returns the duration of a 32-bit draw in integer ms: what `durationOf` returns. */
export function quickDurationOf(distribution: Distribution, draw: number): number {
  if (typeof distribution === "object" && "kind" in distribution) {
    if (distribution.kind === "exponential") return exponentialMs(distribution.meanMs, draw);
    if (distribution.kind === "lognormal") {
      return lognormalMs(distribution.medianMs, distribution.sigma, draw);
    }
  }
  return durationOf(distribution, draw);
}

/** Returns the exponential duration of a draw of 32 bits, signed or not: integer ms. */
export function exponentialMs(meanMs: number, draw: number): number {
  const ms = -meanMs * logOfShare(~draw);
  const rounded = Math.floor(ms + 0.5);
  if (isCertain(ms, rounded)) return rounded;
  return durationOf({ kind: "exponential", meanMs }, draw >>> 0);
}

/** Returns the lognormal duration of a draw of 32 bits, signed or not: integer ms. */
export function lognormalMs(medianMs: number, sigma: number, draw: number): number {
  const power = sigma * normalOf(draw);
  const step = Math.floor(power * stepsOfE + 0.5);
  if (step > -maxStep && step < maxStep) {
    const rest = power - step * lnOfStep;
    const series = 1 + rest * (1 + (rest / 2) * (1 + (rest / 3) * (1 + rest / 4)));
    const ms =
      medianMs *
      ((powers[(step >> stepBits) + powersBelow] as number) *
        (roots[step & (steps - 1)] as number) *
        series);
    const rounded = Math.floor(ms + 0.5);
    if (isCertain(ms, rounded)) return rounded;
  }
  return durationOf({ kind: "lognormal", medianMs, sigma }, draw >>> 0);
}

/** Whether a duration is so far from the middle between two whole ms that its last bits do not matter. */
function isCertain(ms: number, rounded: number): boolean {
  return Math.abs(Math.abs(ms - rounded) - 0.5) > doubt * ms + doubt && ms < durationMsMax;
}

/** The normal quantile of the middle of a draw's share. */
function normalOf(draw: number): number {
  const share = ((draw >>> 0) + 0.5) / draws;
  if (share < tail) return tailQuantileOf(Math.sqrt(-2 * logOfShare(draw)));
  if (share > 1 - tail) return -tailQuantileOf(Math.sqrt(-2 * logOfShare(~draw)));
  return normalQuantile(share);
}

/** ln((n + 0.5) / 2^32) of an integer n of 32 bits. */
function logOfShare(bits: number): number {
  const zeros = Math.clz32(bits);
  const mantissa = ((bits >>> 0) + 0.5) * (scales[zeros] as number);
  const at = Math.floor((mantissa - 1) * 128);
  const rest = mantissa * (inverses[at] as number) - 1;
  const series = rest * (1 - rest * (1 / 2 - rest * (1 / 3 - rest * (1 / 4 - rest * (1 / 5)))));
  return (logs[at] as number) - (zeros + 1) * ln2 + series;
}

const ln2 = 0.6931471805599453;

/** The middle of each 128th from 1 to 2. The last is 2, so that a logarithm near 0 keeps its digits. */
const middles = Float64Array.from({ length: 128 }, (_, at) =>
  at === 127 ? 2 : 1 + (at + 0.5) / 128,
);
const inverses = middles.map((middle) => 1 / middle);
const logs = middles.map((middle) => ln(middle));
/** 2^(zeros - 31). */
const scales = powersFrom(-31, 33);

/** Steps of the exponent in which e^x doubles. */
const stepBits = 6;
const steps = 1 << stepBits;
const stepsOfE = steps / ln2;
const lnOfStep = ln2 / steps;
/** Powers of two beyond these are left to `durationOf`. */
const powersBelow = 60;
const maxStep = powersBelow * steps;
const roots = Float64Array.from({ length: steps }, (_, step) => exp(step * lnOfStep));
const powers = powersFrom(-powersBelow, 2 * powersBelow);

/** Powers of two from an exponent below 0 on, doubled one by one: the operator of powers may differ by runtime. */
function powersFrom(exponent: number, count: number): Float64Array {
  let power = 1;
  for (let halved = exponent; halved < 0; halved++) power /= 2;
  return Float64Array.from({ length: count }, (_, at) => (at === 0 ? power : (power *= 2)));
}
