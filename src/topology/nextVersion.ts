import { freezeChanges } from "../collections/copyOnWrite.js";
import { type IdIndex, publishIds } from "../collections/idIndex.js";
import { publishRows, replaceRow, type Table } from "../collections/table.js";
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
    accounts: nextTable(base.accounts, touched.accounts),
    accountIndex: nextIndex(base.accountIndex, touched.accountIndex),
    streams: touched.streams,
    faults: nextTable(base.faults, touched.faults),
    watchedFaults: touched.watchedFaults,
    faultsOnInstances: nextIndex(base.faultsOnInstances, touched.faultsOnInstances),
  } as Mutable<Topology>;
  Object.freeze(next.watchedFaults);
  return Object.freeze(next);
}

function nextTable<Row extends object>(base: Table<Row>, touched: Table<Row>): Table<Row> {
  if (touched.touched === undefined || touched.touched.size === 0) return base;
  const { depth, size, count, root } = base;
  const next: Table<Row> = { depth, size, count, root };
  writeRows(next as Table<object>, touched as Table<object>, replaceRow);
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
  freezeDeep(topology);
  return topology;
}

/** What is frozen already is frozen below, too: every version is. */
function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
}

/** How a row takes the place of the one before it. */
export type WriteRow = (table: Table<object>, ordinal: number, row: object) => void;

/** Writes the rows that a transaction has touched. O(touched · log n). */
export function writeRows(table: Table<object>, { touched }: Table<object>, write: WriteRow): void {
  if (touched === undefined) return;
  touched.each((_, row) => {
    if (row !== null && "created" in row) publishIndexes(row as Mutable<Account>);
  });
  publishRows(table, touched, write);
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

/** Writes the ids that a transaction has touched. */
export function writeIndex(index: IdIndex, { changes }: IdIndex): void {
  if (changes !== undefined && changes.size > 0) publishIds(index, changes);
}
