import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import { assertSpec } from "../assertInput.js";
import { byCodeUnit, canonicalJson } from "./canonicalJson.js";
import { assertWhole, EnsembleError, unknownName } from "./ensembleError.js";
import { type EnsembleSpec, idOfEnsemble, isShardOf, shardCount } from "./ensembleSpec.js";
import { brokenPrefix } from "./outcome.js";
import type { Column } from "./outcomeColumns.js";
import {
  type DesignResult,
  type FutureFailure,
  MeasureSketch,
  type MeasureSketchJson,
  type ShardResult,
} from "./shardResult.js";

/** Numbers that are kept at most: 256 MB. */
const defaultValuesMax = 32_000_000;

/** All values of one measure of one design, in the order of the seeds. */
export interface ResultColumn {
  readonly values: Float64Array;
  /** Number of values of each future, if the measure is a list. */
  readonly lengths?: Uint32Array;
  /** The seed of each future. */
  readonly seeds: Float64Array;
}

interface PackedColumn {
  readonly values: Float64Array;
  readonly lengths?: Uint32Array;
}

interface PackedDesign {
  readonly columns: ReadonlyMap<string, PackedColumn>;
  readonly sketches: ReadonlyMap<string, MeasureSketch>;
  readonly failures: readonly FutureFailure[];
}

interface PackedShard {
  readonly first: number;
  readonly count: number;
  readonly designs: ReadonlyMap<string, PackedDesign>;
}

/**
 * Results of an ensemble so far. Adding is idempotent and order does not matter: figures are computed from columns in
 * the order of the seeds, so equal shards always give equal bytes.
 */
export class EnsembleResults {
  readonly spec: EnsembleSpec;
  /** Id of the ensemble. */
  readonly id: string;
  /** Shards of the whole ensemble. */
  readonly shards: number;
  /** Results that came again and were left out. */
  duplicates = 0;
  readonly #kept = new Map<number, PackedShard>();
  readonly #valuesMax: number;
  #values = 0;
  #prefix = 0;
  #measures: string | undefined;
  /** Names of the measures of all designs; empty while no future has values. */
  readonly #names = new Set<string>();

  /**
   * Creates empty results of an ensemble.
   *
   * @param options - `valuesMax`: the most numbers to keep, default 32 million (256 MB)
   * @throws InvalidInputError for an unknown option
   */
  constructor(spec: EnsembleSpec, options: { readonly valuesMax?: number } = {}) {
    assertKnownOptions(options, ["valuesMax"]);
    assertSpec(spec);
    this.#valuesMax = options.valuesMax ?? defaultValuesMax;
    this.spec = spec;
    this.id = idOfEnsemble(spec);
    this.shards = shardCount(spec);
  }

  /**
   * Adds the result of a shard.
   *
   * @returns whether it is new; false: the same result was there already
   * @throws EnsembleError `other-ensemble`, `shard-id`, `not-deterministic`, `measure-names`, `too-many-values`
   */
  add(result: ShardResult): boolean {
    this.#check(result);
    const before = this.#kept.get(result.index);
    if (before !== undefined) {
      if (textOf(before) !== textOf(packedShard(result))) throw throwReplayMismatch(result);
      this.duplicates += 1;
      return false;
    }
    this.#checkMeasures(result);
    const packed = packedShard(result);
    this.#count(packed);
    this.#kept.set(result.index, packed);
    return true;
  }

  /** Whether the result of a shard is there. */
  has(index: number): boolean {
    return this.#kept.has(index);
  }

  /** Number of completed shards. */
  get done(): number {
    return this.#kept.size;
  }

