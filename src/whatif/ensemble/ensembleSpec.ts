import type { Json, JsonObject } from "../../wire/json.js";
import { assertSpec } from "../assertInput.js";
import type { Engine } from "../compiled/engine.js";
import { canonicalJson, digest } from "./canonicalJson.js";

/**
 * Location of the scenario of an ensemble: in the ensemble itself, or in a module that every worker can import. A
 * module is an absolute URL or the name of a package. `rare` is the setup of a rare event, whose futures are roots.
 */
export type ScenarioReference =
  | {
      readonly data: Json;
      /** Requested engine, if any; another engine makes another ensemble. */
      readonly engine?: Exclude<Engine, "auto">;
    }
  | { readonly rare: Json }
  | {
      readonly module: string;
      /** Default "default". */
      readonly export?: string;
      /** Options of the simulator of each future, where the module exports a function. */
      readonly world?: Json;
      /** For a module that exports a function: what it is given for each design. */
      readonly designs?: JsonObject;
    };

/** An ensemble as plain data: any process that has this package can run any part of it. */
export interface EnsembleSpec {
  readonly format: "replication-simulator/ensemble";
  readonly version: 1;
  readonly scenario: ScenarioReference;
  /** The designs that are run, each on the same seeds. */
  readonly designs: readonly string[];
  readonly seeds: SeedRange;
  /** Seeds of a shard; the last shard may have fewer. */
  readonly shardSize: number;
  /** "values" keeps every value; "sketch" keeps exact sums and counts in buckets (quantiles within 0.4 %). */
  readonly keep: "values" | "sketch";
  /** Version and behaviour of the planner's engine. */
  readonly engine: { readonly version: string; readonly fingerprint: string };
  /** Source of the scenario, and the outcomes of its first futures. */
  readonly probe: { readonly source: string; readonly facts: string };
}

/** The whole numbers from `first` on. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
}

/** A part of an ensemble: some consecutive seeds, in all designs. */
export interface Shard {
  /** The digest of ensemble, first seed and count. */
  readonly id: string;
  readonly index: number;
  readonly first: number;
  readonly count: number;
}

/** Returns the digest that names an ensemble. */
export function idOfEnsemble(spec: EnsembleSpec): string {
  return digest(canonicalJson(spec));
}

/** Returns the id of a shard. */
export function idOfShard(ensemble: string, { first, count }: SeedRange): string {
  return digest(`${ensemble}:${String(first)}+${String(count)}`);
}

/** Returns all shards, in the order of their seeds. */
export function shardsOf(spec: EnsembleSpec, ensemble = idOfEnsemble(spec)): readonly Shard[] {
  assertSpec(spec);
  const { seeds, shardSize } = spec;
  return Array.from({ length: shardCount(spec) }, (_, index) => {
    const first = seeds.first + index * shardSize;
    const count = Math.min(shardSize, seeds.first + seeds.count - first);
    return { id: idOfShard(ensemble, { first, count }), index, first, count };
  });
}

/** Returns how many shards an ensemble has. */
export function shardCount({
  seeds,
  shardSize,
}: Pick<EnsembleSpec, "seeds" | "shardSize">): number {
  return Math.ceil(seeds.count / shardSize);
}

/** Whether a shard is one of an ensemble: its seeds and its id are those of the shard with its index. */
export function isShardOf(
  { seeds, shardSize }: EnsembleSpec,
  ensemble: string,
  { index, first, count, id }: Shard,
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index * shardSize >= seeds.count) return false;
  const own = {
    first: seeds.first + index * shardSize,
    count: Math.min(shardSize, seeds.count - index * shardSize),
  };
  return first === own.first && count === own.count && id === idOfShard(ensemble, own);
}

/**
 * Returns the seeds of a shard where nothing is asked: 1, 2 or 5 times a power of ten, about a 32nd of the whole, at most
 * 1,000. It depends on nothing but the count, so machines that share the work cut it alike.
 */
export function defaultShardSize(count: number): number {
  const wanted = Math.min(1000, Math.max(5, count / 32));
  let size = 5;
  for (const step of [10, 20, 50, 100, 200, 500, 1000]) if (step <= wanted) size = step;
  return size;
}
