import type { Transaction } from "../../kernel/transaction.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { isPromotable } from "../placement/partitions.js";
import { appliedPosition, receivedPosition } from "../replication/positions.js";
import { bestCandidate, type Candidate } from "./candidate.js";
import { roleMembers } from "./roleMembers.js";

/** Returns the replica of a group that would be promoted now, or undefined when none can be. */
export function electCandidate(moment: Transaction, group: HaGroup): Instance | undefined {
  const { replicas } = roleMembers(moment, group);
  const best = bestCandidate(replicas.map((replica) => activeFaults(moment, replica)));
  return replicas.find(({ id }) => id === best?.id);
}

/** Returns whether a group has a running replica, eligible or not. */
export function hasLivingReplica(moment: Transaction, group: HaGroup): boolean {
  const { replicas } = roleMembers(moment, group);
  return replicas.some((replica) => isPromotable(moment.instance(replica)));
}

function activeFaults(moment: Transaction, replica: Instance): Candidate {
  const { topology } = moment.context;
  return {
    id: replica.id,
    isHealthy: isPromotable(moment.instance(replica)),
    receivedBytes: receivedPosition(topology, replica, moment.now).bytes,
    appliedBytes: appliedPosition(topology, replica, moment.now).bytes,
  };
}
