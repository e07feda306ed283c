import { record } from "./compositeFields.js";
import { type Field, optional, type RecordFields, required } from "./fields.js";
import { named } from "./rowSchemaParts.js";

/**
 * Whether and how a field matters for the future, apart from times:
 * - `no`: it does not; ids, names, times, counters, causes, fields that are only displayed.
 * - `value`: as it is.
 * - `null`: only whether it is null.
 * - `length`: only its length.
 * - `reference`: the id of a row, ids in an order that matters, or a value that contains ids.
 * - `references`: ids in an order that does not matter.
 * - `place`: the ordinal of an instance.
 * - `partition`: the name of a partition, whatever it is.
 * - or the same for each field of a value.
 */
export type Relevance<Value> =
  | RelevanceWord
  | (NonNullable<Value> extends object ? RelevanceOf<NonNullable<Value>> : never);

/** One word for a whole field. */
export type RelevanceWord =
  | "no"
  | "value"
  | "null"
  | "length"
  | "reference"
  | "references"
  | "place"
  | "partition";

/** Relevance of every field of a row or a value. */
export type RelevanceOf<Row> = { readonly [K in keyof Row]-?: Relevance<Row[K]> };

/** A field of a row: what a snapshot may hold there, and how it matters for the future. */
export interface Column<T> {
  readonly field: Field<T>;
  readonly relevance: Relevance<T>;
}

/** The columns of a row, by name. */
export type ColumnsOf<Row> = { readonly [K in keyof Row]-?: Column<Row[K]> };

/** The declaration of a row, or of a value in a row. */
export interface RowDeclaration<Row> {
  readonly columns: ColumnsOf<Row>;
  /** Parses it from a snapshot. */
  readonly field: Field<Row>;
  readonly relevance: RelevanceOf<Row>;
}

/** Declares a field of a row. */
export function column<T>(field: Field<T>, relevance: Relevance<T>): Column<T> {
  return { field, relevance };
}

/** Declares a row once. A field of its type that is missing here does not compile. */
export function declareRow<Row extends object>(
  columns: {
    readonly [K in keyof Row]-?: Column<Row[K]>;
  },
): RowDeclaration<Row> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const of = names.map((name) => [name, required(columns[name].field)]);
  const relevance = names.map((name) => [name, columns[name].relevance]);
  return {
    columns,
    // Both have the names of the columns, which are those of the row.
    field: record<Row>({ ...named, of: Object.fromEntries(of) as RecordFields<Row> }),
    relevance: Object.fromEntries(relevance) as RelevanceOf<Row>,
  };
}

/** Some fields of a row with new values; those that did not change are absent. */
export function changesOf<Row, K extends keyof Row & string>(
  { columns }: RowDeclaration<Row>,
  names: readonly K[],
): Field<Partial<Pick<Row, K>>> {
  const of = names.map((name) => [name, optional(columns[name].field)]);
  return record({ ...named, of: Object.fromEntries(of) as RecordFields<Partial<Pick<Row, K>>> });
}

/** Some fields of a row, each with its value, and others that may be absent. */
export function partOf<Row, K extends keyof Row & string, Seldom extends keyof Row & string>(
  { columns }: RowDeclaration<Row>,
  names: readonly K[],
  seldom: readonly Seldom[],
): Field<Pick<Row, K> & Partial<Pick<Row, Seldom>>> {
  const of = [
    ...names.map((name) => [name, required(columns[name].field)]),
    ...seldom.map((name) => [name, optional(columns[name].field)]),
  ];
  return record({
    ...named,
    of: Object.fromEntries(of) as RecordFields<Pick<Row, K> & Partial<Pick<Row, Seldom>>>,
  });
}
