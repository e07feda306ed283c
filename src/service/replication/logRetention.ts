import { linkedInstance } from "../../kernel/queries.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import type { ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { acknowledgedUntil, appliedUntil } from "./logs.js";

/** Returns the links of the replicas of a source. */
export function linksOfReplicas(topology: Topology, source: Instance): readonly ReplicationLink[] {
  const links: ReplicationLink[] = [];
  for (const id of source.replicaIds) {
    const { link } = linkedInstance(topology, source, id);
    if (link !== null) links.push(link);
  }
  return links;
}

/** Returns the position that every reader of a log has read up to. Older parts can be dropped. */
export function oldestReadPosition(
  log: ReplicationLog | null,
  links: readonly ReplicationLink[],
  now: number,
): number {
  const acknowledged = log === null ? now : acknowledgedUntil(log, links, now);
  return links.reduce((least, link) => Math.min(least, appliedUntil(link, now)), acknowledged);
}
