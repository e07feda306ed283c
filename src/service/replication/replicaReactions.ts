import { rowAt } from "../../collections/table.js";
import { instanceOf, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { InstanceState } from "../../lifecycle/instanceStates.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import type { Fact } from "../../model/facts.js";
import { faultOnPart } from "../faults/activeFaults.js";
import type { Instance } from "../instances/instance.model.js";

/** Breaks the replication of replicas whose source goes down, and restores it when the source is back (C35). */
export function replicasFollowSource(transaction: Transaction, fact: Fact): void {
  if (fact.type !== "InstanceStateEntered") return;
  const { state } = fact;
  const instance = rowAt(transaction.context.topology.instances, fact.row);
  if (instance === undefined) return;
  if (instance.replicaIds.length > 0) changeReplicas(transaction, instance, state);
  else if (state === "active" && instance.sourceId !== null) findSource(transaction, instance);
}

/** Returns whether a replica has a source that it can replicate from. */
export function hasSourceThatServes(
  { context: { topology } }: Transaction,
  { accountId, sourceId }: Instance,
): boolean {
  if (sourceId === null) return false;
  const source = instanceOf(topology, { accountId, id: sourceId });
  return source !== undefined && !isDown(source.state);
}

/** Breaks or restores the replication of all replicas of a source. */
function changeReplicas(transaction: Transaction, source: Instance, state: InstanceState): void {
  const isLost = isDown(state);
  if (!isLost && state !== "active") return;
  for (const replica of replicasOf(transaction.context.topology, source)) {
    if (isLost) transaction.tryInstance(replica, "replication.broken");
    else if (!isHeldBroken(transaction, replica)) {
      transaction.tryInstance(replica, "replication.repaired");
    }
  }
}

/** Breaks the replication of a replica that finishes other work while its source is down or a fault forbids it. */
function findSource(transaction: Transaction, replica: Instance): void {
  if (!isHeldBroken(transaction, replica) && hasSourceThatServes(transaction, replica)) return;
  transaction.tryInstance(replica, "replication.broken");
}

/** Returns whether a fault keeps replication broken. */
function isHeldBroken({ context }: Transaction, replica: Instance): boolean {
  return faultOnPart(context.topology, "replication", replica) !== undefined;
}
