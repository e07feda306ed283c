import { exp, ln, normalQuantile } from "../collections/deterministicMath.js";
import {
  type Distribution,
  durationMsMax,
  type NamedDistribution,
} from "../model/distributions.js";
import { normalTail } from "../statistics/specialFunctions.js";

/** Number of values that a draw can have. */
const draws = 0x1_0000_0000;

/**
 * Returns the duration of a 32-bit draw in integer ms, equal on every runtime. The draw is a share of the distribution
 * and the duration its quantile, so that two worlds with equal draws and different parameters keep their order.
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

/**
 * Returns the duration of a 32-bit draw, given that it is longer than `ageMs`: the exact conditional quantile of each
 * kind of distribution. A fixed duration stays as it is.
 */
export function durationBeyond(
  distribution: Distribution,
  { ageMs, draw }: { readonly ageMs: number; readonly draw: number },
): number {
  if (typeof distribution === "number") return distribution;
  const least = ageMs + 1;
  if (!("kind" in distribution)) {
    const from = Math.max(distribution.from, least);
    return from + Math.floor((draw / draws) * Math.max(1, distribution.to - from + 1));
  }
  if (distribution.kind === "empirical") {
    const left = distribution.ms.filter((ms) => ms > ageMs);
    return left[Math.floor((draw / draws) * left.length)] ?? least;
  }
  // An integer duration over the age was at least half a ms over it before rounding.
  const ms = quantileBeyond(distribution, ageMs + 0.5, (draw + 0.5) / draws);
  return Math.min(durationMsMax, Math.max(least, Math.round(ms)));
}

function quantileBeyond(
  distribution: Exclude<NamedDistribution, { readonly kind: "empirical" }>,
  beyond: number,
  share: number,
): number {
  switch (distribution.kind) {
    case "exponential":
      return beyond - distribution.meanMs * ln(1 - share);
    case "weibull": {
      const { scaleMs, shape } = distribution;
      const hazard = exp(shape * ln(beyond / scaleMs)) - ln(1 - share);
      return scaleMs * exp(ln(hazard) / shape);
    }
    case "lognormal": {
      const { medianMs, sigma } = distribution;
      const survival = normalTail(ln(beyond / medianMs) / sigma);
      const left = survival * (1 - share);
      // Too far out in the tail for a double to represent: it ends now.
      return left > 0 ? medianMs * exp(-sigma * normalQuantile(left)) : beyond;
    }
  }
}
