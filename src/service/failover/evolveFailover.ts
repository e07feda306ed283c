import { existing } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/**
 * Writes a promotion within a group; for `evolve` alone. An old source that has not left the group is a replica of it now.
 */
export function evolvePromotion(
  topology: Mutable<Topology>,
  { row, failoverId, oldSourceId, newSourceId, isForced }: FactOf<"SourcePromoted">,
  at: number,
): void {
  const group = existing(topology.groups, row);
  const others = group.replicaIds.filter((id) => id !== newSourceId);
  group.replicaIds = group.sourceId === null ? others : [...others, group.sourceId];
  group.sourceId = newSourceId;
  const failover = { id: failoverId, groupId: group.id, oldSourceId, newSourceId, at, isForced };
  group.failovers = [...group.failovers, failover].slice(-failoversKept);
  group.updatedAt = at;
}

/** Failovers that a group keeps in its row. */
const failoversKept = 100;
