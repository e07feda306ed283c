import { exp, ln } from "../../collections/deterministicMath.js";
import type { Distribution, NamedDistribution } from "../../model/distributions.js";
import { normalTail } from "../../statistics/specialFunctions.js";

/*
 * The laws of clocks in whole ms, as the engine draws them: `durationOf` rounds to the nearest ms and to 1 ms at least, so
 * that a duration is over `ms` when the value before rounding is over `ms + 0.5`.
 */

/** Whether a law can be weighed against a proposal: a fixed time and a list of measured times have no density. */
export function hasDensity(law: Distribution): boolean {
  if (typeof law === "number") return false;
  return !("kind" in law) || law.kind !== "empirical";
}

/** Returns the logarithm of the probability that a duration is over `ms`; -Infinity where it cannot be. */
export function logTail(law: Distribution, ms: number): number {
  if (ms <= 0) return 0;
  if (typeof law === "number") return Math.max(1, law) > ms ? 0 : Number.NEGATIVE_INFINITY;
  if (!("kind" in law)) {
    const { from, to } = law;
    const values = to - from + 1;
    const above = Math.min(values, to - ms);
    return above > 0 ? ln(above / values) : Number.NEGATIVE_INFINITY;
  }
  if (law.kind === "empirical") {
    const above = law.ms.filter((value) => Math.max(1, value) > ms).length;
    return above > 0 ? ln(above / law.ms.length) : Number.NEGATIVE_INFINITY;
  }
  return logContinuousTail(law, ms + 0.5);
}

/** Returns the logarithm of the probability that a duration is `ms`, at least 1; -Infinity where it cannot be. */
export function logMass(law: Distribution, ms: number): number {
  if (typeof law !== "number" && "kind" in law && law.kind !== "empirical" && ms > fineMs) {
    return logDensity(law, ms);
  }
  const before = logTail(law, ms - 1);
  if (before === Number.NEGATIVE_INFINITY) return before;
  const share = -expm1(logTail(law, ms) - before);
  return share > 0 ? before + ln(share) : Number.NEGATIVE_INFINITY;
}

/** Returns e^x - 1 for x not above 0, without a loss of digits near 0. */
export function expm1(x: number): number {
  if (x < -1e-4) return exp(x) - 1;
  return x * (1 + (x / 2) * (1 + (x / 3) * (1 + x / 4)));
}

/** Above so many ms the density in the middle of a ms is its probability to one part in 10^7. */
const fineMs = 1000;

type Continuous = Exclude<NamedDistribution, { readonly kind: "empirical" }>;

function logContinuousTail(law: Continuous, at: number): number {
  switch (law.kind) {
    case "exponential":
      return -at / law.meanMs;
    case "weibull":
      return -exp(law.shape * ln(at / law.scaleMs));
    case "lognormal": {
      const tail = normalTail(ln(at / law.medianMs) / law.sigma);
      return tail > 0 ? ln(tail) : Number.NEGATIVE_INFINITY;
    }
  }
}

function logDensity(law: Continuous, at: number): number {
  switch (law.kind) {
    case "exponential":
      return -ln(law.meanMs) - at / law.meanMs;
    case "weibull": {
      const ratio = ln(at / law.scaleMs);
      return ln(law.shape / law.scaleMs) + (law.shape - 1) * ratio - exp(law.shape * ratio);
    }
    case "lognormal": {
      const z = ln(at / law.medianMs) / law.sigma;
      return -lnRootTwoPi - ln(law.sigma * at) - (z * z) / 2;
    }
  }
}

const lnRootTwoPi = 0.9189385332046728;