  /** Number of completed shards from the first on without a gap. */
  get prefix(): number {
    while (this.#kept.has(this.#prefix)) this.#prefix++;
    return this.#prefix;
  }

  /** Names of all measures, in the order of their names; none before the first result. */
  get measures(): readonly string[] {
    return [...this.#names].sort(byCodeUnit);
  }

  /**
   * Names of the measures of a design, in the order of their names; none where all its futures threw.
   * @throws EnsembleError `design-name`
   */
  measuresOf(design: string): readonly string[] {
    this.#assertDesign(design);
    const names = new Set<string>();
    for (const { designs } of this.#kept.values()) {
      const found = designs.get(design);
      for (const name of found?.columns.keys() ?? []) names.add(name);
      for (const name of found?.sketches.keys() ?? []) names.add(name);
    }
    return [...names].sort(byCodeUnit);
  }

  /**
   * Futures of a design that threw, among the first shards.
   * @throws EnsembleError `design-name`, `spec-input`
   */
  failuresOf(design: string, shards = this.shards): readonly FutureFailure[] {
    this.#assertDesign(design);
    return this.#inOrder(shards).flatMap(({ designs }) => designs.get(design)?.failures ?? []);
  }

  /** Number of futures of each design in the first shards, failed ones included. */
  futures(shards = this.shards): number {
    return this.#inOrder(shards).reduce((sum, { count }) => sum + count, 0);
  }

  /**
   * All values of a measure, among the first shards; only with `keep: "values"`.
   * @throws EnsembleError `design-name`, `measure-names`, `spec-input`
   */
  column(design: string, measure: string, shards = this.shards): ResultColumn {
    this.#assertNames(design, measure);
    const parts = this.#inOrder(shards).map((shard) => {
      const found = shard.designs.get(design);
      const column = found?.columns.get(measure);
      return { seeds: column === undefined ? [] : seedsOf(shard, found?.failures ?? []), column };
    });
    const total = (size: (part: (typeof parts)[number]) => number): number =>
      parts.reduce((sum, part) => sum + size(part), 0);
    const values = new Float64Array(total(({ column }) => column?.values.length ?? 0));
    const seeds = new Float64Array(total((part) => part.seeds.length));
    const lengths = new Uint32Array(total(({ column }) => column?.lengths?.length ?? 0));
    let [value, future, list] = [0, 0, 0];
    for (const part of parts) {
      seeds.set(part.seeds, future);
      future += part.seeds.length;
      if (part.column === undefined) continue;
      values.set(part.column.values, value);
      value += part.column.values.length;
      lengths.set(part.column.lengths ?? [], list);
      list += part.column.lengths?.length ?? 0;
    }
    const isList = parts.some(({ column }) => column?.lengths !== undefined);
    return isList ? { values, lengths, seeds } : { values, seeds };
  }

  /** Returns the merged sketch of a measure in the first shards; only with `keep: "sketch"`. @internal */
  sketch(design: string, measure: string, shards = this.shards): MeasureSketch {
    this.#assertNames(design, measure);
    let merged: MeasureSketch | undefined;
    for (const { designs } of this.#inOrder(shards)) {
      const part = designs.get(design)?.sketches.get(measure);
      if (part === undefined) continue;
      // Stored sketches are not changed, so the first one is copied too.
      merged ??= new MeasureSketch(part.isList);
      merged.merge(part);
    }
    return merged ?? new MeasureSketch(false);
  }

  #assertDesign(design: string): void {
    if (!this.spec.designs.includes(design)) throw unknownName("design", design, this.spec.designs);
  }

  /** Before the first result no measure is known, and none is refused. */
  #assertNames(design: string, measure: string): void {
    this.#assertDesign(design);
    if (this.#names.size === 0 || this.#names.has(measure)) return;
    throw unknownName("measure", measure, this.measures);
  }

  #inOrder(shards: number): readonly PackedShard[] {
    assertWhole("shards", shards, { min: 0 });
    const indices = [...this.#kept.keys()].filter((index) => index < shards).sort((a, b) => a - b);
    return indices.map((index) => this.#kept.get(index) as PackedShard); // keys of the same map
  }

  #check(result: ShardResult): void {
    if (result.ensemble !== this.id)
      throw otherEnsemble("the result belongs", result.ensemble, this.id);
    if (!isShardOf(this.spec, this.id, result)) throw notOwnShard(result.index);
  }

  #checkMeasures(result: ShardResult): void {
    for (const design of this.spec.designs) {
      const { columns, sketches } = result.designs[design] ?? { columns: {} };
      const parts: readonly (readonly [string, Column | MeasureSketchJson])[] = Object.entries(
        columns ?? sketches ?? {},
      );
      if (parts.length === 0) continue;
      // Designs may expect different things, and check them in steps of their own.
      const names = parts
        .filter(([name]) => !name.startsWith(brokenPrefix))
        .map(([name, part]) => (isList(part) ? `${name}[]` : name))
        .sort(byCodeUnit)
        .join(", ");
      this.#measures ??= names;
      if (this.#measures !== names)
        throw new EnsembleError(
          "measure-names",
          `shard ${String(result.index)} of design ${design} measures ${names}, others ${this.#measures}; each future must return the same names`,
        );
      for (const [name] of parts) this.#names.add(name);
    }
  }

  #count({ designs }: PackedShard): void {
    let more = 0;
    for (const { columns } of designs.values())
      for (const { values, lengths } of columns.values())
        more += values.length + (lengths?.length ?? 0) / 2;
    if (this.#values + more > this.#valuesMax)
      throw new EnsembleError(
        "too-many-values",
        `more than ${String(this.#valuesMax)} values cannot be kept; plan the ensemble with keep: "sketch", or with fewer futures, designs or measures`,
      );
    this.#values += more;
  }
}

