import { defaultConfidence } from "../../statistics/interval.js";
import { mean } from "../../statistics/mean.js";
import { proportion } from "../../statistics/proportion.js";
import { quantile, quantileByFutures, sortedValues } from "../../statistics/quantile.js";
import {
  type Judgement,
  judgeMean,
  judgeProportion,
  judgeQuantile,
  type Limit,
} from "../../statistics/verdict.js";
import type { EnsembleResults, ResultColumn } from "./ensembleResults.js";
import { totalsOf } from "./figures.js";

/**
 * Expectation of a measure: its mean, a quantile of its values, or the share of futures in which it is above a value
 * (for a list: its sum).
 */
export type Expectation = (
  | { readonly mean: string }
  | { readonly quantile: number; readonly of: string }
  | { readonly share: string; readonly above: number }
) &
  Limit;

/** Judges an expectation on one design; only with `keep: "values"`. */
export function judgeExpectation(
  results: EnsembleResults,
  design: string,
  expectation: Expectation,
  {
    confidence = defaultConfidence,
    shards,
  }: { readonly confidence?: number; readonly shards?: number } = {},
): Judgement {
  const column = results.column(design, measureOf(expectation), shards);
  return judgeColumn(column, expectation, confidence);
}

/** Returns the name of the measure that an expectation is about. */
export function measureOf(expectation: Expectation): string {
  if ("mean" in expectation) return expectation.mean;
  return "share" in expectation ? expectation.share : expectation.of;
}

/** Judges an expectation on a column of values. */
export function judgeColumn(
  column: ResultColumn,
  expectation: Expectation,
  confidence = defaultConfidence,
): Judgement {
  const totals = totalsOf(column);
  if ("mean" in expectation) return judgeMean(mean(totals, confidence), expectation);
  if ("share" in expectation) {
    const above = totals.filter((total) => total > expectation.above).length;
    return judgeProportion(proportion(above, totals.length, confidence), expectation);
  }
  const { values, lengths } = column;
  const sorted = sortedValues(values);
  const bound = "atMost" in expectation ? expectation.atMost : expectation.atLeast;
  const below = sorted.filter((value) => value <= bound).length;
  const estimate =
    lengths === undefined
      ? quantile(sorted, expectation.quantile, confidence)
      : quantileByFutures({ values, lengths }, sorted, expectation.quantile, confidence);
  const judgement = judgeQuantile(
    estimate,
    expectation,
    proportion(below, sorted.length, confidence),
  );
  if (lengths === undefined || judgement.futuresToDecide === null || sorted.length === 0)
    return judgement;
  // The number of values that would decide, as futures.
  return {
    ...judgement,
    futuresToDecide: Math.ceil((judgement.futuresToDecide * lengths.length) / sorted.length),
  };
}
