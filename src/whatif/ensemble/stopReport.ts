import { relativeHalfWidth } from "../../statistics/interval.js";
import type { EnsembleResults } from "./ensembleResults.js";
import { brokenPrefix } from "./outcome.js";
import { looksOf, meanAt } from "./runEnsemble.js";

/** What a run that was to end early waited for. */
export interface StopReport {
  /** Half the width of an interval as a share of its mean, or the verdicts on all expectations. */
  readonly until: { readonly halfWidth: number } | "decided";
  /** Each mean or expectation of each design that was waited for. */
  readonly figures: readonly StopFigure[];
}

/** One figure that a run waited for. */
export interface StopFigure {
  readonly design: string;
  /** Name of the measure or of the expectation. */
  readonly name: string;
  /** Futures at the first checkpoint where it was known well enough, or decided; null where it never was. */
  readonly futures: number | null;
  /** Half the width of its interval as a share of the mean at the end; null without an interval, and for an expectation. */
  readonly halfWidth: number | null;
}

/** Returns the measures of a design that are no counts of broken expectations. */
export function measuresOfDesign(results: EnsembleResults, design: string): readonly string[] {
  return results.measuresOf(design).filter((name) => !name.startsWith(brokenPrefix));
}

/** Reports at how many futures each mean was known to a relative half-width. */
export function reportHalfWidths(
  results: EnsembleResults,
  {
    halfWidth,
    of,
    shards,
  }: { readonly halfWidth: number; readonly of?: string; readonly shards: number },
): StopReport {
  const figures = results.spec.designs.flatMap((design) =>
    (of === undefined ? measuresOfDesign(results, design) : [of]).map((name): StopFigure => {
      const widthAt = (count: number): number => {
        const { value, interval } = meanAt(results, { design, measure: name, shards: count });
        return relativeHalfWidth(value, interval);
      };
      const atEnd = widthAt(shards);
      return {
        design,
        name,
        futures: firstLook(results, shards, (count) => widthAt(count) <= halfWidth),
        halfWidth: Number.isFinite(atEnd) ? atEnd : null,
      };
    }),
  );
  return { until: { halfWidth }, figures };
}

/** A verdict of a design, and whether it counts as decided. */
export interface Decision {
  readonly design: string;
  readonly name: string;
  readonly isDecided: boolean;
}

/** Reports at how many futures each expectation was decided. */
export function reportDecisions(
  results: EnsembleResults,
  shards: number,
  decisionsAt: (shards: number) => readonly Decision[],
): StopReport {
  const looks = looksUntil(results, shards).map(decisionsAt);
  const figures = (looks[0] ?? []).map(({ design, name }, at): StopFigure => {
    const first = looks.findIndex((decisions) => decisions[at]?.isDecided === true);
    const decidedAt = looksUntil(results, shards)[first];
    return {
      design,
      name,
      futures: decidedAt === undefined ? null : results.futures(decidedAt),
      halfWidth: null,
    };
  });
  return { until: "decided", figures };
}

/** Returns the first shards of each checkpoint, the end included. */
function looksUntil(results: EnsembleResults, shards: number): readonly number[] {
  const before = looksOf(results).filter((look) => look.shards < shards);
  return [...before.map((look) => look.shards), shards];
}

/** Returns the futures of the first checkpoint at which something holds, the end included; null where it never does. */
function firstLook(
  results: EnsembleResults,
  shards: number,
  holds: (shards: number) => boolean,
): number | null {
  const first = looksUntil(results, shards).find(holds);
  return first === undefined ? null : results.futures(first);
}
