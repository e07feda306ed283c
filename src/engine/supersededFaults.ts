import { rowAt, rowsOf } from "../collections/table.js";
import type { Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import { faultOnPart, isStillDamaged, targetIdOf } from "../topology/faults.js";
import { endFault } from "./faults.js";
import type { Transaction } from "./transaction.js";

/**
 * Ends the faults that the facts of a moment have overtaken: of what is gone, and of what is in another condition than
 * they left it in. Worlds without faults pay one look.
 */
export function endSupersededFaults(moment: Transaction): void {
  const { topology } = moment.context;
  if (topology.faults.count === 0) return;
  const ended = new Set<number>();
  for (const fact of moment.facts) if (fact.type === "FaultEnded") ended.add(fact.row);
  // Facts are added behind those that are looked at.
  for (const fact of [...moment.facts]) {
    for (const fault of overtakenBy(moment, fact)) {
      if (ended.has(fault.ordinal)) continue;
      ended.add(fault.ordinal);
      endFault(moment, fault, { outcome: "superseded", reason: reasonOf(fact) });
    }
  }
}

function overtakenBy(moment: Transaction, fact: Fact): readonly InjectedFault[] {
  const { topology } = moment.context;
  switch (fact.type) {
    case "InstanceStateEntered": {
      const instance = rowAt(topology.instances, fact.row);
      const fault = instance && faultOnPart(topology, "service", instance);
      if (instance === undefined || fault === undefined) return [];
      const { state } = fact;
      return isStillDamaged(fault.fault.kind, { ...instance, state }) ? [] : [fault];
    }
    case "ReplicationStopped": {
      const replica = rowAt(topology.instances, fact.replicaRow);
      if (replica === undefined) return [];
      return (["replication", "link"] as const).flatMap(
        (what) => faultOnPart(topology, what, replica) ?? [],
      );
    }
    case "InstanceRemoved":
    case "GroupRemoved":
    case "BackupRemoved":
      return [...rowsOf(topology.faults)].filter(
        ({ accountId, fault }) => accountId === fact.accountId && targetIdOf(fault) === fact.id,
      );
    default:
      return [];
  }
}

function reasonOf(fact: Fact): string {
  switch (fact.type) {
    case "InstanceStateEntered":
      return `instance ${fact.id} is ${fact.status}`;
    case "ReplicationStopped":
      return `${fact.replicaId} follows ${fact.sourceId} no more`;
    default:
      return "its target is gone";
  }
}
