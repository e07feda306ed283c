import {
  dropId,
  type IdIndex,
  ordinalOf,
  overIndex,
  putId,
  setId,
} from "../collections/idIndex.js";
import { appendRow, dropRow, ownRow, type Table, writableRow } from "../collections/table.js";
import { InvariantViolationError } from "../model/errors.js";
import type { AccountRow, Counted, OperationError, Place, Work } from "../model/rows.js";
import type { Account, Mutable, OwnedKind, Topology } from "../model/topology.js";
import { copyOfCounts, copyRow } from "./copyRow.js";
import { labelCode } from "./labels.js";

/* Writes of facts into tables and indexes, for the `evolve` of each subject. */

/**
 * A row takes the next ordinal: a fact that names another one comes from another world. A copy is kept, since in
 * place the row will change while the fact must not.
 */
export function add(
  topology: Mutable<Topology>,
  kind: OwnedKind,
  row: Born & { readonly id: string; readonly accountId: string },
  birth: Counted,
): void {
  const ordinal = appendRow<object>(topology[kind], copyRow(kind, row));
  if (ordinal !== row.ordinal) {
    throw new InvariantViolationError(
      `row ${String(row.ordinal)} was appended as ${String(ordinal)}`,
    );
  }
  const account = accountToWrite(topology, row.accountId);
  count(account, kind);
  putId(indexToWrite(topology, account, kind), row.id, ordinal);
  noteBirth(indexes(topology, account), kind, row, birth);
}

type Born = Place & Pick<AccountRow, "label">;

/** The indexes of an account, to write into. */
type Indexes = (name: "labels" | "made") => IdIndex;

/** Returns the indexes of an account, to write into. */
export function indexes(topology: Mutable<Topology>, account: Mutable<Account>): Indexes {
  return (name) => indexToWrite(topology, account, name);
}

/** Keeps labels permanently, and counts resources that are distinguished by a number. */
export function noteBirth(
  written: Indexes,
  kind: OwnedKind | "faults",
  { label, ordinal }: Born,
  { counted }: Counted,
): void {
  if (label !== null) writeIndex(written, "labels", label, labelCode({ kind, ordinal }));
  if (counted !== null) {
    writeIndex(written, "made", counted, (ordinalOf(written("made"), counted) ?? 0) + 1);
  }
}

/** Sets the number of an id in an index. */
export function writeIndex(
  written: Indexes,
  name: "labels" | "made",
  id: string,
  number: number,
): void {
  setId(written(name), id, number);
}

/** Counts a new row of an account. */
export function count(account: Mutable<Account>, kind: keyof Account["created"]): void {
  account.created = copyOfCounts(account.created);
  account.created[kind] += 1;
}

/** Removes a row from its table and from the index of its account. */
export function remove(
  topology: Mutable<Topology>,
  kind: OwnedKind,
  { id, row, accountId }: { readonly id: string; readonly row: number; readonly accountId: string },
): void {
  dropRow<object>(topology[kind], row);
  dropId(indexToWrite(topology, accountToWrite(topology, accountId), kind), id);
}

/** Returns a row to write into. */
export function existing<Row extends object>(table: Table<Row>, ordinal: number): Mutable<Row> {
  const row = writableRow(table, ordinal);
  if (row === undefined)
    throw new InvariantViolationError(`a fact refers to the missing row ${String(ordinal)}`);
  return row as Mutable<Row>;
}

/** Returns an account to write into. */
export function accountToWrite(topology: Mutable<Topology>, accountId: string): Mutable<Account> {
  const ordinal = ordinalOf(topology.accountIndex, accountId);
  if (ordinal === undefined)
    throw new InvariantViolationError(`a fact refers to the unknown account ${accountId}`);
  // Accounts are looked into, and never handed around.
  const account = ownRow(topology.accounts as Table<Account>, ordinal);
  if (account === undefined)
    throw new InvariantViolationError(
      `a fact refers to the account ${accountId}, which has no row`,
    );
  return account as Mutable<Account>;
}

/** The index of an account's things of one kind; in a transaction, one that keeps the changes apart. */
function indexToWrite(
  topology: Mutable<Topology>,
  account: Mutable<Account>,
  kind: OwnedKind | "labels" | "made",
): IdIndex {
  const index: IdIndex = account[kind];
  if (topology.accounts.touched === undefined || index.changes !== undefined) return index;
  return (account[kind] = overIndex(index));
}

interface Lived<State, Status> {
  state: State;
  status: Status;
  work: Mutable<Work> | null;
  lastError: OperationError | null;
  tasksStarted: number;
  updatedAt: number;
}

/** A row with a lifecycle is in another state. */
export function enter<State, Status>(
  row: Lived<State, Status>,
  fact: {
    readonly state: State;
    readonly status: Status;
    readonly work: Work | null;
    readonly lastError: OperationError | null;
  },
  at: number,
): void {
  row.state = fact.state;
  row.status = fact.status;
  if (fact.work !== null) row.tasksStarted += 1;
  row.work = fact.work;
  row.lastError = fact.lastError;
  row.updatedAt = at;
}
