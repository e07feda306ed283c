import { groupOf, scheduleOf } from "../../kernel/queries.js";
import { isFormed, mayLackSource } from "../../lifecycle/groupStates.js";
import { isLostToMonitor } from "../placement/partitions.js";
import { type Invariants, memberIds, sibling } from "../shared/invariant.js";
import type { HaGroup } from "./haGroup.model.js";

/** What always holds for an HA group. */
export const haGroupInvariants: Invariants<HaGroup> = {
  "a group that works has exactly one source": (group, { topology }) =>
    mayLackSource(group.state) ||
    (group.sourceId !== null && sibling(topology, group, group.sourceId)?.groupId === group.id),
  "the replicas of a group follow its source": (group, { topology }) =>
    group.replicaIds.every((id) => {
      const member = sibling(topology, group, id);
      return member?.groupId === group.id && member.sourceId === group.sourceId;
    }),
  "a group at rest has no member that is lost": (group, { topology }) =>
    group.state !== "active" ||
    memberIds(group).every((id) => {
      const member = sibling(topology, group, id);
      return (
        member !== undefined && member.state !== "replicationBroken" && !isLostToMonitor(member)
      );
    }),
  "a group has no more replicas than the limit": ({ replicaIds }, { limits }) =>
    replicaIds.length <= limits.maxReplicasPerSource,
  "members share flavor, volume size and datastore": (group, { topology }) =>
    memberIds(group).every((id) => {
      const member = sibling(topology, group, id);
      return (
        member?.flavorId === group.flavorId &&
        member.volumeGb === group.volumeGb &&
        member.datastoreType === group.datastoreType &&
        member.datastoreVersion === group.datastoreVersion
      );
    }),
  "a group in BACKUP is occupied by a backup": ({ status, backupId }) =>
    status !== "BACKUP" || backupId !== null,
  "once a group is formed, no member has a schedule": (group, { topology }) =>
    group.state === "converting" ||
    memberIds(group).every((id) => sibling(topology, group, id)?.scheduleId === null),
  "replication in a formed group is semi-synchronous": ({ state, replicationMode }) =>
    !isFormed(state) || replicationMode === "semi-synchronous",
  "a schedule and its group point at each other": (group, { topology }) =>
    group.scheduleId === null ||
    scheduleOf(topology, { accountId: group.accountId, id: group.scheduleId })?.ownerId ===
      group.id,
  "a group has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.group.taskOf[state] === (work?.task ?? null),
  "the status of a group is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.group.statusOf[state] === status,
  "a group's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its group by id": (group, { topology }) =>
    groupOf(topology, group)?.ordinal === group.ordinal,
};
