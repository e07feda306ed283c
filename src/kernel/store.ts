import { enablePatches, Immer, type Patch } from "immer";
import { rowAt, type Table } from "../collections/table.js";
import type { Mutable, Topology } from "../model/topology.js";
import { nextVersion, writeInPlace, writeTouched } from "./nextVersion.js";

export type { Patch } from "immer";

/** What a published transaction gave: the topology after it, and how it differs where that was asked for. */
export interface Published {
  readonly topology: Topology;
  readonly patches?: readonly Patch[];
}

/**
 * Where the rows of a world are kept. Everything that decides reads and writes an overlay (`TopologyOverlay`); a store
 * defines how they become the next topology, and whether a topology that a caller keeps can change.
 */
export interface Store {
  /** Whether a returned topology never changes, so that forks and snapshots can share it. */
  readonly keepsVersions: boolean;
  /** Whether it can return the difference as Immer patches. */
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
 * Each topology shares unchanged parts with its predecessor and stays valid permanently: nothing is written into it any
 * more, and what is handed out of it is frozen first. Rows that were touched are copies already; the nodes above them
 * are copied on the way. Where patches are wanted, immer drafts the touched rows and the nodes above them, and gives
 * the difference.
 */
export function immutableStore(): Store {
  const immer = new Immer({ autoFreeze: false });
  return {
    keepsVersions: true,
    givesPatches: true,
    open: (topology) => topology,
    publish: (base, touched, { patches }) => {
      if (patches) {
        enablePatches();
        const [topology, changes] = immer.produceWithPatches(base, (draft) => {
          const write = { write: assignFields, isShared: true };
          writeTouched(draft as Mutable<Topology>, touched, write);
        });
        return { topology, patches: changes };
      }
      return { topology: nextVersion(base, touched) };
    },
  };
}

/** One topology, changed in place: for ensembles, which need no earlier versions. Rows are still immutable values. */
export function inPlaceStore(): Store {
  return {
    keepsVersions: false,
    givesPatches: false,
    open: (topology) => topology,
    publish: (base, touched) => {
      writeInPlace(base as Mutable<Topology>, touched);
      return { topology: base };
    },
  };
}

/** Under immer: the draft of the row that is there notices by itself which fields differ. */
function assignFields(table: Table<object>, ordinal: number, row: object): void {
  Object.assign(rowAt(table, ordinal) ?? {}, row);
}
