import { type IdIndex, overIndex } from "../collections/idIndex.js";
import { overTable, type Table } from "../collections/table.js";
import type { Touched } from "../collections/touchedRows.js";
import { InvariantViolationError } from "../domain/errors.js";
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
  readonly #instances: OverTable;
  readonly #groups: OverTable;
  readonly #schedules: OverTable;
  readonly #backups: OverTable;
  readonly #configurations: OverTable;
  readonly #accounts: OverTable;
  readonly #faults: OverTable;

  constructor(base: Topology) {
    const topology: Topology = {
      instances: overTable(base.instances, copies.instances),
      groups: overTable(base.groups, copies.groups),
      schedules: overTable(base.schedules, copies.schedules),
      backups: overTable(base.backups, copies.backups),
      configurations: overTable(base.configurations, copies.configurations),
      accounts: overTable(base.accounts, copyOfAccount),
      accountIndex: overIndex(base.accountIndex),
      streams: base.streams,
      faults: overTable(base.faults, copyOfFault),
      watchedFaults: base.watchedFaults,
      faultsOnInstances: overIndex(base.faultsOnInstances),
    };
    this.topology = topology as Mutable<Topology>;
    this.#instances = withBase(topology.instances, base.instances);
    this.#groups = withBase(topology.groups, base.groups);
    this.#schedules = withBase(topology.schedules, base.schedules);
    this.#backups = withBase(topology.backups, base.backups);
    this.#configurations = withBase(topology.configurations, base.configurations);
    this.#accounts = withBase(topology.accounts, base.accounts);
    this.#faults = withBase(topology.faults, base.faults);
  }

  /** Forgets what was touched, and stands over a topology that may be another one now. O(1). */
  begin(base: Topology): void {
    const { topology } = this;
    // In place a table stays the same object: its head can only have changed where rows were touched.
    placeOver(this.#instances, base.instances);
    placeOver(this.#groups, base.groups);
    placeOver(this.#schedules, base.schedules);
    placeOver(this.#backups, base.backups);
    placeOver(this.#configurations, base.configurations);
    placeOver(this.#accounts, base.accounts);
    placeOver(this.#faults, base.faults);
    indexOver(topology.accountIndex, base.accountIndex);
    indexOver(topology.faultsOnInstances, base.faultsOnInstances);
    topology.streams = base.streams;
    topology.watchedFaults = base.watchedFaults as number[]; // replaced, never written into
  }
}

/** A table of the overlay, and what it stands over: another version is another table. */
interface OverTable {
  readonly table: Table<object>;
  readonly touched: Touched<object>;
  base: Table<object>;
}

function withBase(table: Table<object>, base: Table<object>): OverTable {
  const { touched } = table;
  if (touched === undefined) throw new InvariantViolationError("an overlay keeps changes apart");
  return { table, touched, base };
}

function placeOver(over: OverTable, base: Table<object>): void {
  if (over.base === base && over.touched.size === 0) return;
  over.touched.clear();
  over.base = base;
  const { table } = over;
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
