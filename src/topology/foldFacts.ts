import type { Fact } from "../domain/facts.js";
import { evolve } from "./evolve.js";
import { TopologyOverlay } from "./overlay.js";
import type { Mutable, Topology } from "./state.js";
import { immutableStore } from "./store.js";

const store = immutableStore();

/**
 * The topology after facts: what pictures, comparisons and replays make of a journal. A pure function; the topology given
 * must be frozen through and through (see `frozenTopology`), stays valid, and shares with the result what the facts do
 * not touch. O(changes).
 */
export function foldFacts(
  topology: Topology,
  { facts, at }: { readonly facts: Iterable<Fact>; readonly at: number },
): Topology {
  const overlay = new TopologyOverlay(topology);
  for (const fact of facts) evolve(overlay.topology as Mutable<Topology>, fact, at);
  return store.publish(topology, overlay.topology, { patches: false }).topology;
}

/** A topology to begin a fold with: the same one, frozen through and through. O(n). */
export function frozenTopology(topology: Topology): Topology {
  return store.open(topology);
}
