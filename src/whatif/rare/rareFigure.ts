import { defaultConfidence, type Interval, notZeroMin } from "../../statistics/interval.js";
import { skewT } from "../../statistics/mean.js";
import { PowerSums } from "../../statistics/powerSums.js";
import type { RareMethod } from "./rareScenario.js";

/** Roots that an interval needs at least. */
export const rootsMin = 100;
/** Largest share of the sum that one root may have. */
export const largestShareMax = 0.1;

/** The probability of a rare event within the horizon, or what it would take to know it. */
export type RareFigure = RareEstimate | RareShortfall;

/** Findings of the roots, sufficient or not. */
export interface RareRoots {
  readonly method: RareMethod;
  readonly roots: number;
  /** Roots with a value other than zero. */
  readonly notZero: number;
  /** Share of the sum that the largest root has; 0 where all are zero. */
  readonly largestShare: number;
  /** Times that natural paths left health. */
  readonly departures: number;
  /** Copies in which the event happened. */
  readonly hits: number;
  /** Roots in which the event came without a departure from health. */
  readonly direct: number;
}

/** A probability with an interval. */
export interface RareEstimate extends RareRoots {
  readonly kind: "estimate";
  readonly probability: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly confidence: number;
}

/** No probability: the roots do not carry an interval. */
export interface RareShortfall extends RareRoots {
  readonly kind: "shortfall";
  /** Everything that fell short; never empty. */
  readonly reasons: readonly ShortfallReason[];
}

/** Reason of an insufficient estimate, and the next step. */
export interface ShortfallReason {
  readonly guard: "departures" | "direct" | "roots" | "notZero" | "largestShare";
  readonly found: number;
  /** Required minimum, or maximum for `largestShare` and `direct`. */
  readonly bound: number;
  readonly advice: string;
}

/** The columns of an ensemble of roots. */
export interface RootColumns {
  readonly values: ArrayLike<number>;
  readonly departures: ArrayLike<number>;
  readonly hits: ArrayLike<number>;
  readonly direct: ArrayLike<number>;
}

/**
 * Returns the probability of an event from the values of its roots: their mean, with a skewness-corrected interval. Without
 * at least 100 roots, 20 that are not zero, and none with more than 10 % of the sum there is no figure.
 */
export function rareFigure(
  { values, departures, hits, direct }: RootColumns,
  method: RareMethod,
  confidence = defaultConfidence,
): RareFigure {
  const moments = PowerSums.of(Array.from(values)).moments();
  const { count, notZero, mean } = moments;
  const largest = Array.from(values).reduce((most, value) => Math.max(most, value), 0);
  const roots: RareRoots = {
    method,
    roots: count,
    notZero,
    largestShare: largest === 0 ? 0 : largest / (mean * count),
    departures: sumOf(departures),
    hits: sumOf(hits),
    direct: sumOf(direct),
  };
  const reasons = shortfallsOf(roots);
  if (reasons.length > 0) return { kind: "shortfall", ...roots, reasons };
  const { low, high } = bounded(skewT(moments, confidence));
  return { kind: "estimate", ...roots, probability: mean, interval: { low, high }, confidence };
}

const nameLevel =
  "name a level that rises on the way to the event (--level), such as lagAbove=10s; for a frequent event use whatif run";

function shortfallsOf(roots: RareRoots): readonly ShortfallReason[] {
  const { roots: count, departures, direct, hits, notZero, largestShare } = roots;
  if (departures === 0) {
    return [{ guard: "departures", found: 0, bound: 1, advice: nameLevel }];
  }
  const isMostlyDirect = direct > 0 && direct * 2 > hits;
  const other =
    roots.method === "forced"
      ? "run more roots (--roots), or let --method restart show whether another step than failures is rare"
      : "run more roots (--roots), or more levels (--level) between health and the event";
  return [
    ...(isMostlyDirect
      ? [{ guard: "direct" as const, found: direct, bound: hits / 2, advice: nameLevel }]
      : []),
    ...(count < rootsMin
      ? [
          {
            guard: "roots" as const,
            found: count,
            bound: rootsMin,
            advice: "run more roots (--roots)",
          },
        ]
      : []),
    ...(notZero < notZeroMin
      ? [{ guard: "notZero" as const, found: notZero, bound: notZeroMin, advice: other }]
      : []),
    ...(largestShare > largestShareMax
      ? [
          {
            guard: "largestShare" as const,
            found: largestShare,
            bound: largestShareMax,
            advice: other,
          },
        ]
      : []),
  ];
}

function bounded({ low, high }: Interval): { readonly low: number; readonly high: number } {
  return { low: Math.max(0, low ?? 0), high: Math.min(1, high ?? 1) };
}

function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}
