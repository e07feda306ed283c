import { normalQuantile } from "../../collections/deterministicMath.js";
import { durationOf } from "../../kernel/distribution.js";
import { durationMsMax } from "../../model/distributions.js";

/*
 * Durations that `durationOf` returns, computed with the runtime's own logarithm and exponential, several times as fast, and
 * rounded only where any of their last bits would give the same ms. In the other cases, one of some ten thousand, `durationOf`
 * decides.
 */

/** Number of possible values of a draw. */
const draws = 0x1_0000_0000;

/** Share of a value by which no runtime's logarithm or exponential is wrong; theirs are wrong by some 1e-16. */
const doubt = 1e-11;

/** Draws below this and above the rest have a normal quantile that is made of logarithms. */
const tail = 0.02425;

/** The exponential duration that a draw stands for: whole ms. */
export function exponentialMs(meanMs: number, draw: number): number {
  const ms = -meanMs * Math.log(1 - (draw + 0.5) / draws);
  const rounded = Math.floor(ms + 0.5);
  return isCertain(ms, rounded) ? rounded : durationOf({ kind: "exponential", meanMs }, draw);
}

/** The lognormal duration that a draw stands for: whole ms. */
export function lognormalMs(medianMs: number, sigma: number, draw: number): number {
  const share = (draw + 0.5) / draws;
  if (share > tail && share < 1 - tail) {
    const ms = medianMs * Math.exp(sigma * normalQuantile(share));
    const rounded = Math.floor(ms + 0.5);
    if (isCertain(ms, rounded)) return rounded;
  }
  return durationOf({ kind: "lognormal", medianMs, sigma }, draw);
}

/** Whether a duration is so far from the middle between two whole ms that its last bits do not matter. */
function isCertain(ms: number, rounded: number): boolean {
  return Math.abs(Math.abs(ms - rounded) - 0.5) > doubt * ms + doubt && ms < durationMsMax;
}
