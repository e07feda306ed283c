import { birthByCommand, birthByLabel } from "../../kernel/lineage.js";
import { linkedInstance, membersOf } from "../../kernel/queries.js";
import type { StepOptions, Transaction } from "../../kernel/transaction.js";
import { wantedDatastore } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { failRunningBackup } from "../backups/startBackup.js";
import type { Implementations } from "../commands/implementation.js";
import type { Instance } from "../instances/instance.model.js";
import type { PlaceInput } from "../placement/placement.model.js";
import { removeScheduleOf } from "../schedules/decideSchedules.js";
import { requireGroup, requireInstance } from "../shared/lookups.js";
import { createHaGroupRules } from "./createHaGroupRules.js";
import { newGroup, startMemberBuild } from "./groupMembers.js";
import type { HaGroup } from "./haGroup.model.js";
import {
  addReplicaRules,
  deleteHaGroupRules,
  removeReplicaRules,
  resizeGroupFlavorRules,
  resizeGroupVolumesRules,
  restartGroupRules,
} from "./haGroupRules.js";

/** Commands on HA groups and their members. */
export const haGroupImplementations = {
  createHaGroup: {
    rules: createHaGroupRules,
    decide: createHaGroup,
  },
  deleteHaGroup: {
    rules: deleteHaGroupRules,
    decide: deleteHaGroup,
  },
  addReplica: {
    rules: addReplicaRules,
    decide: addReplica,
  },
  removeReplica: {
    rules: removeReplicaRules,
    decide: removeReplica,
  },
  restartGroup: {
    rules: restartGroupRules,
    decide: restartGroup,
  },
  resizeGroupFlavor: {
    rules: resizeGroupFlavorRules,
    decide: resizeGroupFlavor,
  },
  resizeGroupVolumes: {
    rules: resizeGroupVolumesRules,
    decide: resizeGroupVolumes,
  },
} satisfies Implementations;

/** Creates the group and starts the build of its source. The replicas follow, then the addresses (H1). */
function createHaGroup(moment: Transaction, command: CommandOf<"createHaGroup">): void {
  const datastore = wantedDatastore(moment.context.catalog, command.datastore);
  const { source, replicas, configurationId = null } = command;
  const { label, name } = command;
  const birth = birthByCommand(moment, { label, kind: "group", name });
  const group = newGroup(moment, {
    ...moment.firstGroupState("creation.accepted"),
    name: command.name,
    birth,
    flavorId: String(source.flavorId),
    volumeGb: source.volumeGb,
    datastoreType: datastore.type,
    datastoreVersion: datastore.version,
    networks: command.networks,
    acls: command.acls,
    configurationId,
    pendingReplicaNames: replicas.map(({ name = null, label = null, ...node }) => ({
      name,
      label,
      ...placeOf(node),
    })),
  });
  moment.emit({ type: "GroupCreated", group, counted: birth.counted });
  startMemberBuild(moment, group, {
    name: source.name,
    ...(source.label === undefined ? {} : { birth: birthByLabel(moment, source.label) }),
    source: null,
    latency: "build",
    place: source,
  });
}

/** The place of an input, without its other fields. */
function placeOf({ zone, rack }: PlaceInput): PlaceInput {
  return { ...(zone === undefined ? {} : { zone }), ...(rack === undefined ? {} : { rack }) };
}

/** Deletes all members and the schedule with the group. Backups stay (H13, C22). */
function deleteHaGroup(moment: Transaction, { groupId }: CommandOf<"deleteHaGroup">): void {
  const group = requireGroup(moment, groupId);
  const members = membersOf(moment.context.topology, group);
  moment.stepGroup(group, "delete.requested");
  removeScheduleOf(moment, group);
  for (const member of members) {
    failRunningBackup(moment, member, `its group ${groupId} is being deleted`);
    moment.tryInstance(member, "group.deleted");
  }
  if (members.length === 0) removeGroup(moment, group);
}

/** Emits the fact that removes a group. */
export function removeGroup(moment: Transaction, group: HaGroup): void {
  moment.stepGroup(group, "members.ready");
  moment.emit({
    type: "GroupRemoved",
    id: group.id,
    row: group.ordinal,
    accountId: group.accountId,
  });
}

/** Adds a replica, built from the most current one. The source is not restarted (H4). */
function addReplica(moment: Transaction, command: CommandOf<"addReplica">): void {
  const { groupId, name, label } = command;
  const group = requireGroup(moment, groupId);
  moment.stepGroup(group, "addReplica.requested");
  startMemberBuild(moment, group, {
    name,
    birth: birthByCommand(moment, { label, kind: "instance", parentKey: group.key, name }),
    source: sourceOf(moment, group),
    latency: "startMemberBuild",
    place: command,
  });
}

/** Detaches a replica, which leaves the group when the task is done (H5). */
function removeReplica(moment: Transaction, command: CommandOf<"removeReplica">): void {
  moment.stepGroup(requireGroup(moment, command.groupId), "removeReplica.requested");
  moment.stepInstance(requireInstance(moment, command), "detach.requested", {
    latency: "leaveGroup",
  });
}

/** Restarts the replicas first, then the source (H8). */
function restartGroup(moment: Transaction, { groupId }: CommandOf<"restartGroup">): void {
  const group = requireGroup(moment, groupId);
  moment.stepGroup(group, "restart.requested");
  replicasFirst(moment, group, "restart.requested");
}

/** Resizes the replicas first, then the source (H7). */
function resizeGroupFlavor(moment: Transaction, command: CommandOf<"resizeGroupFlavor">): void {
  const group = requireGroup(moment, command.groupId);
  moment.stepGroup(group, "flavorResize.requested");
  replicasFirst(moment, group, "flavorResize.requested", { target: String(command.flavorId) });
}

/** Starts a task on the replicas. A source without replicas, after a failed replacement, starts at once. */
function replicasFirst(
  moment: Transaction,
  group: HaGroup,
  signal: "restart.requested" | "flavorResize.requested",
  options: StepOptions = {},
): void {
  const busy = replicasIn(moment, group).filter((replica) =>
    moment.tryInstance(replica, signal, options),
  );
  const source = sourceOf(moment, group);
  if (busy.length === 0 && source !== null) moment.stepInstance(source, signal, options);
}

/** Resizes all volumes at the same time (H6). */
function resizeGroupVolumes(moment: Transaction, command: CommandOf<"resizeGroupVolumes">): void {
  const group = requireGroup(moment, command.groupId);
  const target = command.volumeGb;
  moment.stepGroup(group, "volumeResize.requested");
  for (const member of membersOf(moment.context.topology, group)) {
    moment.tryInstance(member, "volumeResize.requested", { target });
  }
}

function replicasIn({ context }: Transaction, group: HaGroup): readonly Instance[] {
  return group.replicaIds.map((id) => linkedInstance(context.topology, group, id));
}

function sourceOf({ context }: Transaction, group: HaGroup): Instance | null {
  return group.sourceId === null ? null : linkedInstance(context.topology, group, group.sourceId);
}
