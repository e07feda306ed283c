import { rowsOf } from "../../collections/table.js";
import type { Topology } from "../../model/topology.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import type { Configuration } from "./configuration.model.js";

/**
 * Yields the instances that have a configuration attached, in order of creation. A configuration does not store who uses
 * it, so this reads all instances.
 */
export function* instancesWith(
  { instances }: Topology,
  { id, accountId }: Pick<Configuration, "id" | "accountId">,
): Generator<Instance> {
  for (const instance of rowsOf(instances)) {
    if (instance.configurationId === id && instance.accountId === accountId) yield instance;
  }
}

/** Yields the HA groups that have a configuration attached, in order of creation. */
export function* groupsWith(
  { groups }: Topology,
  { id, accountId }: Pick<Configuration, "id" | "accountId">,
): Generator<HaGroup> {
  for (const group of rowsOf(groups)) {
    if (group.configurationId === id && group.accountId === accountId) yield group;
  }
}
