import { linkedInstance } from "../../kernel/queries.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import type { ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { acknowledgedUntil, appliedUntil, lagOf, receivedUntil } from "./logs.js";

/** Returns the links of the replicas of a source. */
export function linksOfReplicas(topology: Topology, source: Instance): readonly ReplicationLink[] {
  const { replicaIds } = source;
  if (replicaIds.length === 0) return noLinks;
  const links = replicaIds.map((id) => linkedInstance(topology, source, id).link);
  return links.includes(null)
    ? links.filter((link) => link !== null)
    : (links as readonly ReplicationLink[]); // none is null
}

const noLinks: readonly ReplicationLink[] = [];

/** Returns the position from which on some reader needs a log. Older parts can be dropped. */
export function oldestReadPosition(
  log: ReplicationLog | null,
  links: readonly ReplicationLink[],
  now: number,
): number {
  const acknowledged = log === null ? now : acknowledgedUntil(log, links, now);
  let least = acknowledged;
  for (const link of links) least = Math.min(least, oldestReadOf(link, log, now));
  return least;
}

/**
 * Returns the position from which on a replica needs the log of its source. One that is not up to date counts what it
 * has read from what its link says, so it needs what was written since then, too.
 */
function oldestReadOf(link: ReplicationLink, log: ReplicationLog | null, now: number): number {
  const { condition: line, applied, applyMs } = link;
  const isSlower = line.condition === "slow" && (line.factor ?? 1) > 1;
  const arrived = now - lagOf(link);
  const appliedNow = appliedUntil(link, log, now);
  const isUpToDate =
    !isSlower && receivedUntil(link, log, now) >= arrived && appliedNow >= arrived - applyMs;
  return isUpToDate ? appliedNow : applied;
}
