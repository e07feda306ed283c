import type { Commit, Committed } from "../topology/commit.js";
import type { Topology } from "../topology/state.js";
import { dataBefore, type PreviousData } from "./dataPlane/affectedInstances.js";
import { deriveDataFacts } from "./dataPlane/deriveFacts.js";
import type { Transaction } from "./transaction.js";

/**
 * Writes the facts of a moment, and then what they mean for logs and links, which joins them. Without a log or a link in
 * the world that is one comparison.
 */
export function commitTransaction(
  moment: Transaction,
  topology: Topology,
  { commit, patches }: { readonly commit: Commit; readonly patches: boolean },
): Committed {
  const { facts, now: at } = moment;
  const known = topology.streams === 0 ? noneKnown : dataBefore(topology, facts);
  const first = commit(topology, { facts, at, patches });
  if (first.topology.streams === 0) return first;
  const count = facts.length;
  deriveDataFacts(moment, first.topology, known);
  if (facts.length === count) return first;
  const second = commit(first.topology, { facts: facts.slice(count), at, patches });
  if (first.patches === undefined || second.patches === undefined) return second;
  return { ...second, patches: [...first.patches, ...second.patches] };
}

const noneKnown: ReadonlyMap<number, PreviousData> = new Map();
