import { instanceOf } from "../../kernel/queries.js";
import { flavorOf } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { labelIsFree } from "../accounts/labelRules.js";
import { flavorExists, instanceQuota } from "../instances/createInstanceRules.js";
import { placeExists } from "../placement/placementRules.js";
import { pluralize } from "../shared/messages.js";
import { type Rule, requireSubject, statusViolation } from "../shared/rule.js";
import { groupExists, groupRule, groupTakes } from "./groupRule.js";

type Add = CommandOf<"addReplica">;
type Remove = CommandOf<"removeReplica">;

/** A group can be deleted in every status but BUILD and DELETING. */
export const deleteHaGroupRules: readonly Rule<CommandOf<"deleteHaGroup">>[] = [
  groupExists(),
  groupTakes("delete.requested", "delete"),
];

const equalToGroup = groupRule<Add>({
  id: "equal-members",
  source: "R82 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The new replica has the flavor and volume size of the group.",
  violation: (group, _, command) => {
    const isOfFlavor = String(command.flavorId) === group.flavorId;
    if (isOfFlavor && command.volumeGb === group.volumeGb) return undefined;
    return {
      message: `members of an HA group must have equal flavor and volume size: the group has ${sizeOf(group)}, the replica ${sizeOf(command)}`,
      field: isOfFlavor ? "volumeGb" : "flavorId",
      value: isOfFlavor ? command.volumeGb : command.flavorId,
      allowed: isOfFlavor ? String(group.volumeGb) : group.flavorId,
    };
  },
});

const groupReplicaLimit = groupRule<Add>({
  id: "group-replica-limit",
  source: "R81 [docs]",
  code: "overLimit",
  description: "An HA group has at most 2 replicas.",
  violation: ({ id, replicaIds }, { limits }) =>
    replicaIds.length < limits.maxReplicasPerSource
      ? undefined
      : {
          message: `HA group ${id} already has ${pluralize(replicaIds.length, "replica")}, the maximum`,
          value: id,
          allowed: `at most ${pluralize(limits.maxReplicasPerSource, "replica")}`,
        },
});

/** Rules in the order in which their errors are reported. */
export const addReplicaRules: readonly Rule<Add>[] = [
  groupExists(),
  flavorExists,
  placeExists(),
  equalToGroup,
  labelIsFree(),
  groupTakes("addReplica.requested", "add a replica to"),
  groupReplicaLimit,
  instanceQuota,
];

const isMember = groupRule<Remove>({
  id: "member-exists",
  source: "R83 [inferred]",
  code: "itemNotFound",
  field: "instanceId",
  description: "The instance is a member of the group.",
  violation: (group, { topology, accountId }, { instanceId }) =>
    instanceOf(topology, { accountId, id: instanceId })?.groupId === group.id
      ? undefined
      : {
          message: `instance ${instanceId} is not a member of HA group ${group.id}`,
          value: instanceId,
        },
});

const isGroupReplica = groupRule<Remove>({
  id: "group-replica",
  source: "R83 [inferred]",
  code: "badRequest",
  field: "instanceId",
  description: "The member is a replica, not the source.",
  violation: (group, _, { instanceId }) =>
    group.sourceId === instanceId
      ? {
          message: `${instanceId} is the source of HA group ${group.id}; only a replica can be removed`,
          value: instanceId,
          allowed: group.replicaIds,
        }
      : undefined,
});

const keepsReplica = groupRule<Remove>({
  id: "last-replica",
  source: "R81 C23 [inferred]",
  code: "badRequest",
  field: "instanceId",
  description: "The last replica of a group cannot be removed.",
  violation: (group, _, { instanceId }) =>
    group.replicaIds.length > 1 || !group.replicaIds.includes(instanceId)
      ? undefined
      : {
          message: `${instanceId} is the last replica of HA group ${group.id}; delete the group instead`,
          value: instanceId,
        },
});

const memberCanLeave = groupRule<Remove>({
  id: "detach-status",
  source: "R34 [trove]",
  code: "unprocessableEntity",
  field: "instanceId",
  description: "The status of the member allows its removal.",
  violation: (_, context, { instanceId }) => {
    const member = requireSubject(instanceId, context);
    const requested = { signal: "detach.requested", doing: "remove" } as const;
    return member && statusViolation(member, requested, context);
  },
});

/** The removed replica detaches, restarts, and stands alone (H5). */
export const removeReplicaRules: readonly Rule<Remove>[] = [
  groupExists(),
  isMember,
  isGroupReplica,
  keepsReplica,
  groupTakes("removeReplica.requested", "remove a replica from"),
  memberCanLeave,
];

/** Failover is off while the members restart, replicas first (H8). */
export const restartGroupRules: readonly Rule<CommandOf<"restartGroup">>[] = [
  groupExists(),
  groupTakes("restart.requested", "restart"),
];

const largerFlavor = groupRule<CommandOf<"resizeGroupFlavor">>({
  id: "flavor-grows",
  source: "R85 [hist]",
  code: "badRequest",
  field: "flavorId",
  description: "The new flavor is larger than the current one.",
  violation: (group, { catalog }, { flavorId }) => {
    const ramOf = (id: string): number => flavorOf(catalog, id)?.ramMb ?? 0;
    return ramOf(String(flavorId)) > ramOf(group.flavorId)
      ? undefined
      : {
          message: `cannot shrink HA group ${group.id} from flavor ${group.flavorId}; got ${String(flavorId)}`,
          value: flavorId,
          allowed: catalog.flavors
            .filter((flavor) => flavor.ramMb > ramOf(group.flavorId))
            .map((flavor) => flavor.id),
        };
  },
});

/** All members, replicas first (H7). */
export const resizeGroupFlavorRules: readonly Rule<CommandOf<"resizeGroupFlavor">>[] = [
  groupExists(),
  flavorExists,
  largerFlavor,
  groupTakes("flavorResize.requested", "resize the flavor of"),
];

const volumesGrow = groupRule<CommandOf<"resizeGroupVolumes">>({
  id: "volume-grows",
  source: "R84 [docs]",
  code: "badRequest",
  field: "volumeGb",
  description: "The new volume size is larger than the current one.",
  violation: (group, { limits }, { volumeGb }) =>
    volumeGb > group.volumeGb
      ? undefined
      : {
          message: `cannot shrink the volumes of HA group ${group.id} from ${String(group.volumeGb)} GB; got ${String(volumeGb)}`,
          value: volumeGb,
          allowed: `${String(group.volumeGb + 1)} to ${String(limits.maxVolumeGb)}`,
        },
});

/** All members at once (H6). */
export const resizeGroupVolumesRules: readonly Rule<CommandOf<"resizeGroupVolumes">>[] = [
  groupExists(),
  volumesGrow,
  groupTakes("volumeResize.requested", "resize the volumes of"),
];

/** Flavor and volume of a node or a group, in words. */
export function sizeOf({
  flavorId,
  volumeGb,
}: {
  readonly flavorId: string | number;
  readonly volumeGb: number;
}): string {
  return `flavor ${String(flavorId)} and ${String(volumeGb)} GB`;
}