/** Returns the error of a result of another ensemble. */
export function otherEnsemble(belongs: string, other: string, own: string): EnsembleError {
  return new EnsembleError(
    "other-ensemble",
    `${belongs} to ensemble ${other.slice(0, 8)}, not to ${own.slice(0, 8)}; use results of the same scenario, seed range and version`,
    { field: "results", value: other, allowed: own },
  );
}

/** Returns the error of a shard of another ensemble. */
export function notOwnShard(index: number): EnsembleError {
  return new EnsembleError(
    "shard-id",
    `shard ${String(index)} is none of this ensemble or carries the id of another one`,
  );
}

function isList(part: Column | MeasureSketchJson): boolean {
  return "values" in part ? part.lengths !== undefined : part.isList;
}

function seedsOf(
  { first, count }: PackedShard,
  failures: readonly FutureFailure[],
): readonly number[] {
  const failed = new Set(failures.map(({ seed }) => seed));
  const seeds = Array.from({ length: count }, (_, at) => first + at);
  return failed.size === 0 ? seeds : seeds.filter((seed) => !failed.has(seed));
}

function packedShard({ first, count, designs }: ShardResult): PackedShard {
  return {
    first,
    count,
    designs: new Map(Object.entries(designs).map(([name, design]) => [name, packedDesign(design)])),
  };
}

function packedDesign({ columns = {}, sketches = {}, failures }: DesignResult): PackedDesign {
  return {
    columns: new Map(
      Object.entries(columns).map(([name, { values, lengths }]) => [
        name,
        {
          // `from` would go through an iterator.
          values: new Float64Array(values),
          ...(lengths === undefined ? {} : { lengths: new Uint32Array(lengths) }),
        },
      ]),
    ),
    sketches: new Map(
      Object.entries(sketches).map(([name, json]) => [name, MeasureSketch.fromJSON(json)]),
    ),
    failures,
  };
}

/** Returns the same text for equal results. Only results that come again are compared, so that the others cost nothing. */
function textOf({ designs }: PackedShard): string {
  return canonicalJson(
    [...designs]
      .map(([design, { columns, sketches, failures }]) => ({
        design,
        columns: [...columns]
          .map(([measure, { values, lengths }]) => ({
            measure,
            values: [...values],
            lengths: lengths === undefined ? null : [...lengths],
          }))
          .sort((a, b) => byCodeUnit(a.measure, b.measure)),
        sketches: [...sketches]
          .map(([measure, sketch]) => ({ measure, sketch: sketch.toJSON() }))
          .sort((a, b) => byCodeUnit(a.measure, b.measure)),
        failures,
      }))
      .sort((a, b) => byCodeUnit(a.design, b.design)),
  );
}

function throwReplayMismatch({ index, first, count }: ShardResult): EnsembleError {
  return new EnsembleError(
    "not-deterministic",
    `shard ${String(index)} (seeds ${String(first)} to ${String(first + count - 1)}) came out in two ways; a future must depend on nothing but its design and its seed`,
  );
}
