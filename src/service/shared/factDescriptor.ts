import type { Facts } from "../../model/facts.js";
import type { OperationError, Work } from "../../model/rows.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import { required } from "../../model/schema/fields.js";
import { count, nullable, text } from "../../model/schema/rowSchemaParts.js";
import { lastErrorField, textOrNull, workRow } from "./rowColumns.js";

/** The name of a kind of fact. */
export type FactType = keyof Facts;

/**
 * The descriptor of a kind of fact: the schema of its fields, without `type`. What it is about and how it reads in words
 * stands beside it, in the file of words: pictures load no schemas.
 */
export interface FactDescriptor<K extends FactType> {
  readonly of: RecordFields<Facts[K]>;
}

/** Descriptors of some kinds of facts. */
export type FactDescriptors<K extends FactType> = { readonly [T in K]: FactDescriptor<T> };

/** A fact about one row. */
export const ofRow = { id: required(text), row: required(count) } as const;

/** A fact about a row that is removed. */
export const ofRemoved = { ...ofRow, accountId: required(text) } as const;

/** The counter of an account under which a new row is counted. */
export const counted = required(textOrNull);

// The machines define which states and statuses exist.
const state = required(text as Field<never>);

/** A fact about a row that entered a state. */
export const ofStateEntered = {
  ...ofRow,
  from: state,
  state,
  statusBefore: state,
  status: state,
  work: required(nullable(workRow.field)) as { field: Field<Work | null>; required: true },
  lastError: required(lastErrorField) as { field: Field<OperationError | null>; required: true },
} as const;
