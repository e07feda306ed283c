import { rowAt, rowsOf } from "../../collections/table.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Fact } from "../../model/facts.js";
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
  const isActive = ({ ordinal }: InjectedFault): boolean =>
    rowAt(topology.faults, ordinal) !== undefined;
  switch (fact.type) {
    case "InstanceStateEntered": {
      const instance = rowAt(topology.instances, fact.row);
      const fault = instance && faultOnPart(before, "service", instance);
      if (instance === undefined || fault === undefined || !isActive(fault)) return [];
      return isStillDamaged(fault.fault, instance) ? [] : [fault];
    }
    case "ReplicationStopped": {
      const replica = rowAt(topology.instances, fact.replicaRow);
      if (replica === undefined) return [];
      return (["replication", "link"] as const)
        .flatMap((part) => faultOnPart(before, part, replica) ?? [])
        .filter(isActive);
    }
    case "InstanceRemoved":
    case "GroupRemoved":
    case "BackupRemoved":
      return [...rowsOf(before.faults)].filter(
        (row) =>
          row.accountId === fact.accountId && targetIdOf(row.fault) === fact.id && isActive(row),
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
