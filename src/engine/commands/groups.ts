import type { CommandOf } from "../../domain/commands.js";
import type { Network } from "../../domain/entities.js";
import { InvariantBrokenError } from "../../domain/errors.js";
import { replicationSetOf } from "../../topology/queries.js";
import type { Moment } from "../moment.js";
import { freshId, named, namedGroup } from "./named.js";

/** The whole set moves, whichever member was named; the group's work decides for all of them (T18, H1). */
export function convertToHa(moment: Moment, command: CommandOf<"convertToHa">): void {
  const { topology, accountId } = moment.context;
  const members = replicationSetOf(topology, named(moment, command));
  const [source] = members;
  if (source === undefined)
    throw new InvariantBrokenError(`${command.instanceId} has no replication set`);
  const first = moment.firstGroupState("conversion.accepted");
  const ordinal = topology.groups.size;
  const id = freshId(moment, "group", ordinal);
  moment.facts.push({
    type: "GroupCreated",
    group: {
      ordinal,
      id,
      accountId,
      name: command.name,
      ...first,
      flavorId: source.flavorId,
      volumeGb: source.volumeGb,
      datastoreType: source.datastoreType,
      datastoreVersion: source.datastoreVersion,
      sourceId: null,
      replicaIds: [],
      networks: withServicenet(command.networks),
      acls: [...new Set(command.acls)],
      replicationMode: "asynchronous",
      scheduleId: null,
      configurationId: null,
      createdAt: moment.now,
      updatedAt: moment.now,
      work: moment.work("convert", { subject: "group", ordinal, tasksStarted: 0 }),
      tasksStarted: 1,
      fault: null,
    },
  });
  for (const member of members) {
    moment.facts.push({
      type: "MemberJoined",
      groupId: id,
      groupRow: ordinal,
      instanceId: member.id,
      instanceRow: member.ordinal,
      role: member.sourceId === null ? "source" : "replica",
    });
    moment.stepInstance(member, "conversion.started");
  }
}

/** A range that is there already stays as it is (R93). */
export function addAcl(moment: Moment, { groupId, address }: CommandOf<"addAcl">): void {
  const group = namedGroup(moment, groupId);
  if (group.acls.includes(address)) return;
  moment.facts.push({ type: "AclAdded", id: group.id, row: group.ordinal, address });
}

/** A range that may reach a group may do so no more. */
export function deleteAcl(moment: Moment, { groupId, address }: CommandOf<"deleteAcl">): void {
  const group = namedGroup(moment, groupId);
  moment.facts.push({ type: "AclRemoved", id: group.id, row: group.ordinal, address });
}

/** Asking for public means public and servicenet (R68); each network once, in a fixed order (C38). */
function withServicenet(asked: readonly Network[] = []): readonly Network[] {
  return asked.includes("public") ? ["servicenet", "public"] : ["servicenet"];
}
