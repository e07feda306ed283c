import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { checkpoints, confidenceOfLook } from "../../statistics/checkpoints.js";
import { defaultConfidence, relativeHalfWidth } from "../../statistics/interval.js";
import { type MeanEstimate, mean } from "../../statistics/mean.js";
import { assertAccepted, assertInput, assertPrepared, assertResults } from "../assertInput.js";
import { EnsembleResults, notOwnShard, otherEnsemble } from "./ensembleResults.js";
import { isShardOf, type Shard, shardsOf } from "./ensembleSpec.js";
import { type Executor, inline } from "./executor.js";
import { checkExpectation, type Expectation } from "./expectation.js";
import { totalsOf } from "./figures.js";
import type { PreparedEnsemble } from "./prepareEnsemble.js";
import type { ShardResult } from "./shardResult.js";

/** Progress of a run. */
export interface EnsembleProgress {
  /** Shards that are there, and of how many. */
  readonly shards: number;
  readonly of: number;
  /** Futures of each design that are there. */
  readonly futures: number;
  readonly futuresPerSecond: number;
  readonly leftMs: number;
  readonly duplicates: number;
}

/** Options of a run. */
export interface RunOptions {
  /** Default: in this thread. */
  readonly executor?: Executor;
  /** Ends the run; what is there is kept. */
  readonly signal?: AbortSignal;
  /** Results that are there already; the run adds to them. */
  readonly results?: EnsembleResults;
  /** Only these shards, as one machine of several. Default: all. */
  readonly shards?: readonly Shard[];
  /** Called with each new result. */
  readonly onResult?: (result: ShardResult) => void;
  /** Called with the progress after each new result. */
  readonly onProgress?: (progress: EnsembleProgress) => void;
  /** Asked at doubling checkpoints, of the first shards alone. */
  readonly stopWhen?: StopRule;
}

/** Returns whether the first `look.shards` shards are enough. */
export type StopRule = (results: EnsembleResults, look: Look) => boolean;

/** A moment at which a run may stop. */
export interface Look {
  /** Number of first shards that count. */
  readonly shards: number;
  /** Number of looks in the whole ensemble. */
  readonly looks: number;
}

/** Result of a run. */
export interface EnsembleRun {
  readonly results: EnsembleResults;
  /** Number of first shards that the figures use: all, or those at which the stop rule ended the run. */
  readonly shards: number;
  /** Whether every shard that was asked for is there, or the stop rule said enough. */
  readonly isComplete: boolean;
}

const optionNames: OptionNames<RunOptions> = {
  executor: true,
  signal: true,
  results: true,
  shards: true,
  onResult: true,
  onProgress: true,
  stopWhen: true,
};

/**
 * Runs an ensemble, or what is left of it.
 * @throws InvalidInputError for an unknown option
 * @throws EnsembleError `other-ensemble` for results of another ensemble, `shard-id` for a shard of another one
 */
export async function runEnsemble(
  prepared: PreparedEnsemble,
  options: RunOptions = {},
): Promise<EnsembleRun> {
  assertKnownOptions(options, optionNames);
  assertPrepared(prepared);
  const { executor = inline(), signal, stopWhen, onResult, onProgress } = options;
  assertExecutor(executor);
  const results = options.results ?? new EnsembleResults(prepared.spec);
  assertOwn(results, prepared);
  const requested = options.shards ?? shardsOf(prepared.spec, prepared.id);
  const expected = "a list of shards, as shardsOf returns it";
  assertAccepted(Array.isArray(requested), requested, { field: "shards", expected });
  for (const shard of requested) assertShard(shard, prepared);
  const open = requested.filter(({ index }) => !results.has(index));
  const looks = stopWhen === undefined ? [] : looksOf(results);
  const rate = new Rate(results, requested);
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted === true) abort();
  /** The first look that says enough; looks are taken in order, whatever the order of results. */
  const stoppedAt = (): number | undefined => {
    while (looks[0] !== undefined && results.prefix >= looks[0].shards) {
      const look = looks.shift() as Look; // it is there
      if (stopWhen?.(results, look) === true) return look.shards;
    }
    return undefined;
  };
  try {
    let enough = stoppedAt();
    if (enough === undefined && open.length > 0)
      for await (const result of executor.run(prepared, open, stop.signal)) {
        if (results.add(result)) {
          rate.count(result.count);
          onResult?.(result);
        }
        onProgress?.(rate.progress());
        enough = stoppedAt();
        if (enough !== undefined) break;
      }
    const isComplete = enough !== undefined || requested.every(({ index }) => results.has(index));
    return { results, shards: enough ?? results.shards, isComplete };
  } finally {
    stop.abort();
    signal?.removeEventListener("abort", abort);
  }
}

