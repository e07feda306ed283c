import { PowerSums, type PowerSumsJson } from "../../statistics/powerSums.js";
import { Sketch } from "../../statistics/sketch.js";
import { assertInput, assertPrepared } from "../assertInput.js";
import type { Shard } from "./ensembleSpec.js";
import { checkOutcome } from "./outcome.js";
import { type Column, OutcomeColumns } from "./outcomeColumns.js";
import type { PreparedEnsemble } from "./prepareEnsemble.js";

/** Outcomes of the futures of a shard, as plain data. */
export interface ShardResult {
  /** Id of the ensemble. */
  readonly ensemble: string;
  /** Id of the shard. */
  readonly id: string;
  readonly index: number;
  readonly first: number;
  readonly count: number;
  readonly designs: Readonly<Record<string, DesignResult>>;
}

/** The futures of one design. */
export interface DesignResult {
  /** Every value: a column for each measure. */
  readonly columns?: Readonly<Record<string, Column>>;
  /** Sketches: sums and counts for each measure. */
  readonly sketches?: Readonly<Record<string, MeasureSketchJson>>;
  /** Futures that threw, in the order of their seeds; they have no values. */
  readonly failures: readonly FutureFailure[];
}

/** A future that threw. */
export interface FutureFailure {
  readonly seed: number;
  readonly error: string;
}

/** Sums and counts of one measure as plain data. */
export interface MeasureSketchJson {
  readonly isList: boolean;
  readonly sums: PowerSumsJson;
  readonly counts: readonly (readonly [bucket: number, count: number])[];
  readonly least: number | null;
  readonly greatest: number | null;
  /** Largest values with the seeds that have them. */
  readonly worst: readonly (readonly [value: number, seed: number])[];
}

/** Runs the futures of a shard. Pure and synchronous; the same shard always gives the same bytes. */
export function runShard(prepared: PreparedEnsemble, shard: Shard): ShardResult {
  assertPrepared(prepared);
  assertInput(
    shard,
    { field: "shard", expected: "a shard, as shardsOf returns it" },
    "id",
    "first",
    "count",
  );
  const run = new ShardRun(prepared, shard);
  while (!run.isDone) run.runNext();
  return run.result();
}

/** A shard that is run future by future, so that its thread can do other work in between. */
export class ShardRun {
  readonly #prepared: PreparedEnsemble;
  readonly #shard: Shard;
  readonly #designs: readonly DesignOutcomes[];
  #futures = 0;

  constructor(prepared: PreparedEnsemble, shard: Shard) {
    this.#prepared = prepared;
    this.#shard = shard;
    this.#designs = prepared.spec.designs.map((design) => ({
      design,
      outcomes: new OutcomeColumns(),
      failures: [],
    }));
  }

  /** Whether all futures of all designs have been run. */
  get isDone(): boolean {
    return this.#futures >= this.#shard.count * this.#designs.length;
  }

  /** Runs one future: all of the first design, then those of the next. */
  runNext(): void {
    const { first, count } = this.#shard;
    const simulated = this.#designs[Math.floor(this.#futures / count)];
    if (simulated === undefined) return;
    const seed = first + (this.#futures % count);
    this.#futures += 1;
    try {
      const { scenario } = this.#prepared;
      if (scenario.addTo?.(simulated.outcomes, simulated.design, seed) === true) return;
      const outcome = scenario.simulate(simulated.design, seed);
      checkOutcome(outcome);
      simulated.outcomes.add(seed, outcome);
    } catch (error) {
      simulated.failures.push({
        seed,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Returns the outcomes of what has been run. */
  result(): ShardResult {
    const { spec, id: ensemble } = this.#prepared;
    const { id, index, first, count } = this.#shard;
    const designs = this.#designs.map(({ design, outcomes, failures }) => {
      const columns = outcomes.columns();
      const kept =
        spec.keep === "values" ? { columns } : { sketches: sketchesOf(columns, outcomes.seeds) };
      return [design, { ...kept, failures }] as const;
    });
    return { ensemble, id, index, first, count, designs: Object.fromEntries(designs) };
  }
}

/** Futures of one design that have been run. */
interface DesignOutcomes {
  readonly design: string;
  readonly outcomes: OutcomeColumns;
  readonly failures: FutureFailure[];
}

function sketchesOf(
  columns: Readonly<Record<string, Column>>,
  seeds: readonly number[],
): Readonly<Record<string, MeasureSketchJson>> {
  return Object.fromEntries(
    Object.entries(columns).map(([measure, column]) => {
      const sketch = new MeasureSketch(column.lengths !== undefined);
      sketch.addColumn(column, seeds);
      return [measure, sketch.toJSON()];
    }),
  );
}

/** Seeds that are kept as the worst. */
export const worstMax = 10;

/** Exact sums, counts in buckets and the worst seeds of one measure; merging is addition. */
export class MeasureSketch {
  readonly isList: boolean;
  readonly sums: PowerSums;
  readonly counts: Sketch;
  least: number | null = null;
  greatest: number | null = null;
  worst: readonly (readonly [value: number, seed: number])[] = [];

  constructor(isList: boolean, sums = new PowerSums(), counts = new Sketch()) {
    this.isList = isList;
    this.sums = sums;
    this.counts = counts;
  }

  /** Adds the values of some futures. */
  addColumn({ values, lengths }: Column, seeds: readonly number[]): void {
    let at = 0;
    const worst: (readonly [number, number])[] = [];
    for (const [future, seed] of seeds.entries()) {
      const end = at + (lengths?.[future] ?? 1);
      let top = -Infinity;
      for (; at < end; at++) {
        const value = values[at] as number;
        this.#add(value);
        top = Math.max(top, value);
      }
      if (top > -Infinity) worst.push([top, seed]);
    }
    this.worst = worstOf([...this.worst, ...worst]);
  }

  /** Adds all of another sketch. */
  merge(other: MeasureSketch): void {
    this.sums.merge(other.sums);
    this.counts.merge(other.counts);
    for (const end of [other.least, other.greatest]) if (end !== null) this.#widen(end);
    this.worst = worstOf([...this.worst, ...other.worst]);
  }

  #add(value: number): void {
    this.sums.add(value);
    this.counts.add(value);
    this.#widen(value);
  }

  #widen(value: number): void {
    if (this.least === null || value < this.least) this.least = value;
    if (this.greatest === null || value > this.greatest) this.greatest = value;
  }

  /** Returns it as plain data. */
  toJSON(): MeasureSketchJson {
    const { isList, least, greatest, worst } = this;
    return {
      isList,
      sums: this.sums.toJSON(),
      counts: this.counts.toJSON(),
      least,
      greatest,
      worst,
    };
  }

  /** Reads what `toJSON` wrote. */
  static fromJSON(json: MeasureSketchJson): MeasureSketch {
    const sketch = new MeasureSketch(
      json.isList,
      PowerSums.fromJSON(json.sums),
      Sketch.fromJSON(json.counts),
    );
    sketch.least = json.least;
    sketch.greatest = json.greatest;
    sketch.worst = json.worst;
    return sketch;
  }
}

/** Returns the largest values, of equal ones those of the least seeds. */
export function worstOf(
  all: readonly (readonly [value: number, seed: number])[],
): readonly (readonly [value: number, seed: number])[] {
  return all.toSorted(([a, s], [b, t]) => b - a || s - t).slice(0, worstMax);
}
