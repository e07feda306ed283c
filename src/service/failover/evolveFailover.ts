import { groupOf } from "../../kernel/queries.js";
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
  const failover = {
    id: failoverId,
    groupId: group.id,
    oldSourceId,
    newSourceId,
    at,
    isForced,
    lostTransactions: 0,
  };
  group.failovers = [...group.failovers, failover].slice(-failoversKept);
  group.updatedAt = at;
}

/**
 * Writes what a promotion within a group has lost, for `evolve` alone. The log of the new source says it, which starts
 * after the promotion.
 */
export function evolveFailoverLoss(
  topology: Mutable<Topology>,
  { row, lostTransactions }: FactOf<"LogStarted">,
): void {
  if (lostTransactions === 0) return;
  const { id, accountId, groupId } = existing(topology.instances, row);
  const found = groupId === null ? undefined : groupOf(topology, { accountId, id: groupId });
  if (found === undefined) return;
  const group = existing(topology.groups, found.ordinal);
  const last = group.failovers.at(-1);
  if (last?.newSourceId !== id) return;
  group.failovers = [...group.failovers.slice(0, -1), { ...last, lostTransactions }];
}

/** Failovers that a group keeps in its row. */
const failoversKept = 100;
