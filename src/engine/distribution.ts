import { exp, ln, normalQuantile } from "../collections/deterministicMath.js";
import {
  type Distribution,
  durationMsMax,
  type NamedDistribution,
} from "../domain/distributions.js";

/** How many values a draw can have. */
const draws = 0x1_0000_0000;

/**
 * The duration that a draw of 32 bits stands for: whole ms, the same on every runtime. The draw is a share of the
 * distribution, and the duration its quantile, so that two worlds with the same luck and other figures keep their order.
 */
export function durationOf(distribution: Distribution, draw: number): number {
  if (typeof distribution === "number") return distribution;
  if (!("kind" in distribution)) {
    const { from, to } = distribution;
    return from + Math.floor((draw / draws) * (to - from + 1));
  }
  if (distribution.kind === "empirical") {
    return distribution.ms[Math.floor((draw / draws) * distribution.ms.length)] ?? 0;
  }
  // The middle of the draw's share, which is never 0 and never 1.
  const ms = quantile(distribution, (draw + 0.5) / draws);
  return Math.min(durationMsMax, Math.round(ms));
}

function quantile(
  distribution: Exclude<NamedDistribution, { readonly kind: "empirical" }>,
  share: number,
): number {
  switch (distribution.kind) {
    case "exponential":
      return -distribution.meanMs * ln(1 - share);
    case "weibull":
      return distribution.scaleMs * exp(ln(-ln(1 - share)) / distribution.shape);
    case "lognormal":
      return distribution.medianMs * exp(distribution.sigma * normalQuantile(share));
  }
}
