import { type IdIndex, publishIds } from "../collections/idIndex.js";
import { assignRow, publishRows, replaceShared, type Table } from "../collections/table.js";
import { type Account, indexNames, type Mutable, type Topology } from "../model/topology.js";

/*
 * The next version of a topology without immer: what the immutable store publishes, and what pictures and the page fold.
 */

/**
 * A topology that shares with the one before it what was not touched. Neither is written into any more; who hands one
 * out freezes it. O(touched · log n).
 */
export function nextVersion(base: Topology, touched: Topology): Topology {
  publishAccounts(touched.accounts, true);
  return {
    instances: nextTable(base.instances, touched.instances),
    groups: nextTable(base.groups, touched.groups),
    schedules: nextTable(base.schedules, touched.schedules),
    backups: nextTable(base.backups, touched.backups),
    configurations: nextTable(base.configurations, touched.configurations),
    accounts: nextTable(base.accounts, touched.accounts),
    accountIndex: nextIndex(base.accountIndex, touched.accountIndex),
    streams: touched.streams,
    faults: nextTable(base.faults, touched.faults),
    watchedFaults: touched.watchedFaults,
    faultsOnInstances: nextIndex(base.faultsOnInstances, touched.faultsOnInstances),
  };
}

function nextTable<Row extends object>(base: Table<Row>, { touched }: Table<Row>): Table<Row> {
  if (touched === undefined || touched.size === 0) return base;
  const { depth, size, count, root } = base;
  const next: Table<Row> = { depth, size, count, root };
  publishRows(next, touched, replaceShared, true);
  return next;
}

function nextIndex(base: IdIndex, { changes }: IdIndex): IdIndex {
  if (changes === undefined || changes.size === 0) return base;
  const next: IdIndex = { count: base.count, root: base.root };
  publishIds(next, changes, true);
  return next;
}

/** How a row takes the place of the one before it. */
export type WriteRow<Row extends object = object> = (
  table: Table<Row>,
  ordinal: number,
  row: Row,
) => void;

/**
 * Writes what a transaction has touched into a topology. O(touched · log n).
 * @param isShared - whether the indexes of accounts share nodes with an earlier version, which stays as it is
 */
export function writeTouched(
  topology: Mutable<Topology>,
  touched: Topology,
  { write, isShared }: { readonly write: WriteRow; readonly isShared: boolean },
): void {
  writeRows(topology.instances, touched.instances, write);
  writeRows(topology.groups, touched.groups, write);
  writeRows(topology.schedules, touched.schedules, write);
  writeRows(topology.backups, touched.backups, write);
  writeRows(topology.configurations, touched.configurations, write);
  publishAccounts(touched.accounts, isShared);
  writeRows(topology.accounts, touched.accounts, write);
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
    writeTouched(topology, touched, { write: assignRow, isShared: false });
    return;
  }
  // The common case is a state change of one instance. Indexes change only together with tables.
  publishRows(topology.instances, rows, assignRow, false);
  topology.streams = touched.streams;
  topology.watchedFaults = touched.watchedFaults as number[]; // replaced, never written into
}

function writeRows<Row extends object>(
  table: Table<Row>,
  { touched }: Table<Row>,
  write: WriteRow,
): void {
  // A row of the one table takes the place of a row of the other; TypeScript cannot see that `write` keeps their kind.
  if (touched !== undefined) publishRows(table, touched, write as WriteRow<Row>, false);
}

/** The indexes of the accounts that a transaction has touched are theirs from now on. */
function publishAccounts({ touched }: Table<Account>, isShared: boolean): void {
  if (touched === undefined) return;
  for (let place = 0; place < touched.size; place++) {
    const account = touched.rowAt(place);
    if (account !== null) publishIndexes(account as Mutable<Account>, isShared);
  }
}

function publishIndexes(account: Mutable<Account>, isShared: boolean): void {
  // One by one: a field whose name is a value is read slowly. An index that is missing here does not compile.
  const { instances, groups, schedules, backups, configurations, labels, made } = account;
  const all: Readonly<Record<(typeof indexNames)[number], IdIndex>> = {
    instances,
    groups,
    schedules,
    backups,
    configurations,
    labels,
    made,
  };
  if (all.instances.changes !== undefined) account.instances = publishedIndex(instances, isShared);
  if (all.groups.changes !== undefined) account.groups = publishedIndex(groups, isShared);
  if (all.schedules.changes !== undefined) account.schedules = publishedIndex(schedules, isShared);
  if (all.backups.changes !== undefined) account.backups = publishedIndex(backups, isShared);
  if (all.configurations.changes !== undefined) {
    account.configurations = publishedIndex(configurations, isShared);
  }
  if (all.labels.changes !== undefined) account.labels = publishedIndex(labels, isShared);
  if (all.made.changes !== undefined) account.made = publishedIndex(made, isShared);
}

function publishedIndex({ count, root, changes }: IdIndex, isShared: boolean): IdIndex {
  const index: IdIndex = { count: 0, root };
  if (changes !== undefined) publishIds(index, changes, isShared);
  index.count = count;
  return index;
}

function writeIndex(index: IdIndex, { changes }: IdIndex): void {
  if (changes !== undefined) publishIds(index, changes, false);
}
