import { rowAt } from "../../collections/table.js";
import { linkedInstance } from "../../kernel/queries.js";
import type { Fact } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";

/**
 * Returns the instances that a fact affects, as far as logs and links are concerned. Instances that are created,
 * removed, or join or leave a group have a log or a link only if replication starts or stops with it.
 */
export function affectedRows(topology: Topology, facts: Iterable<Fact>): ReadonlySet<number> {
  const rows = new Set<number>();
  for (const fact of facts) {
    switch (fact.type) {
      case "InstanceStateEntered":
      case "InstanceChanged":
      case "PartitionChanged":
      case "WorkloadSet":
      case "WorkloadMoved":
      case "LinkChanged":
      case "SemiSynchronousDegraded":
        rows.add(fact.row);
        break;
      case "ReplicationStarted":
      case "ReplicationStopped":
        rows.add(fact.sourceRow);
        rows.add(fact.replicaRow);
        break;
      case "ReplicationModeChanged": {
        const group = rowAt(topology.groups, fact.row);
        if (group?.sourceId != null) {
          rows.add(linkedInstance(topology, group, group.sourceId).ordinal);
        }
        break;
      }
      default:
    }
  }
  return rows;
}
