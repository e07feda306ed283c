import type { HaGroup } from "../haGroups/haGroup.model.js";
import { isLostToMonitor } from "../placement/partitions.js";
import { type Invariants, sibling } from "../shared/invariant.js";

/** What always holds for the failover of a group. */
export const failoverInvariants: Invariants<HaGroup> = {
  "a group looks for another source only while its own is lost": (group, { topology }) => {
    if (group.work?.task !== "detectFailure" || group.sourceId === null) return true;
    const source = sibling(topology, group, group.sourceId);
    return source !== undefined && isLostToMonitor(source);
  },
  "a source that was lost never comes back": (group, { topology }) =>
    group.failovers.every(({ oldSourceId, isForced }) => {
      const lost = isForced ? undefined : sibling(topology, group, oldSourceId);
      // It is unknown, or on its way out; a deletion that fails leaves it to its owner.
      return lost === undefined || (lost.groupId === null && lost.state !== "active");
    }),
};
