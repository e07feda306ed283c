import { freezeChanges } from "../collections/copyOnWrite.js";
import { deepFreeze } from "../collections/deepFreeze.js";
import { type IdIndex, publishIds } from "../collections/idIndex.js";
import { assignRow, publishRows, replaceRow, type Table } from "../collections/table.js";
import { type Account, type Mutable, ownedKinds, type Topology } from "./state.js";

/*
 * The next version of a topology without immer: what the immutable store publishes, and what pictures and the page fold.
 */

/** A frozen topology that shares with the one before it what was not touched. O(touched · log n). */
export function nextVersion(base: Topology, touched: Topology): Topology {
  const next: Mutable<Topology> = {
    instances: nextTable(base.instances, touched.instances),
    groups: nextTable(base.groups, touched.groups),
    schedules: nextTable(base.schedules, touched.schedules),
    backups: nextTable(base.backups, touched.backups),
    configurations: nextTable(base.configurations, touched.configurations),
    accounts: nextTable(base.accounts, touched.accounts, writeAccounts),
    accountIndex: nextIndex(base.accountIndex, touched.accountIndex),
    streams: touched.streams,
    faults: nextTable(base.faults, touched.faults),
    watchedFaults: touched.watchedFaults,
    faultsOnInstances: nextIndex(base.faultsOnInstances, touched.faultsOnInstances),
  } as Mutable<Topology>;
  Object.freeze(next.watchedFaults);
  return Object.freeze(next);
}

function nextTable<Row extends object>(
  base: Table<Row>,
  from: Table<Row>,
  write: (table: Table<Row>, from: Table<Row>, write: WriteRow) => void = writeRows,
): Table<Row> {
  if (from.touched === undefined || from.touched.size === 0) return base;
  const { depth, size, count, root } = base;
  const next: Table<Row> = { depth, size, count, root };
  write(next, from, replaceRow);
  freezeChanges(next, base);
  return next;
}

function nextIndex(base: IdIndex, { changes }: IdIndex): IdIndex {
  if (changes === undefined || changes.size === 0) return base;
  const next: IdIndex = { count: base.count, root: base.root };
  publishIds(next, changes);
  freezeChanges(next, base);
  return next;
}

/** The same topology, frozen through and through. O(n). */
export function frozenTopology(topology: Topology): Topology {
  return deepFreeze(topology);
}

/** How a row takes the place of the one before it. */
export type WriteRow<Row extends object = object> = (
  table: Table<Row>,
  ordinal: number,
  row: Row,
) => void;

/** Writes what a transaction has touched into a topology. O(touched · log n). */
export function writeTouched(
  topology: Mutable<Topology>,
  touched: Topology,
  write: WriteRow,
): void {
  writeRows(topology.instances, touched.instances, write);
  writeRows(topology.groups, touched.groups, write);
  writeRows(topology.schedules, touched.schedules, write);
  writeRows(topology.backups, touched.backups, write);
  writeRows(topology.configurations, touched.configurations, write);
  writeAccounts(topology.accounts, touched.accounts, write);
  writeRows(topology.faults, touched.faults, write);
  writeIndex(topology.accountIndex, touched.accountIndex);
  writeIndex(topology.faultsOnInstances, touched.faultsOnInstances);
  topology.streams = touched.streams;
  topology.watchedFaults = touched.watchedFaults as number[]; // replaced, never written into
}

/** Writes the changes of a transaction into a topology that shares no nodes with another version. O(touched · log n). */
export function writeInPlace(topology: Mutable<Topology>, touched: Topology): void {
  const { touched: rows } = touched.instances;
  if (rows?.isAlone !== true) {
    writeTouched(topology, touched, assignRow);
    return;
  }
  // The common case is a state change of one instance. Indexes change only together with tables.
  publishRows(topology.instances, rows, assignRow);
  topology.streams = touched.streams;
  topology.watchedFaults = touched.watchedFaults as number[]; // replaced, never written into
}

function writeRows<Row extends object>(
  table: Table<Row>,
  { touched }: Table<Row>,
  write: WriteRow,
): void {
  // A row of the one table takes the place of a row of the other; TypeScript cannot see that `write` keeps their kind.
  if (touched !== undefined && touched.size > 0)
    publishRows(table, touched, write as WriteRow<Row>);
}

function writeAccounts(table: Table<Account>, from: Table<Account>, write: WriteRow): void {
  if (from.touched === undefined || from.touched.size === 0) return;
  for (let place = 0; place < from.touched.size; place++) {
    const account = from.touched.rowAt(place);
    if (account !== null) publishIndexes(account as Mutable<Account>);
  }
  writeRows(table, from, write);
}

const indexNames = [...ownedKinds, "labels", "made"] as const;

/** The indexes of an account are its own from now on. */
function publishIndexes(account: Mutable<Account>): void {
  for (const kind of indexNames) {
    const { count, root, changes } = account[kind];
    if (changes === undefined) continue;
    const index: IdIndex = { count: 0, root };
    publishIds(index, changes);
    index.count = count;
    account[kind] = index;
  }
}

function writeIndex(index: IdIndex, { changes }: IdIndex): void {
  if (changes !== undefined && changes.size > 0) publishIds(index, changes);
}
