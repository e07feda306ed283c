import { rowAt } from "../../collections/table.js";
import { linkedInstance } from "../../kernel/queries.js";
import type { Fact } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";

/**
 * Returns the instances that the facts from a number on affect, each once, as far as logs and links are concerned.
 * Instances that are created, removed, or join or leave a group have a log or a link only if replication starts or stops
 * with it.
 */
export function affectedRows(
  topology: Topology,
  facts: readonly Fact[],
  from: number,
): readonly number[] {
  let rows: number[] | undefined;
  const add = (row: number): void => {
    if (rows === undefined) rows = [row];
    else if (!rows.includes(row)) rows.push(row);
  };
  for (let at = from; at < facts.length; at++) {
    const fact = facts[at] as Fact; // below the length
    switch (fact.type) {
      case "InstanceStateEntered":
      case "InstanceChanged":
      case "PartitionChanged":
      case "WorkloadSet":
      case "WorkloadMoved":
      case "LinkChanged":
      case "SemiSynchronousDegraded":
        add(fact.row);
        break;
      case "ReplicationStarted":
      case "ReplicationStopped":
        add(fact.sourceRow);
        add(fact.replicaRow);
        break;
      case "ReplicationModeChanged": {
        const group = rowAt(topology.groups, fact.row);
        if (group?.sourceId != null) {
          add(linkedInstance(topology, group, group.sourceId).ordinal);
        }
        break;
      }
      default:
    }
  }
  return rows ?? noRows;
}

const noRows: readonly number[] = [];
