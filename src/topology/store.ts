import { enablePatches, freeze, Immer, type Patch } from "immer";
import { freezeChanges } from "../collections/copyOnWrite.js";
import { type IdIndex, publishIds } from "../collections/idIndex.js";
import { publishRows, replaceRow, rowAt, type Table } from "../collections/table.js";
import { type Account, type Mutable, ownedKinds, type Topology } from "./state.js";

export type { Patch } from "immer";

/** What a published transaction gave: the topology after it, and how it differs where that was asked for. */
export interface Published {
  readonly topology: Topology;
  readonly patches?: readonly Patch[];
}

/**
 * Where the rows of a world are kept. Everything that decides reads and writes an overlay (`TopologyOverlay`); a store
 * says how that becomes the next topology, and what a topology is to somebody who keeps it.
 */
export interface Store {
  /** Whether a topology that it gave out stays as it is for ever, so that forks and snapshots share it. */
  readonly keepsVersions: boolean;
  /** Whether it can tell the difference as immer patches. */
  readonly givesPatches: boolean;
  /** Takes in a topology that a world begins with. O(n). */
  open(topology: Topology): Topology;
  /**
   * Makes what a transaction has touched the state of the world: whole, or not at all. It throws before it has changed
   * anything, or not.
   */
  publish(base: Topology, touched: Topology, wishes: { readonly patches: boolean }): Published;
}

/** The store that an option names. */
export function storeNamed(name: "immutable" | "in-place"): Store {
  return name === "immutable" ? immutableStore() : inPlaceStore();
}

/**
 * Each topology is frozen, shares with the one before it what did not change, and stays valid for ever. Rows that were
 * touched are copies already; the nodes above them are copied on the way. Where patches are wanted, immer drafts the
 * touched rows and the nodes above them, and gives the difference.
 */
export function immutableStore(): Store {
  const immer = new Immer({ autoFreeze: true });
  return {
    keepsVersions: true,
    givesPatches: true,
    open: (topology) => freeze(topology, true),
    publish: (base, touched, { patches }) => {
      if (patches) {
        enablePatches();
        const [topology, changes] = immer.produceWithPatches(base, (draft) => {
          writeTouched(draft as Mutable<Topology>, touched, assignRow);
        });
        return { topology, patches: changes };
      }
      return { topology: nextVersion(base, touched) };
    },
  };
}

/** The same topology, changed in place: for ensembles, where nobody looks back. Rows are values here, too. */
export function inPlaceStore(): Store {
  return {
    keepsVersions: false,
    givesPatches: false,
    open: (topology) => topology,
    publish: (base, touched) => {
      writeTouched(base as Mutable<Topology>, touched, replaceRow);
      return { topology: base };
    },
  };
}

/** How a row takes the place of the one before it. */
type WriteRow = (table: Table<object>, ordinal: number, row: object) => void;

/** Writes what a transaction has touched into a topology. O(touched · log n). */
function writeTouched(topology: Mutable<Topology>, touched: Topology, write: WriteRow): void {
  for (const kind of tableKinds) {
    const { size = 0 } = touched[kind].touched ?? {};
    if (size > 0) writeRows(topology[kind] as Table<object>, touched[kind] as Table<object>, write);
  }
  writeIndex(topology.accountIndex, touched.accountIndex);
  writeIndex(topology.faultsOnInstances, touched.faultsOnInstances);
  topology.streams = touched.streams;
  topology.watchedFaults = touched.watchedFaults as number[]; // replaced, never written into
}

const tableKinds = [...ownedKinds, "accounts", "faults"] as const;

function writeRows(table: Table<object>, { touched }: Table<object>, write: WriteRow): void {
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

function writeIndex(index: IdIndex, { changes }: IdIndex): void {
  if (changes !== undefined && changes.size > 0) publishIds(index, changes);
}

/** Under immer: what differs is assigned to the draft of the row that is there. */
function assignRow(table: Table<object>, ordinal: number, row: object): void {
  const draft = rowAt(table, ordinal) as Record<string, unknown> | undefined;
  for (const [field, value] of Object.entries(row)) {
    if (draft !== undefined && draft[field] !== value) draft[field] = value;
  }
}

/** A frozen topology that shares with the one before it what was not touched. O(touched · log n). */
function nextVersion(base: Topology, touched: Topology): Topology {
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
