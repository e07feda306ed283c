import type { ReplicationLink, ReplicationLog } from "../../domain/dataPlane.js";
import type { Instance } from "../../domain/entities.js";
import { acknowledgedUntil, appliedUntil } from "../../topology/logs.js";
import { replicasOf } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";

/** The links of those who follow a source. */
export function linksOfReplicas(topology: Topology, source: Instance): readonly ReplicationLink[] {
  return replicasOf(topology, source).flatMap(({ link }) => (link === null ? [] : [link]));
}

/** Until when the last reader of a log has read it: what is older can be forgotten. */
export function oldestReadPosition(
  log: ReplicationLog | null,
  links: readonly ReplicationLink[],
  now: number,
): number {
  const acknowledged = log === null ? now : acknowledgedUntil(log, links, now);
  return links.reduce((least, link) => Math.min(least, appliedUntil(link, now)), acknowledged);
}
