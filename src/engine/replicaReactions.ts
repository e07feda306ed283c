import { rowAt } from "../collections/table.js";
import type { Instance } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { InstanceState } from "../domain/statuses.js";
import { isDown } from "../lifecycle/instanceStates.js";
import { faultOnPart } from "../topology/faults.js";
import { instanceOf, replicasOf } from "../topology/queries.js";
import type { Transaction } from "./transaction.js";

/** Replication breaks when the source of a replica goes down, and runs again when it is back (C35). */
export function replicasFollowSource(transaction: Transaction, fact: Fact): void {
  if (fact.type !== "InstanceStateEntered") return;
  const { state } = fact;
  const instance = rowAt(transaction.context.topology.instances, fact.row);
  if (instance === undefined) return;
  if (instance.replicaIds.length > 0) changeReplicas(transaction, instance, state);
  else if (state === "active" && instance.sourceId !== null) findSource(transaction, instance);
}

/** Whether a replica has a source that it can replicate from. */
export function hasSourceThatServes(
  { context: { topology } }: Transaction,
  { accountId, sourceId }: Instance,
): boolean {
  if (sourceId === null) return false;
  const source = instanceOf(topology, { accountId, id: sourceId });
  return source !== undefined && !isDown(source.state);
}

/** Without its source a replica's replication is broken; with it, it comes back by itself. */
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

/** A replica that is back from other work cannot follow a source that is down, or while a fault forbids it. */
function findSource(transaction: Transaction, replica: Instance): void {
  if (!isHeldBroken(transaction, replica) && hasSourceThatServes(transaction, replica)) return;
  transaction.tryInstance(replica, "replication.broken");
}

/** Whether a fault keeps replication broken. */
function isHeldBroken({ context }: Transaction, replica: Instance): boolean {
  return faultOnPart(context.topology, "replication", replica) !== undefined;
}
