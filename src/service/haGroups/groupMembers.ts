import type { LatencyKey } from "../../kernel/latency.js";
import { type Birth, birthByLabel, birthOfNext } from "../../kernel/lineage.js";
import { groupOf, linkedInstance, membersOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { isFormed } from "../../lifecycle/groupStates.js";
import type { OperationError } from "../../model/rows.js";
import type { Instance } from "../instances/instance.model.js";
import { follow, newInstance, unfollow } from "../instances/newInstance.js";
import type { PlaceInput } from "../placement/placement.model.js";
import { freshId } from "../shared/lookups.js";
import type { HaGroup, Network } from "./haGroup.model.js";

/** Parameters of a new group. */
export interface NewGroup
  extends Pick<
    HaGroup,
    | "state"
    | "status"
    | "name"
    | "flavorId"
    | "volumeGb"
    | "datastoreType"
    | "datastoreVersion"
    | "configurationId"
    | "pendingReplicaNames"
  > {
  readonly networks: readonly Network[] | undefined;
  readonly acls: readonly string[] | undefined;
  readonly birth: Birth;
}

/** Returns a row for a new group, without members and tasks. */
export function newGroup(moment: Transaction, { birth, ...made }: NewGroup): HaGroup {
  const place = moment.nextPlace("groups");
  const { key, label } = birth;
  return {
    ...made,
    ...place,
    id: freshId(moment, "group", { place, key }),
    accountId: moment.context.accountId,
    key,
    label,
    sourceId: null,
    replicaIds: [],
    networks: withServicenet(made.networks),
    acls: [...new Set(made.acls)],
    replicationMode: "asynchronous",
    failovers: [],
    scheduleId: null,
    backupId: null,
    createdAt: moment.now,
    updatedAt: moment.now,
    work: null,
    tasksStarted: 0,
    lastError: null,
  };
}

/** Emits the fact that an instance joins a group. */
export function join(
  moment: Transaction,
  group: HaGroup,
  member: Instance,
  role: "source" | "replica",
): void {
  moment.emit({
    type: "MemberJoined",
    groupId: group.id,
    groupRow: group.ordinal,
    instanceId: member.id,
    instanceRow: member.ordinal,
    role,
  });
}

/** Emits the fact that an instance leaves a group. */
export function leave(moment: Transaction, group: HaGroup, member: Instance): void {
  moment.emit({
    type: "MemberLeft",
    groupId: group.id,
    groupRow: group.ordinal,
    instanceId: member.id,
    instanceRow: member.ordinal,
  });
}

/** Starts the build of a node of a group: of its source if `source` is null, otherwise of a replica of that source. */
export function startMemberBuild(
  moment: Transaction,
  group: HaGroup,
  made: {
    readonly name?: string | null | undefined;
    /** Default: the next member that the service creates for the group. */
    readonly birth?: Birth;
    readonly source: Instance | null;
    readonly latency: LatencyKey;
    /** Where it was asked to stand. Default anywhere. */
    readonly place?: PlaceInput;
  },
): void {
  const { source, birth = birthOfNext(moment, group.key, "member") } = made;
  const { flavorId, volumeGb, datastoreType, datastoreVersion, configurationId } = group;
  const member = newInstance(moment, {
    name: made.name ?? undefined,
    birth,
    flavorId,
    volumeGb,
    datastoreType,
    datastoreVersion,
    configurationId,
    databases: source?.databases ?? [],
    users: source?.users ?? [],
    latency: made.latency,
    target: null,
    copies: { latency: "buildReplicaPerGb", dataGb: source?.usedGb ?? 0 },
    near: membersOf(moment.context.topology, group),
    place: made.place ?? {},
  });
  moment.emit({ type: "InstanceCreated", instance: member, counted: birth.counted });
  if (source !== null) follow(moment, member, source);
  join(moment, group, member, source === null ? "source" : "replica");
}

/** Returns the group of a member, or undefined for an instance without a group. */
export function groupOfMember({ context }: Transaction, member: Instance): HaGroup | undefined {
  const { accountId, groupId } = member;
  return groupId === null ? undefined : groupOf(context.topology, { accountId, id: groupId });
}

/** Continues the operation of a group after a member's task has succeeded. */
export function onMemberTaskDone(moment: Transaction, group: HaGroup, member: Instance): void {
  const { topology } = moment.context;
  const members = membersOf(topology, group);
  switch (group.state) {
    case "building":
      if (member.id === group.sourceId) buildReplicas(moment, group, member);
      else if (members.every((other) => moment.stateOf(other) === "active")) {
        moment.stepGroup(group, "members.ready");
      }
      return;
    case "addingReplica":
      if (members.every((other) => moment.stateOf(other) !== "building")) {
        moment.stepGroup(group, "members.ready");
      }
      return;
    case "rebooting":
      inTurn(moment, group, { member, signal: "restart.requested", busy: "rebooting" });
      return;
    case "resizingFlavor":
      inTurn(moment, group, { member, signal: "flavorResize.requested", busy: "resizingFlavor" });
      return;
    case "resizingVolume":
      if (members.every((other) => moment.stateOf(other) !== "resizingVolume")) {
        finishResize(moment, group, member);
      }
      return;
    default:
  }
}

/** Continues the operation of a group after a member's task has failed. */
export function onMemberTaskFailed(
  moment: Transaction,
  group: HaGroup,
  member: Instance,
  fault: OperationError,
): void {
  if (isFormed(group.state) && member.state === "building") giveUp(moment, group, member);
  moment.tryGroup(group, "member.failed", { lastError: fault });
}

/** Removes a node that could not be built; it never becomes a member. */
function giveUp(moment: Transaction, group: HaGroup, member: Instance): void {
  leave(moment, group, member);
  if (member.sourceId !== null) {
    unfollow(moment, member, linkedInstance(moment.context.topology, member, member.sourceId));
  }
  moment.stepInstance(member, "delete.requested");
}

function buildReplicas(moment: Transaction, group: HaGroup, source: Instance): void {
  buildToCome(moment, group, source);
  moment.emit({
    type: "GroupChanged",
    id: group.id,
    row: group.ordinal,
    changes: { pendingReplicaNames: [] },
  });
}

/** Starts the builds of the replicas that a group still needs, each under its label where it has one. */
export function buildToCome(moment: Transaction, group: HaGroup, source: Instance): void {
  for (const { name, label, ...place } of group.pendingReplicaNames) {
    const birth = label === null ? undefined : birthByLabel(moment, label);
    startMemberBuild(moment, group, {
      name,
      source,
      place,
      latency: "startMemberBuild",
      ...(birth === undefined ? {} : { birth }),
    });
  }
}

/** Starts the source's task after all replicas are done. When the source is done as well, the operation ends. */
function inTurn(
  moment: Transaction,
  group: HaGroup,
  turn: {
    readonly member: Instance;
    readonly signal: "restart.requested" | "flavorResize.requested";
    readonly busy: "rebooting" | "resizingFlavor";
  },
): void {
  const { member, signal, busy } = turn;
  const members = membersOf(moment.context.topology, group);
  if (members.some((other) => moment.stateOf(other) === busy)) return;
  if (member.id === group.sourceId) {
    if (busy === "rebooting") moment.stepGroup(group, "members.ready");
    else finishResize(moment, group, member);
    return;
  }
  const source = members.find((other) => other.id === group.sourceId);
  const target = member.work?.target ?? undefined;
  if (source === undefined) return;
  if (moment.tryInstance(source, signal, target === undefined ? {} : { target })) return;
  // The host was lost meanwhile, so the operation of the group ends.
  const message = `its source ${source.id} is ${source.status}`;
  const task = busy === "rebooting" ? "reboot" : "resizeFlavor";
  onMemberTaskFailed(moment, group, source, { task, message, createdAt: moment.now });
}

/** Completes a resize. Sizes change when the last member is done, so that members are always equal. */
function finishResize(moment: Transaction, group: HaGroup, last: Instance): void {
  const target = last.work?.target ?? null;
  const changes =
    group.state === "resizingFlavor" ? { flavorId: String(target) } : { volumeGb: Number(target) };
  for (const member of membersOf(moment.context.topology, group)) {
    moment.emit({ type: "InstanceChanged", id: member.id, row: member.ordinal, changes });
  }
  moment.emit({ type: "GroupChanged", id: group.id, row: group.ordinal, changes });
  moment.stepGroup(group, "members.ready");
}

/** Returns the networks: public implies servicenet (R68), each once, in a fixed order (C38). */
function withServicenet(requested: readonly Network[] = []): readonly Network[] {
  return requested.includes("public") ? ["servicenet", "public"] : ["servicenet"];
}
