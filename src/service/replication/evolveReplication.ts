import { existing } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about the links between sources and replicas. */
export type LinkFact = FactOf<"ReplicationStarted" | "ReplicationStopped">;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveReplication(topology: Mutable<Topology>, fact: LinkFact): void {
  switch (fact.type) {
    case "ReplicationStarted": {
      existing(topology.instances, fact.replicaRow).sourceId = fact.sourceId;
      const source = existing(topology.instances, fact.sourceRow);
      source.replicaIds = [...source.replicaIds, fact.replicaId];
      return;
    }
    case "ReplicationStopped": {
      existing(topology.instances, fact.replicaRow).sourceId = null;
      const source = existing(topology.instances, fact.sourceRow);
      source.replicaIds = source.replicaIds.filter((id) => id !== fact.replicaId);
      return;
    }
  }
}
