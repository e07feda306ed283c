import { booleanRule, type OptionRules, parseOptions } from "../domain/entryPointOptions.js";
import type { Topology } from "../topology/state.js";
import { plain, shortName } from "./escape.js";
import {
  groupByAccount,
  groupDetails,
  type InstanceCluster,
  instanceDetails,
  roleOf,
  type TopologyView,
} from "./groupInstances.js";
import { padded, widest } from "./textColumns.js";
import { renderOptionsOrigin, renderTopology, viewDemands } from "./validateInput.js";

/** How to print a tree of a topology. */
export interface TreeOptions extends TopologyView {
  /** Whether ids stand beside the names. Default false. */
  readonly ids?: boolean;
}

/**
 * A topology as lines of text: HA groups with their members, sources with their replicas, and what stands alone,
 * each with status, size and backup schedule. In order of creation, so that two of them can be compared line by line.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-topology` for what is no topology
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
 */
export function topologyTree(topology: Topology, options: TreeOptions = {}): string {
  const { ids = false, ...view } = parseOptions(options, demands, renderOptionsOrigin);
  return renderTopology(topology, () => {
    const households = groupByAccount(topology, view);
    const lines = households.flatMap(({ accountId, families }) => {
      const rows = families.flatMap((family) => familyRows(topology, family, ids));
      return households.length > 1
        ? [`account ${plain(accountId)}`, ...aligned(rows)]
        : aligned(rows);
    });
    return lines.length === 0 ? "(nothing)" : lines.join("\n");
  });
}

const demands: OptionRules<TreeOptions> = { ...viewDemands, ids: booleanRule };

interface Row {
  readonly who: string;
  readonly status: string;
  readonly details: readonly string[];
}

function familyRows(topology: Topology, { group, members }: InstanceCluster, ids: boolean): Row[] {
  const heads: Row[] =
    group === null
      ? []
      : [
          {
            who: called("HA group", group, ids),
            status: group.status,
            details: groupDetails(topology, group),
          },
        ];
  const rows = members.map((instance, at): Row => {
    const isHead = heads.length === 0 && at === 0;
    const branch = isHead ? "" : at === members.length - 1 ? "└─ " : "├─ ";
    return {
      who: branch + called(roleOf(instance), instance, ids),
      status: instance.status,
      details: instanceDetails(topology, instance),
    };
  });
  return [...heads, ...rows];
}

function called(
  role: string,
  { name, id }: { readonly name: string; readonly id: string },
  ids: boolean,
): string {
  return `${role} ${shortName(name)}${ids && name !== id ? ` [${plain(id)}]` : ""}`;
}

function aligned(rows: readonly Row[]): readonly string[] {
  const who = widest(rows.map((row) => row.who));
  const status = widest(rows.map((row) => row.status));
  return rows.map(
    (row) =>
      `${padded(row.who, who)}  ${padded(row.status, status)}  ${row.details.map(plain).join(", ")}`,
  );
}
