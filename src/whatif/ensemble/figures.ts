import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { type Comparison, comparePairs } from "../../statistics/comparison.js";
import { defaultConfidence, type Interval } from "../../statistics/interval.js";
import { type MeanEstimate, mean } from "../../statistics/mean.js";
import {
  type QuantileEstimate,
  quantile,
  quantileByFutures,
  quantileRanks,
  sortedValues,
} from "../../statistics/quantile.js";
import { assertInput, assertResults } from "../assertInput.js";
import { EnsembleError } from "./ensembleError.js";
import type { EnsembleResults, ResultColumn } from "./ensembleResults.js";
import { type MeasureSketch, worstOf } from "./shardResult.js";

/** Figures of one measure in one design. */
export type MeasureFigures = NumberFigures | ListFigures;

/** A measure that is one number a future. */
export interface NumberFigures extends CommonFigures {
  readonly kind: "number";
  readonly mean: MeanEstimate;
}

/** A measure that is a list a future, such as the length of each interruption. */
export interface ListFigures extends CommonFigures {
  readonly kind: "list";
  /** Number of values of a future; `null` in a sketch, which does not store it. */
  readonly perFuture: MeanEstimate | null;
  /** Mean of all values of all futures; `null` where there are none. */
  readonly mean: { readonly value: number; readonly interval: Interval | null } | null;
}

/** Figures of every measure. */
export interface CommonFigures {
  /** Number of values. */
  readonly count: number;
  readonly quantiles: readonly QuantileEstimate[];
  readonly least: number | null;
  readonly greatest: number | null;
  /** Seeds with the largest values: exhibits to look at, not estimates. */
  readonly worst: readonly { readonly seed: number; readonly value: number }[];
}

/** Quantiles that are computed where none are named. */
export const defaultQuantiles = [0.5, 0.95, 0.99] as const;

/** Which part of the results, and how sure. */
export interface FigureOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 0.5, 0.95 and 0.99. */
  readonly quantiles?: readonly number[];
  /** Only the first shards. Default: all. */
  readonly shards?: number;
}

const optionNames: OptionNames<FigureOptions> = { confidence: true, quantiles: true, shards: true };

/**
 * Returns the figures of one measure of one design.
 * @throws InvalidInputError for an unknown option
 * @throws EnsembleError for an unknown design or measure
 */
export function figuresOf(
  results: EnsembleResults,
  design: string,
  measure: string,
  options: FigureOptions = {},
): MeasureFigures {
  assertKnownOptions(options, optionNames);
  assertResults(results);
  return results.spec.keep === "sketch"
    ? figuresOfSketch(results.sketch(design, measure, options.shards), measure, options)
    : figuresOfColumn(results.column(design, measure, options.shards), options);
}

/** Returns the figures of a column of values. */
export function figuresOfColumn(
  column: ResultColumn,
  { confidence = defaultConfidence, quantiles = defaultQuantiles }: FigureOptions = {},
): MeasureFigures {
  const { values, lengths } = column;
  const sorted = sortedValues(values);
  const common: CommonFigures = {
    count: values.length,
    quantiles: quantiles.map((share) =>
      lengths === undefined
        ? quantile(sorted, share, confidence)
        : quantileByFutures({ values, lengths }, sorted, share, confidence),
    ),
    least: sorted[0] ?? null,
    greatest: sorted[sorted.length - 1] ?? null,
    worst: worstSeeds(column),
  };
  if (lengths === undefined) return { kind: "number", ...common, mean: mean(values, confidence) };
  const perFuture = mean(lengths, confidence);
  const ratio = comparePairs(lengths, totalsOf(column), confidence).ratio;
  return {
    kind: "list",
    ...common,
    perFuture,
    mean: ratio === null ? null : { value: ratio.value, interval: ratio.interval },
  };
}

/** Returns one number a future: the value, or the sum of its list. */
export function totalsOf({ values, lengths }: ResultColumn): Float64Array {
  if (lengths === undefined) return values;
  const totals = new Float64Array(lengths.length);
  let at = 0;
  for (let future = 0; future < lengths.length; future++) {
    const end = at + (lengths[future] as number);
    for (; at < end; at++) totals[future] = (totals[future] as number) + (values[at] as number);
  }
  return totals;
}

