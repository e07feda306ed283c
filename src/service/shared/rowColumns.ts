import { type LatencyKey, latencySources } from "../../kernel/latency.js";
import { type TaskKind, taskKinds } from "../../lifecycle/tasks.js";
import type { OperationError, Work } from "../../model/rows.js";
import { record } from "../../model/schema/compositeFields.js";
import { enumOf, type Field, required } from "../../model/schema/fields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import {
  amount,
  count,
  key,
  moment,
  named,
  nullable,
  size,
  text,
  textOrAmount,
} from "../../model/schema/rowSchemaParts.js";

/* Columns that rows of several subjects have. */

/** A string or null. */
export const textOrNull = nullable(text);
/** A count or null. */
export const countOrNull = nullable(count);
/** A virtual time or null. */
export const momentOrNull = nullable(moment);

const latencyKeys = Object.keys(latencySources) as LatencyKey[];

/** A running task. */
export const workRow = declareRow<Work>({
  task: column(enumOf<TaskKind>({ ...named, of: taskKinds }), "value"),
  startedAt: column(moment, "no"),
  latency: column(enumOf<LatencyKey>({ ...named, of: latencyKeys }), "value"),
  factor: column(amount, "value"),
  dueAt: column(count, "no"),
  seq: column(count, "no"),
  cause: column(count, "no"),
  target: column(nullable(textOrAmount()), "reference"),
});

/** The error of the last operation, or null. */
export const lastErrorField = nullable(
  record<OperationError>({
    ...named,
    of: {
      task: required(enumOf<TaskKind>({ ...named, of: taskKinds })),
      message: required(text),
      createdAt: required(moment),
    },
  }),
);

/** Columns of all rows of an account. */
export const ownedColumns = {
  ordinal: column(count, "no"),
  accountOrdinal: column(count, "no"),
  id: column(text, "no"),
  accountId: column(text, "value"),
  key: column(key, "no"),
  label: column(textOrNull, "no"),
} as const;

/** When a row was created and last changed. */
export const timeColumns = {
  createdAt: column(moment, "no"),
  updatedAt: column(moment, "no"),
} as const;

/** The datastore of a row. */
export const datastoreColumns = {
  datastoreType: column(text, "value"),
  datastoreVersion: column(text, "value"),
} as const;

// The invariants check each state against the machines, and each status against its state.
const state = text as Field<never>;

/** Columns of all rows with a lifecycle. */
export const livingColumns = {
  ...ownedColumns,
  ...timeColumns,
  ...datastoreColumns,
  flavorId: column(text, "value"),
  volumeGb: column(size, "value"),
  state: column<never>(state, "value"),
  status: column<never>(state, "value"),
  work: column(nullable(workRow.field), workRow.relevance),
  tasksStarted: column(count, "no"),
  lastError: column(lastErrorField, "no"),
} as const;
