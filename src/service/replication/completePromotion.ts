import { linkedInstance, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { canBePromoted, isDown } from "../../lifecycle/instanceStates.js";
import { InvariantViolationError } from "../../model/errors.js";
import { tooFarBehind } from "../failover/catchUp.js";
import { faultOf, type TaskOutcome } from "../faults/injectedFailure.js";
import type { Instance } from "../instances/instance.model.js";
import { follow, unfollow } from "../instances/newInstance.js";
import { reachEachOther } from "../placement/partitions.js";
import { withClients } from "./decideReplicas.js";
import { receivedPosition } from "./positions.js";
import { hasSourceThatServes } from "./replicaReactions.js";

/**
 * Completes a promotion in a plain set; the other replicas follow the new source. An available old source follows it
 * too, after all its writes were received. A source that is down or cut off stays alone, with the transactions that no replica
 * received.
 */
export function completePromotion(
  moment: Transaction,
  replica: Instance,
  { work, failure }: TaskOutcome,
): void {
  const { topology } = moment.context;
  if (replica.sourceId === null)
    throw new InvariantViolationError(`${replica.id} is not a replica`);
  const source = linkedInstance(topology, replica, replica.sourceId);
  const reason = failure === undefined ? obstacle(moment, { replica, source }) : failure.message;
  if (failure !== undefined || reason !== undefined) {
    const signal = hasSourceThatServes(moment, replica) ? "task.failed" : "promotion.abandoned";
    moment.stepInstance(replica, signal, { lastError: faultOf(moment, work, reason) });
    return;
  }
  const isEjected = isLost(replica, source);
  const others = replicasOf(topology, source).filter(({ id }) => id !== replica.id);
  moment.emit({
    type: "ReplicaPromoted",
    id: replica.id,
    row: replica.ordinal,
    oldSourceId: source.id,
    writtenPosition: receivedPosition(topology, source, moment.now),
    receivedPosition: receivedPosition(topology, isEjected ? replica : source, moment.now),
    isEjected,
    movesClients: work.target === withClients,
  });
  for (const one of [replica, ...others]) unfollow(moment, one, source);
  for (const one of isEjected ? others : [...others, source]) follow(moment, one, replica);
  moment.stepInstance(replica, "task.done");
  for (const one of others) moment.tryInstance(one, "replication.repaired");
}

/** Returns whether a source gives its replica nothing more. */
function isLost(replica: Instance, source: Instance): boolean {
  return isDown(source.state) || !reachEachOther(replica, source);
}

/** Returns why the roles cannot change now, although the promotion was accepted; undefined when they can. */
function obstacle(
  moment: Transaction,
  { replica, source }: { readonly replica: Instance; readonly source: Instance },
): string | undefined {
  if (isLost(replica, source)) return undefined;
  if (!canBePromoted(source.state)) return `its source ${source.id} is ${source.status}`;
  if (replica.link?.receives === false) return `it does not receive from its source ${source.id}`;
  return tooFarBehind(moment, replica);
}