/**
 * Compares a measure of two designs, future by future; lists by their sums. Futures that threw in either are left out.
 * @throws InvalidInputError for an unknown option
 * @throws EnsembleError for results that were kept as a sketch, and for an unknown design or measure
 */
export function compareDesigns(
  results: EnsembleResults,
  pair: { readonly baseline: string; readonly design: string; readonly measure: string },
  options: FigureOptions = {},
): Comparison {
  assertKnownOptions(options, optionNames);
  assertResults(results);
  const expected = "an object with baseline, design and measure";
  assertInput(pair, { field: "pair", expected }, "baseline", "design", "measure");
  const { baseline, design, measure } = pair;
  const { confidence = defaultConfidence, shards } = options;
  if (results.spec.keep === "sketch") throw sketchHasNoValues("compare designs");
  const columns = [baseline, design].map((each) => results.column(each, measure, shards));
  const [first, second] = totalsOnCommonSeeds(columns) as [Float64Array, Float64Array];
  return comparePairs(first, second, confidence);
}

/** The error of what needs the value of each future. */
export function sketchHasNoValues(purpose: string): EnsembleError {
  const message = `a sketch keeps no value of a future; plan the ensemble with keep: "values" to ${purpose}`;
  return new EnsembleError("spec-input", message, {
    field: "keep",
    value: "sketch",
    allowed: "values",
  });
}

/** Returns one number a future for each column, of the seeds that all columns have: row by row the same futures. */
export function totalsOnCommonSeeds(columns: readonly ResultColumn[]): readonly Float64Array[] {
  const [first, ...others] = columns;
  const isSame = others.every(
    ({ seeds }) =>
      seeds.length === first?.seeds.length && seeds.every((seed, at) => seed === first.seeds[at]),
  );
  if (isSame) return columns.map(totalsOf);
  const known = columns.map(({ seeds }) => new Set(seeds));
  return columns.map((column) =>
    totalsOf(column).filter((_, at) => {
      const seed = column.seeds[at] as number;
      return known.every((seeds) => seeds.has(seed));
    }),
  );
}

function worstSeeds({ values, lengths, seeds }: ResultColumn): CommonFigures["worst"] {
  const tops: (readonly [number, number])[] = [];
  let at = 0;
  let least = -Infinity;
  for (let future = 0; future < seeds.length; future++) {
    const end = at + (lengths === undefined ? 1 : (lengths[future] as number));
    let top = -Infinity;
    for (; at < end; at++) top = Math.max(top, values[at] as number);
    if (top <= least) continue;
    tops.push([top, seeds[future] as number]);
    // A million futures are not sorted for the sake of ten.
    if (tops.length < 1000) continue;
    tops.splice(0, tops.length, ...worstOf(tops));
    least = tops[tops.length - 1]?.[0] ?? -Infinity;
  }
  return worstOf(tops).map(([value, seed]) => ({ seed, value }));
}

function figuresOfSketch(
  sketch: MeasureSketch,
  measure: string,
  { confidence = defaultConfidence, quantiles = defaultQuantiles }: FigureOptions,
): MeasureFigures {
  const moments = sketch.sums.moments();
  const { count } = moments;
  const { least, greatest, isList } = sketch;
  if (least !== null && greatest !== null && least > 0.5 && greatest <= 1 && least < 1)
    throw new EnsembleError(
      "share-in-sketch",
      `measure ${measure} is a share near 1, of which a sketch keeps no digits; measure what is lost instead, as a duration`,
      { field: measure, value: least },
    );
  const at = (rank: number | null): number | null =>
    rank === null || count === 0 ? null : sketch.counts.atRank(rank);
  const common: CommonFigures = {
    count,
    quantiles: quantiles.map((share) => {
      // Values of one future resemble each other, and a sketch does not know which they are.
      const ranks =
        isList || count === 0 ? { low: null, high: null } : quantileRanks(count, share, confidence);
      return {
        share,
        value: at(Math.max(1, Math.ceil(share * count))),
        interval: { low: at(ranks.low), high: at(ranks.high) },
        confidence,
        count,
      };
    }),
    least,
    greatest,
    worst: sketch.worst.map(([value, seed]) => ({ seed, value })),
  };
  if (!isList) return { kind: "number", ...common, mean: mean(moments, confidence) };
  return {
    kind: "list",
    ...common,
    perFuture: null,
    mean: count === 0 ? null : { value: moments.mean, interval: null },
  };
}
