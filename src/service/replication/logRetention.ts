import { linkedInstance } from "../../kernel/queries.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import type { ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { acknowledgedUntil, appliedUntil } from "./logs.js";

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

/** Returns the position that every reader of a log has read up to. Older parts can be dropped. */
export function oldestReadPosition(
  log: ReplicationLog | null,
  links: readonly ReplicationLink[],
  now: number,
): number {
  const acknowledged = log === null ? now : acknowledgedUntil(log, links, now);
  let least = acknowledged;
  for (const link of links) least = Math.min(least, appliedUntil(link, now));
  return least;
}
