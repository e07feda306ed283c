import type { Commit, Committed } from "../topology/commit.js";
import type { Topology } from "../topology/state.js";
import { followData } from "./dataPlane/follow.js";
import { type Known, knownBefore } from "./dataPlane/touched.js";
import type { Moment } from "./moment.js";

/**
 * Writes the facts of a moment, and then what they mean for logs and links, which joins them. Without a log or a link in
 * the world that is one comparison.
 */
export function commitMoment(
  moment: Moment,
  topology: Topology,
  { commit, patches }: { readonly commit: Commit; readonly patches: boolean },
): Committed {
  const { facts, now: at } = moment;
  const known = topology.streams === 0 ? noneKnown : knownBefore(topology, facts);
  const first = commit(topology, { facts, at, patches });
  if (first.topology.streams === 0) return first;
  const count = facts.length;
  followData(moment, first.topology, known);
  if (facts.length === count) return first;
  const second = commit(first.topology, { facts: facts.slice(count), at, patches });
  if (first.patches === undefined || second.patches === undefined) return second;
  return { ...second, patches: [...first.patches, ...second.patches] };
}

const noneKnown: ReadonlyMap<number, Known> = new Map();
