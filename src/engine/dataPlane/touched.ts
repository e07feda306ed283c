import { rowAt } from "../../collections/table.js";
import type { HaGroup, Instance } from "../../domain/entities.js";
import type { Fact } from "../../domain/facts.js";
import { instanceOf } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";

/** What was true of an instance before the facts of a moment. */
export type Known = Pick<Instance, "id" | "ordinal" | "groupId" | "writes" | "link">;

/** The logs and links of all instances that facts are about, as they were before the facts. */
export function knownBefore(
  topology: Topology,
  facts: readonly Fact[],
): ReadonlyMap<number, Known> {
  const known = new Map<number, Known>();
  for (const row of rowsAbout(topology, facts)) {
    const instance = rowAt(topology.instances, row);
    if (instance === undefined) continue;
    const { id, ordinal, groupId, writes, link } = instance;
    // A copy: in place the row is about to change.
    known.set(row, { id, ordinal, groupId, writes, link });
  }
  return known;
}

/** The instances that facts are about, as far as it matters to logs and links. */
export function rowsAbout(topology: Topology, facts: readonly Fact[]): ReadonlySet<number> {
  const rows = new Set<number>();
  for (const fact of facts) {
    switch (fact.type) {
      case "InstanceCreated":
        rows.add(fact.instance.ordinal);
        break;
      case "InstanceStateEntered":
      case "InstanceChanged":
      case "InstanceRemoved":
      case "WorkloadSet":
      case "LinkChanged":
        rows.add(fact.row);
        break;
      case "ReplicationStarted":
      case "ReplicationStopped":
        rows.add(fact.sourceRow);
        rows.add(fact.replicaRow);
        break;
      case "MemberJoined":
      case "MemberLeft":
        rows.add(fact.instanceRow);
        break;
      case "ReplicationModeChanged": {
        const source = sourceOf(topology, rowAt(topology.groups, fact.row));
        if (source !== undefined) rows.add(source.ordinal);
        break;
      }
      default:
    }
  }
  return rows;
}

function sourceOf(topology: Topology, group: HaGroup | undefined): Instance | undefined {
  if (group === undefined || group.sourceId === null) return undefined;
  return instanceOf(topology, { accountId: group.accountId, id: group.sourceId });
}
