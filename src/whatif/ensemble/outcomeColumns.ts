import { byCodeUnit } from "./canonicalJson.js";
import { EnsembleError } from "./ensembleError.js";
import type { Outcome } from "./outcome.js";

/** Values of one measure, in the order of the seeds; with `lengths` each future has that many. */
export interface Column {
  readonly values: readonly number[];
  readonly lengths?: readonly number[];
}

/** A measure of all futures, and whether its values are lists. */
export interface MeasureColumn {
  readonly measure: string;
  readonly isList: boolean;
}

/** A column that grows. Without lists, `lengths` is undefined. */
export interface OpenColumn {
  readonly measure: string;
  readonly values: number[];
  readonly lengths: number[] | undefined;
}

/** Outcomes as columns. An outcome is not kept, so that it is collected young. */
export class OutcomeColumns {
  readonly seeds: number[] = [];
  /** In the order of the measures of the first outcome. */
  #columns: readonly OpenColumn[] | undefined;
  /** The measures that were asked for last, and their columns. */
  #requested: readonly MeasureColumn[] | undefined;
  #found: readonly OpenColumn[] | undefined;
  /** The first future whose measures differ from those of the first one. */
  #otherSeed: number | undefined;

  /** Adds an outcome of the future of a seed. */
  add(seed: number, outcome: Outcome): void {
    const measures = Object.keys(outcome);
    const columns = this.#columnsFor(() =>
      measures.map((measure) => ({ measure, isList: typeof outcome[measure] !== "number" })),
    );
    this.seeds.push(seed);
    let isSame = measures.length === columns.length;
    for (const { measure, values, lengths } of columns) {
      const value = outcome[measure];
      if (typeof value === "number" && lengths === undefined) values.push(value);
      else if (typeof value === "object" && lengths !== undefined) {
        for (const each of value) values.push(each);
        lengths.push(value.length);
      } else isSame = false;
    }
    if (!isSame) this.#otherSeed ??= seed;
  }

  /**
   * Begins a future whose values are added to the columns themselves, without an object for them. Returns the columns of
   * its measures; undefined where other futures had others.
   */
  begin(seed: number, measures: readonly MeasureColumn[]): readonly OpenColumn[] | undefined {
    if (this.#requested !== measures) {
      this.#requested = measures;
      this.#found = this.#find(measures);
    }
    if (this.#found !== undefined) this.seeds.push(seed);
    return this.#found;
  }

  #find(measures: readonly MeasureColumn[]): readonly OpenColumn[] | undefined {
    const columns = this.#columnsFor(() => measures);
    const found = measures.flatMap(({ measure, isList }) =>
      columns.filter((one) => one.measure === measure && (one.lengths !== undefined) === isList),
    );
    return found.length === columns.length && found.length === measures.length ? found : undefined;
  }

  #columnsFor(measures: () => readonly MeasureColumn[]): readonly OpenColumn[] {
    this.#columns ??= measures().map(({ measure, isList }) => ({
      measure,
      values: [],
      lengths: isList ? [] : undefined,
    }));
    return this.#columns;
  }

  /** @throws EnsembleError `measure-names` */
  columns(): Readonly<Record<string, Column>> {
    if (this.#otherSeed !== undefined) throw otherMeasures(this.seeds[0] ?? 0, this.#otherSeed);
    const columns = [...(this.#columns ?? [])];
    columns.sort((a, b) => byCodeUnit(a.measure, b.measure));
    return Object.fromEntries(
      columns.map(({ measure, values, lengths }) => [
        measure,
        lengths === undefined ? { values } : { values, lengths },
      ]),
    );
  }
}

function otherMeasures(first: number, second: number): EnsembleError {
  return new EnsembleError(
    "measure-names",
    `seeds ${String(first)} and ${String(second)} have different measures; each future must return the same names, each always a number or always a list`,
  );
}