/** The looks of an ensemble, at whole shards; none at the end, where there is nothing left to save. */
export function looksOf({ spec, shards }: EnsembleResults): Look[] {
  const counts = checkpoints(spec.seeds.count).map((futures) =>
    Math.ceil(futures / spec.shardSize),
  );
  const distinct = [...new Set(counts)];
  return distinct
    .filter((count) => count < shards)
    .map((count) => ({ shards: count, looks: distinct.length }));
}

/**
 * Returns the rule that stops as soon as each mean is known to a relative half-width, in all designs.
 * @throws InvalidInputError for an unknown option
 */
export function untilHalfWidth(options: {
  /** 0.05 for ± 5 %. */
  readonly halfWidth: number;
  /** Default: all measures. */
  readonly measures?: readonly string[];
  readonly confidence?: number;
}): StopRule {
  assertKnownOptions(options, ["halfWidth", "measures", "confidence"]);
  const { halfWidth, measures, confidence = defaultConfidence } = options;
  return (results, { shards }) =>
    results.spec.designs.every((design) =>
      (measures ?? results.measures).every((measure) => {
        const { value, interval } = meanAt(results, { design, measure, shards, confidence });
        return relativeHalfWidth(value, interval) <= halfWidth;
      }),
    );
}

/**
 * Returns the mean of a measure over the first shards: of lists that of their sums. A sketch does not keep the sums of
 * lists, and has no mean of them.
 */
export function meanAt(
  results: EnsembleResults,
  {
    design,
    measure,
    shards,
    confidence = defaultConfidence,
  }: {
    readonly design: string;
    readonly measure: string;
    readonly shards: number;
    readonly confidence?: number;
  },
): MeanEstimate {
  if (results.spec.keep === "sketch") {
    const { sums, isList } = results.sketch(design, measure, shards);
    return mean(isList ? [] : sums.moments(), confidence);
  }
  return mean(totalsOf(results.column(design, measure, shards)), confidence);
}

/** Returns the rule that stops as soon as all expectations are decided in all designs, wrong in at most 5 of 100 cases. */
export function untilDecided(
  expectations: readonly Expectation[],
  confidence = defaultConfidence,
): StopRule {
  return (results, { shards, looks }) =>
    results.spec.designs.every((design) =>
      expectations.every((expectation) => {
        const ofLook = { confidence: confidenceOfLook(confidence, looks), shards };
        return checkExpectation(results, design, expectation, ofLook).verdict !== "undecided";
      }),
    );
}

/** Rate of incoming results. */
class Rate {
  readonly #results: EnsembleResults;
  readonly #requested: readonly Shard[];
  readonly #begun = performance.now();
  /** Shards and futures among the requested ones that were there at the beginning. */
  readonly #before: { readonly shards: number; readonly futures: number };
  #shards = 0;
  #futures = 0;

  constructor(results: EnsembleResults, requested: readonly Shard[]) {
    this.#results = results;
    this.#requested = requested;
    const there = requested.filter(({ index }) => results.has(index));
    const futures = there.reduce((sum, { count }) => sum + count, 0);
    this.#before = { shards: there.length, futures };
  }

  count(futures: number): void {
    this.#shards += 1;
    this.#futures += futures;
  }

  progress(): EnsembleProgress {
    const ms = Math.max(1, performance.now() - this.#begun);
    const { length: of } = this.#requested;
    const shards = this.#before.shards + this.#shards;
    return {
      shards,
      of,
      futures: this.#before.futures + this.#futures,
      futuresPerSecond: (this.#futures / ms) * 1000,
      leftMs: ((of - shards) / Math.max(1, this.#shards)) * ms,
      duplicates: this.#results.duplicates,
    };
  }
}

/** Refuses results of another scenario, seed range or version: their figures would be taken for those of this one. */
function assertOwn(results: EnsembleResults, { id }: PreparedEnsemble): void {
  assertResults(results);
  if (results.id === id) return;
  throw otherEnsemble("the results belong", results.id, id);
}

/** Refuses a shard of another ensemble. */
function assertShard(shard: Shard, { spec, id }: PreparedEnsemble): void {
  assertInput(shard, { field: "shards", expected: "shards, as shardsOf returns them" }, "index");
  if (isShardOf(spec, id, shard)) return;
  throw notOwnShard(shard.index);
}

function assertExecutor(executor: Executor): void {
  const expected = "an executor, as inline() returns it";
  assertInput(executor, { field: "executor", expected }, "run");
}
