import { defaultConfidence } from "../../statistics/interval.js";
import { mean } from "../../statistics/mean.js";
import { proportion } from "../../statistics/proportion.js";
import { quantile, quantileByFutures, sortedValues } from "../../statistics/quantile.js";
import {
  checkMean,
  checkProportion,
  checkQuantile,
  type Limit,
  type LimitVerdict,
} from "../../statistics/verdict.js";
import { assertAccepted, assertInput } from "../assertInput.js";
import type { EnsembleResults, ResultColumn } from "./ensembleResults.js";
import { sketchHasNoValues, totalsOf } from "./figures.js";

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

/**
 * Checks an expectation on one design.
 * @throws EnsembleError `spec-input` for results that were kept as a sketch
 */
export function checkExpectation(
  results: EnsembleResults,
  design: string,
  expectation: Expectation,
  {
    confidence = defaultConfidence,
    shards,
  }: { readonly confidence?: number; readonly shards?: number } = {},
): LimitVerdict {
  if (results.spec.keep === "sketch") throw sketchHasNoValues("check expectations");
  const column = results.column(design, measureOf(expectation), shards);
  return checkColumn(column, expectation, confidence);
}

/**
 * Checks an expectation on what a sketch keeps exactly, which is the mean of a measure with one number a future. Anything
 * else is undecided.
 */
export function checkInSketch(
  results: EnsembleResults,
  design: string,
  expectation: Expectation,
  {
    confidence = defaultConfidence,
    shards,
  }: { readonly confidence?: number; readonly shards?: number } = {},
): LimitVerdict {
  const { sums, isList } = results.sketch(design, measureOf(expectation), shards);
  const moments = sums.moments();
  if (isList || moments.count === 0 || !("mean" in expectation)) return undecided(confidence);
  return checkMean(mean(moments, confidence), expectation);
}

function undecided(confidence: number): LimitVerdict {
  return { verdict: "undecided", value: null, interval: null, confidence, futuresToDecide: null };
}

/** Refuses an expectation without a figure or a bound. */
function assertExpectation(expectation: Expectation): void {
  const about = {
    field: "expectation",
    expected: "a mean, share or quantile with atMost or atLeast",
  };
  assertInput(expectation, about);
  const { atMost, atLeast, ...figure } = expectation as { atMost?: unknown; atLeast?: unknown };
  const isFigure = "mean" in figure || "share" in figure || "quantile" in figure;
  const isBounded = Number.isFinite(atMost) || Number.isFinite(atLeast);
  assertAccepted(isFigure && isBounded, expectation, about);
}

/** Returns the name of the measure that an expectation is about. */
export function measureOf(expectation: Expectation): string {
  if ("mean" in expectation) return expectation.mean;
  return "share" in expectation ? expectation.share : expectation.of;
}

/** Checks an expectation on a column of values. */
export function checkColumn(
  column: ResultColumn,
  expectation: Expectation,
  confidence = defaultConfidence,
): LimitVerdict {
  assertInput(column, { field: "column", expected: "a column of values" }, "values", "seeds");
  assertExpectation(expectation);
  const totals = totalsOf(column);
  // All futures threw: there is no figure.
  if (totals.length === 0) return undecided(confidence);
  if ("mean" in expectation) return checkMean(mean(totals, confidence), expectation);
  if ("share" in expectation) {
    const above = totals.filter((total) => total > expectation.above).length;
    return checkProportion(proportion(above, totals.length, confidence), expectation);
  }
  const { values, lengths } = column;
  const sorted = sortedValues(values);
  const bound = "atMost" in expectation ? expectation.atMost : expectation.atLeast;
  const below = sorted.filter((value) => value <= bound).length;
  const estimate =
    lengths === undefined
      ? quantile(sorted, expectation.quantile, confidence)
      : quantileByFutures({ values, lengths }, sorted, expectation.quantile, confidence);
  const limitVerdict = checkQuantile(
    estimate,
    expectation,
    proportion(below, sorted.length, confidence),
  );
  if (lengths === undefined || limitVerdict.futuresToDecide === null || sorted.length === 0)
    return limitVerdict;
  // The number of values that would decide, as futures.
  return {
    ...limitVerdict,
    futuresToDecide: Math.ceil((limitVerdict.futuresToDecide * lengths.length) / sorted.length),
  };
}
