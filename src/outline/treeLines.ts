import type { Topology } from "../model/topology.js";
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

/**
 * The lines of a topology as a tree: HA groups with their members, sources with their replicas, stand-alone instances.
 * Empty for an empty topology. O(n log n).
 */
export function treeLines(
  topology: Topology,
  { ids = false, ...view }: TopologyView & { readonly ids?: boolean } = {},
): readonly string[] {
  const accounts = groupByAccount(topology, view);
  return accounts.flatMap(({ accountId, families }) => {
    const rows = families.flatMap((family) => familyRows(topology, family, ids));
    return accounts.length > 1 ? [`account ${plain(accountId)}`, ...aligned(rows)] : aligned(rows);
  });
}

/** The same as one text, which is never empty. */
export function treeText(topology: Topology, options: Parameters<typeof treeLines>[1]): string {
  const lines = treeLines(topology, options);
  return lines.length === 0 ? "(nothing)" : lines.join("\n");
}

interface Row {
  readonly label: string;
  readonly status: string;
  readonly details: readonly string[];
}

function familyRows(topology: Topology, { group, members }: InstanceCluster, ids: boolean): Row[] {
  const heads: Row[] =
    group === null
      ? []
      : [
          {
            label: called("HA group", group, ids),
            status: group.status,
            details: groupDetails(topology, group),
          },
        ];
  const rows = members.map((instance, at): Row => {
    const isHead = heads.length === 0 && at === 0;
    const branch = isHead ? "" : at === members.length - 1 ? "└─ " : "├─ ";
    return {
      label: branch + called(roleOf(instance), instance, ids),
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
  const label = widest(rows.map((row) => row.label));
  const status = widest(rows.map((row) => row.status));
  return rows.map(
    (row) =>
      `${padded(row.label, label)}  ${padded(row.status, status)}  ${row.details.map(plain).join(", ")}`,
  );
}
