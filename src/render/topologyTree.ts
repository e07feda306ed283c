import { booleanRule, type OptionRules, parseOptions } from "../model/schema/entryPointOptions.js";
import type { TopologyData } from "../model/topology.js";
import type { TopologyView } from "../outline/groupInstances.js";
import { treeText } from "../outline/treeLines.js";
import { renderOptionsOrigin, renderTopology, viewDemands } from "./validateInput.js";

/** Options of `topologyTree`. */
export interface TreeOptions extends TopologyView {
  /** Whether to print ids beside the names. Default false. */
  readonly ids?: boolean;
}

/**
 * Renders a topology as text: HA groups with their members, sources with their replicas, and stand-alone instances,
 * each with status, size and backup schedule. In order of creation, so that two trees can be compared line by line.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { topologyTree } from "replication-simulator/render";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * console.log(topologyTree(sim.topology)); // stand-alone orders  BUILD  mysql 5.6, flavor 2, 10 GB
 * ```
 * @param topology - the result of `sim.topology`
 * @param options - account and columns
 * @returns the tree as text
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-topology` for anything but a topology
 */
export function topologyTree(topology: TopologyData, options: TreeOptions = {}): string {
  const { ids = false, ...view } = parseOptions(options, demands, renderOptionsOrigin);
  return renderTopology(topology, (rows) => treeText(rows, { ...view, ids }));
}

const demands: OptionRules<TreeOptions> = { ...viewDemands, ids: booleanRule };
