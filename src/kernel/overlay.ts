import type { IdChanges } from "../collections/idChanges.js";
import { type IdIndex, overIndex } from "../collections/idIndex.js";
import { overTable, type Table } from "../collections/table.js";
import type { Touched, TouchNote } from "../collections/touchedRows.js";
import type { Mutable, Topology } from "../model/topology.js";
import { copies, copyOfAccount, copyOfFault } from "./copyRow.js";

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

  readonly #note: TouchNote = { bits: 0 };
  readonly #accountIds: IdChanges;
  readonly #faultKeys: IdChanges;
  #base: Topology;

  constructor(base: Topology) {
    this.#base = base;
    const noted = (bit: number) => ({ note: this.#note, bit });
    const topology = {
      instances: overTable(base.instances, copies.instances, noted(bits.instances)),
      groups: overTable(base.groups, copies.groups, noted(bits.groups)),
      schedules: overTable(base.schedules, copies.schedules, noted(bits.schedules)),
      backups: overTable(base.backups, copies.backups, noted(bits.backups)),
      configurations: overTable(
        base.configurations,
        copies.configurations,
        noted(bits.configurations),
      ),
      accounts: overTable(base.accounts, copyOfAccount, noted(bits.accounts)),
      accountIndex: overIndex(base.accountIndex),
      streams: base.streams,
      faults: overTable(base.faults, copyOfFault, noted(bits.faults)),
      watchedFaults: base.watchedFaults,
      faultsOnInstances: overIndex(base.faultsOnInstances),
    } satisfies Topology;
    this.topology = topology as Mutable<Topology>;
    this.#instances = withBase(topology.instances, base.instances);
    this.#groups = withBase(topology.groups, base.groups);
    this.#schedules = withBase(topology.schedules, base.schedules);
    this.#backups = withBase(topology.backups, base.backups);
    this.#configurations = withBase(topology.configurations, base.configurations);
    this.#accounts = withBase(topology.accounts, base.accounts);
    this.#faults = withBase(topology.faults, base.faults);
    this.#accountIds = topology.accountIndex.changes;
    this.#faultKeys = topology.faultsOnInstances.changes;
  }

  /** Forgets what was touched, and stands over a topology that may be another one now. O(1). */
  begin(base: Topology): void {
    // In place the topology and its tables stay the same objects: a head can only have changed where rows were touched.
    const stale = base === this.#base ? this.#note.bits : allBits;
    this.#note.bits = 0;
    this.#base = base;
    if ((stale & bits.instances) !== 0) placeOver(this.#instances, base.instances);
    if ((stale & bits.groups) !== 0) placeOver(this.#groups, base.groups);
    if ((stale & bits.schedules) !== 0) placeOver(this.#schedules, base.schedules);
    if ((stale & bits.backups) !== 0) placeOver(this.#backups, base.backups);
    if ((stale & bits.configurations) !== 0) placeOver(this.#configurations, base.configurations);
    if ((stale & bits.accounts) !== 0) placeOver(this.#accounts, base.accounts);
    if ((stale & bits.faults) !== 0) placeOver(this.#faults, base.faults);
    const { topology } = this;
    if (stale === allBits || this.#accountIds.size > 0) {
      indexOver(topology.accountIndex, this.#accountIds, base.accountIndex);
    }
    if (stale === allBits || this.#faultKeys.size > 0) {
      indexOver(topology.faultsOnInstances, this.#faultKeys, base.faultsOnInstances);
    }
    topology.streams = base.streams;
    topology.watchedFaults = base.watchedFaults as number[]; // replaced, never written into
  }
}

const bits = {
  instances: 1,
  groups: 2,
  schedules: 4,
  backups: 8,
  configurations: 16,
  accounts: 32,
  faults: 64,
} as const;

const allBits = 127;

/** A table of the overlay, and what it stands over: another version is another table. */
interface OverTable {
  readonly table: Table<object>;
  readonly touched: Touched<object>;
  base: Table<object>;
}

function withBase(
  table: Table<object> & { readonly touched: Touched<object> },
  base: Table<object>,
): OverTable {
  return { table, touched: table.touched, base };
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

function indexOver(index: Mutable<IdIndex>, changes: IdChanges, base: IdIndex): void {
  changes.clear();
  index.count = base.count;
  index.root = base.root;
}
