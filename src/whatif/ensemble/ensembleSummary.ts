import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import type { Comparison } from "../../statistics/comparison.js";
import { defaultConfidence } from "../../statistics/interval.js";
import type { LimitVerdict } from "../../statistics/verdict.js";
import { assertResults } from "../assertInput.js";
import { byCodeUnit, canonicalJson } from "./canonicalJson.js";
import type { EnsembleResults } from "./ensembleResults.js";
import type { SeedRange } from "./ensembleSpec.js";
import { checkExpectation, type Expectation } from "./expectation.js";
import { compareDesigns, figuresOf, type MeasureFigures } from "./figures.js";
import { seedRangesOf } from "./seedRanges.js";
import type { FutureFailure } from "./shardResult.js";
import type { StopReport } from "./stopReport.js";

/** All figures of an ensemble, as plain data. */
export interface EnsembleSummary {
  readonly format: "replication-simulator/summary";
  readonly version: 1;
  /** Id of the ensemble. */
  readonly ensemble: string;
  readonly engine: { readonly version: string; readonly fingerprint: string };
  /** Seeds that the figures are made of: the first one, and how many. */
  readonly seeds: SeedRange;
  /** Ranges of these seeds; only where shards between them did not run. */
  readonly seedRanges?: readonly SeedRange[];
  readonly confidence: number;
  readonly designs: Readonly<Record<string, DesignSummary>>;
  /** What the run waited for; only where it was to end early. */
  readonly stop?: StopReport;
  /** Each further design against the first one: measure by measure. */
  readonly comparisons: Readonly<Record<string, Readonly<Record<string, Comparison>>>>;
}

/** Figures of one design. */
export interface DesignSummary {
  readonly measures: Readonly<Record<string, MeasureFigures>>;
  readonly expectations: Readonly<Record<string, LimitVerdict>>;
  readonly failures: readonly FutureFailure[];
}

/** Options of a summary. */
export interface SummaryOptions {
  readonly confidence?: number;
  /** Confidence of verdicts, where a run looked several times. Default: the same. */
  readonly verdictConfidence?: number;
  readonly expectations?: Readonly<Record<string, Expectation>>;
  readonly quantiles?: readonly number[];
  /** Only the first shards, where a run stopped early. */
  readonly shards?: number;
}

const optionNames: OptionNames<SummaryOptions> = {
  confidence: true,
  verdictConfidence: true,
  expectations: true,
  quantiles: true,
  shards: true,
};

/**
 * Computes all figures. The same shards give the same summary, whichever machine ran them and in any order.
 * @throws InvalidInputError for an unknown option
 */
export function summarize(results: EnsembleResults, options: SummaryOptions = {}): EnsembleSummary {
  assertKnownOptions(options, optionNames);
  assertResults(results);
  const {
    confidence = defaultConfidence,
    expectations = {},
    shards = results.shards,
    quantiles,
  } = options;
  const verdictConfidence = options.verdictConfidence ?? confidence;
  const { spec } = results;
  const isSketch = spec.keep === "sketch";
  const figureOptions = { confidence, shards, ...(quantiles === undefined ? {} : { quantiles }) };
  const ranges = seedRangesOf(results, shards);
  const first = ranges[0]?.first ?? spec.seeds.first;
  const [baseline, ...others] = spec.designs as [string, ...string[]]; // a plan has at least one
  const designs = spec.designs.map((design): readonly [string, DesignSummary] => [
    design,
    {
      measures: byName(results.measuresOf(design), (measure) =>
        figuresOf(results, design, measure, figureOptions),
      ),
      expectations: isSketch
        ? {}
        : byName(Object.keys(expectations), (name) =>
            checkExpectation(results, design, expectations[name] as Expectation, {
              confidence: verdictConfidence,
              shards,
            }),
          ),
      failures: results.failuresOf(design, shards),
    },
  ]);
  return {
    format: "replication-simulator/summary",
    version: 1,
    ensemble: results.id,
    engine: spec.engine,
    seeds: { first, count: results.futures(shards) },
    ...(ranges.length > 1 ? { seedRanges: ranges } : {}),
    confidence,
    designs: Object.fromEntries(designs),
    comparisons: isSketch
      ? {}
      : byName(others, (design) =>
          byName(measuresOfEither(results, baseline, design), (measure) =>
            compareDesigns(results, { baseline, design, measure }, { confidence, shards }),
          ),
        ),
  };
}

/** Returns the bytes of a summary; equal summaries have equal bytes. */
export function summaryJson(summary: EnsembleSummary): string {
  return canonicalJson(summary);
}

/** A design whose futures all threw has no measures of its own. */
function measuresOfEither(results: EnsembleResults, first: string, second: string) {
  const names = [...results.measuresOf(first), ...results.measuresOf(second)];
  return [...new Set(names)].sort(byCodeUnit);
}

function byName<T>(
  names: readonly string[],
  make: (name: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}
