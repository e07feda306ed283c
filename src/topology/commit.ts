import { enablePatches, freeze, Immer, type Patch } from "immer";
import type { Fact } from "../domain/facts.js";
import { changedParts, nextVersion } from "./copyOnWrite.js";
import { evolve } from "./evolve.js";
import type { Mutable, Topology } from "./state.js";

export type { Patch } from "immer";

/** What a commit gave: the topology after the facts, and how it differs where that was asked for. */
export interface Committed {
  readonly topology: Topology;
  readonly patches?: readonly Patch[];
}

/** Facts that happen at one moment, and whether the difference is wanted as immer patches. */
export interface Commitment {
  readonly facts: readonly Fact[];
  readonly at: number;
  readonly patches: boolean;
}

/** A substrate: how facts become the next topology. Both run the same `evolve`. */
export type Commit = (topology: Topology, commitment: Commitment) => Committed;

/**
 * A new frozen topology that shares what did not change with the old one, which stays valid. Immer drafts the
 * topology itself; below it, what is frozen is copied as it is written, since a draft of each node and each row on
 * the way costs ten times as much. Only where patches are wanted does immer follow every write.
 */
export function immutableCommit(): Commit {
  const immer = new Immer({ autoFreeze: true });
  return (topology, { facts, at, patches }) => {
    if (patches) {
      enablePatches();
      const [next, changes] = immer.produceWithPatches(topology, (draft) => {
        for (const fact of facts) evolve(draft as Mutable<Topology>, fact, at);
      });
      return { topology: next, patches: changes };
    }
    const next = nextVersion(topology);
    for (const fact of facts) evolve(next, fact, at);
    const changes = changedParts(topology, next);
    return { topology: immer.produce(topology, (draft) => void Object.assign(draft, changes)) };
  };
}

/** The same topology, changed in place: for ensembles, where nobody looks back. */
export function inPlaceCommit(): Commit {
  return (topology, { facts, at, patches }) => {
    if (patches) throw new RangeError("only the immutable store can give patches");
    for (const fact of facts) evolve(topology as Mutable<Topology>, fact, at);
    return { topology };
  };
}

/** The topology, frozen through and through: what a loaded world does once, so that no commit has to. O(n). */
export function deepFreeze(topology: Topology): Topology {
  return freeze(topology, true);
}
