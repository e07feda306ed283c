import { birthByCommand } from "../../kernel/lineage.js";
import { replicationSetOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Implementations } from "../commands/implementation.js";
import { requireGroup, requireInstance } from "../shared/lookups.js";
import { addAclRules, deleteAclRules } from "./aclRules.js";
import { convertRules } from "./convertToHaRules.js";
import { join, newGroup } from "./groupMembers.js";

/** Conversion to an HA group, and its ACLs. */
export const groupImplementations = {
  convertToHa: {
    rules: convertRules,
    decide: convertToHa,
  },
  addAcl: {
    rules: addAclRules,
    decide: addAcl,
  },
  deleteAcl: {
    rules: deleteAclRules,
    decide: deleteAcl,
  },
} satisfies Implementations;

/**
 * Converts the whole replication set, whichever member was named. The group's task decides for all members (T18, H1).
 */
function convertToHa(moment: Transaction, command: CommandOf<"convertToHa">): void {
  const members = replicationSetOf(moment.context.topology, requireInstance(moment, command));
  const [source] = members;
  if (source === undefined)
    throw new InvariantViolationError(`instance ${command.instanceId} has no replication set`);
  const { flavorId, volumeGb, datastoreType, datastoreVersion } = source;
  const { label, name } = command;
  const birth = birthByCommand(moment, { label, kind: "group", parentKey: source.key, name });
  const group = newGroup(moment, {
    ...moment.firstGroupState("conversion.accepted"),
    flavorId,
    volumeGb,
    datastoreType,
    datastoreVersion,
    name: command.name,
    birth,
    networks: command.networks,
    acls: command.acls,
    configurationId: source.configurationId,
    pendingReplicaNames: [],
  });
  const work = moment.work("convert", {
    key: group.key,
    tasksStarted: 0,
  });
  moment.emit({
    type: "GroupCreated",
    group: { ...group, work, tasksStarted: 1 },
    counted: birth.counted,
  });
  for (const member of members) {
    join(moment, group, member, member.sourceId === null ? "source" : "replica");
    moment.stepInstance(member, "conversion.started");
  }
}

/** Adds a range; one that exists is left as it is (R93). */
function addAcl(moment: Transaction, { groupId, address }: CommandOf<"addAcl">): void {
  const group = requireGroup(moment, groupId);
  if (group.acls.includes(address)) return;
  moment.emit({ type: "AclAdded", id: group.id, row: group.ordinal, address });
}

/** Removes a range. */
function deleteAcl(moment: Transaction, { groupId, address }: CommandOf<"deleteAcl">): void {
  const group = requireGroup(moment, groupId);
  moment.emit({ type: "AclRemoved", id: group.id, row: group.ordinal, address });
}
