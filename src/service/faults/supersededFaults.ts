import { rowAt, visitRows } from "../../collections/table.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Fact, FactOf } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";
import { faultOnPart, isStillDamaged, targetIdOf } from "./activeFaults.js";
import type { InjectedFault } from "./fault.model.js";
import { endFault } from "./processFault.js";

/**
 * Ends the faults that a fact supersedes: on removed rows, and on rows whose condition has changed since. Worlds
 * without faults pay one comparison.
 */
export function supersedeFaults(transaction: Transaction, fact: Fact): void {
  if (transaction.before.faults.count === 0) return;
  for (const fault of supersededBy(transaction, fact)) {
    endFault(transaction, fault, { outcome: "superseded", reason: reasonOf(fact) });
  }
}

/** A fault that this transaction has injected caused the fact itself. */
function supersededBy(
  { before, context: { topology } }: Transaction,
  fact: Fact,
): readonly InjectedFault[] {
  switch (fact.type) {
    case "InstanceStateEntered": {
      const instance = rowAt(topology.instances, fact.row);
      const fault = instance && faultOnPart(before, "service", instance);
      if (instance === undefined || fault === undefined || !isActive(topology, fault)) {
        return noFaults;
      }
      return isStillDamaged(fault.fault, instance) ? noFaults : [fault];
    }
    case "ReplicationStopped": {
      const replica = rowAt(topology.instances, fact.replicaRow);
      if (replica === undefined) return noFaults;
      const found: InjectedFault[] = [];
      for (const part of partsOfReplication) {
        const fault = faultOnPart(before, part, replica);
        if (fault !== undefined && isActive(topology, fault)) found.push(fault);
      }
      return found;
    }
    case "InstanceRemoved":
    case "GroupRemoved":
    case "BackupRemoved":
      return faultsOfRemoved(before, topology, fact);
    default:
      return noFaults;
  }
}

const noFaults: readonly InjectedFault[] = [];
const partsOfReplication = ["replication", "link"] as const;

function faultsOfRemoved(
  before: Topology,
  topology: Topology,
  { id, accountId }: FactOf<"InstanceRemoved" | "GroupRemoved" | "BackupRemoved">,
): readonly InjectedFault[] {
  const found: InjectedFault[] = [];
  visitRows(before.faults, found, (row, list) => {
    const isMeant = row.accountId === accountId && targetIdOf(row.fault) === id;
    if (isMeant && isActive(topology, row)) list.push(row);
  });
  return found;
}

function isActive({ faults }: Topology, { ordinal }: InjectedFault): boolean {
  return rowAt(faults, ordinal) !== undefined;
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
