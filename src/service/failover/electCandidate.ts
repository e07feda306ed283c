import type { Transaction } from "../../kernel/transaction.js";
import { faultOnPart } from "../faults/activeFaults.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { isPromotable } from "../placement/partitions.js";
import { appliedPosition, receivedPosition } from "../replication/positions.js";
import { threadOf } from "../replication/replicationFlow.js";
import { bestCandidate, type Candidate } from "./candidate.js";
import { roleMembers } from "./roleMembers.js";

/** Returns the replica of a group that would be promoted now, or undefined when none can be. */
export function electCandidate(moment: Transaction, group: HaGroup): Instance | undefined {
  const { replicas } = roleMembers(moment, group);
  const best = bestCandidate(replicas.map((replica) => candidateOf(moment, replica)));
  return replicas.find(({ id }) => id === best?.id);
}

/** Returns whether a group has a running replica, eligible or not. */
export function hasLivingReplica(moment: Transaction, group: HaGroup): boolean {
  const { replicas } = roleMembers(moment, group);
  return replicas.some((replica) => isPromotable(moment.instance(replica)));
}

function candidateOf(moment: Transaction, replica: Instance): Candidate {
  const { topology } = moment.context;
  return {
    id: replica.id,
    isHealthy: isPromotable(moment.instance(replica)),
    receivedBytes: receivedPosition(topology, replica, moment.now).bytes,
    appliedBytes: appliedPosition(topology, replica, moment.now).bytes,
    applies: canApply(moment, replica),
  };
}

/** Returns whether no error has stopped a replica from applying. A replica without a link has a fault alone. */
function canApply({ context }: Transaction, replica: Instance): boolean {
  const failure = replica.link?.failure ?? null;
  if (failure !== null) return threadOf(failure) !== "applying";
  const fault = faultOnPart(context.topology, "replication", replica)?.fault;
  return fault?.kind !== "breakReplication" || fault.thread === "receiving";
}
