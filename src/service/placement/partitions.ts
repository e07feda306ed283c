import { canBePromoted, isDown } from "../../lifecycle/instanceStates.js";
import type { Instance } from "../instances/instance.model.js";

type Placed = Pick<Instance, "partitionId">;

/** Whether two instances reach each other: both outside of every partition, or both in the same one. */
export function reachEachOther(one: Placed, other: Placed): boolean {
  return one.partitionId === other.partitionId;
}

/** Whether the monitor of a group reaches a member. Monitors are outside of every partition. */
export function isReachedByMonitor({ partitionId }: Placed): boolean {
  return partitionId === null;
}

/** Whether a source is lost to the monitor of its group: it is down, or cut off. */
export function isLostToMonitor(source: Pick<Instance, "state" | "partitionId">): boolean {
  return isDown(source.state) || !isReachedByMonitor(source);
}

/** Whether the monitor of a group can promote a replica now: it lives, and is reached. */
export function isPromotable(replica: Pick<Instance, "state" | "partitionId">): boolean {
  return canBePromoted(replica.state) && isReachedByMonitor(replica);
}
