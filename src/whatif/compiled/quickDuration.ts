import { normalQuantile } from "../../collections/deterministicMath.js";
import { durationOf } from "../../kernel/distribution.js";
import { type Distribution, durationMsMax } from "../../model/distributions.js";

/** Number of possible values of a draw. */
const draws = 0x1_0000_0000;

/** Share of a value by which no runtime's logarithm or exponential is wrong; theirs are wrong by some 1e-16. */
const doubt = 1e-11;

/** Draws below this and above the rest have a normal quantile that is made of logarithms. */
const tail = 0.02425;

/**
 * The duration that a draw stands for: whole ms, what `durationOf` returns. Exponential and lognormal durations are computed
 * with the runtime's own functions, several times as fast, and rounded only where any of their last bits would give the same
 * ms. In the other cases, one of some ten thousand, `durationOf` decides.
 */
export function quickDuration(distribution: Distribution, draw: number): number {
  if (typeof distribution === "object" && "kind" in distribution) {
    const share = (draw + 0.5) / draws;
    let ms = -1;
    if (distribution.kind === "exponential") ms = -distribution.meanMs * Math.log(1 - share);
    else if (distribution.kind === "lognormal" && share > tail && share < 1 - tail) {
      ms = distribution.medianMs * Math.exp(distribution.sigma * normalQuantile(share));
    }
    if (ms >= 0 && ms < durationMsMax) {
      const rounded = Math.floor(ms + 0.5);
      if (Math.abs(Math.abs(ms - rounded) - 0.5) > doubt * ms + doubt) return rounded;
    }
  }
  return durationOf(distribution, draw);
}
