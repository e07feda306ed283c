import { type IdIndex, overIndex } from "../collections/idIndex.js";
import { overTable, type Table } from "../collections/table.js";
import type { Touched } from "../collections/touchedRows.js";
import { copies, copyOfAccount, copyOfFault } from "./copyRow.js";
import type { Mutable, Topology } from "./state.js";

/**
 * A topology over another one, for transactions: what is written into it stays apart until a store publishes it, and
 * all functions that read a topology read in it what the transaction has made of the one below. One object serves all
 * transactions of a world, one after the other: to begin another one is to forget what the last one touched.
 */
export class TopologyOverlay {
  /** The topology as the transaction sees it. */
  readonly topology: Mutable<Topology>;
  /** Whether a transaction writes into it now. */
  isOpen = false;
  readonly #tables: readonly OverTable[];

  constructor(base: Topology) {
    const tables = {
      instances: overTable(base.instances, copies.instances),
      groups: overTable(base.groups, copies.groups),
      schedules: overTable(base.schedules, copies.schedules),
      backups: overTable(base.backups, copies.backups),
      configurations: overTable(base.configurations, copies.configurations),
      accounts: overTable(base.accounts, copyOfAccount),
      faults: overTable(base.faults, copyOfFault),
    };
    const topology: Topology = {
      ...tables,
      accountIndex: overIndex(base.accountIndex),
      streams: base.streams,
      watchedFaults: base.watchedFaults,
      faultsOnInstances: overIndex(base.faultsOnInstances),
    };
    this.topology = topology as Mutable<Topology>;
    this.#tables = Object.values(tables) as unknown as readonly OverTable[]; // each with rows of its own
  }

  /** Forgets what was touched, and stands over a topology that may be another one now. O(1). */
  begin(base: Topology): void {
    const { topology } = this;
    const [instances, groups, schedules, backups, configurations, accounts, faults] = this
      .#tables as [OverTable, OverTable, OverTable, OverTable, OverTable, OverTable, OverTable];
    placeOver(instances, base.instances);
    placeOver(groups, base.groups);
    placeOver(schedules, base.schedules);
    placeOver(backups, base.backups);
    placeOver(configurations, base.configurations);
    placeOver(accounts, base.accounts);
    placeOver(faults, base.faults);
    indexOver(topology.accountIndex, base.accountIndex);
    indexOver(topology.faultsOnInstances, base.faultsOnInstances);
    topology.streams = base.streams;
    topology.watchedFaults = base.watchedFaults as number[]; // replaced, never written into
  }
}

interface OverTable extends Table<object> {
  readonly touched: Touched<object>;
  /** What it stands over: another version is another table. */
  base?: Table<object>;
}

function placeOver(table: OverTable, base: Table<object>): void {
  // In place a table stays the same object: its head can only have changed where rows were touched.
  if (table.base === base && table.touched.size === 0) return;
  table.touched.clear();
  table.base = base;
  table.depth = base.depth;
  table.size = base.size;
  table.count = base.count;
  table.root = base.root;
}

function indexOver(index: Mutable<IdIndex>, base: IdIndex): void {
  if (index.root === base.root && index.changes?.size === 0) return;
  index.changes?.clear();
  index.count = base.count;
  index.root = base.root;
}
