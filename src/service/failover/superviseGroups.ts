import { rowAt } from "../../collections/table.js";
import { groupOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { isFormed } from "../../lifecycle/groupStates.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import type { Fact } from "../../model/facts.js";
import type { OperationError } from "../../model/rows.js";
import { buildToCome, onMemberTaskFailed } from "../haGroups/groupMembers.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { isLostToMonitor, isPromotable } from "../placement/partitions.js";
import { electCandidate } from "./electCandidate.js";
import { type GroupMembers, roleMembers } from "./roleMembers.js";

/**
 * Updates the groups that have changed in a transaction, or whose members have: the source is lost or back, replication
 * is broken or restored (§3.8, H11, H12). Does nothing if no group was touched.
 */
export function superviseGroups(transaction: Transaction, from: number): void {
  const { topology } = transaction.context;
  if (topology.groups.count === 0) return;
  for (const ordinal of touchedGroups(transaction, from)) {
    const group = rowAt(topology.groups, ordinal);
    if (group !== undefined && isFormed(group.state)) supervise(transaction, group);
  }
}

/** Returns the groups that entered a state, one of whose members did, or that a member left. */
function touchedGroups({ facts, context }: Transaction, from: number): readonly number[] {
  let found: number[] | undefined;
  let last: Instance | undefined;
  for (let at = from; at < facts.length; at++) {
    const fact = facts[at] as Fact; // below its length
    let ordinal: number | undefined;
    switch (fact.type) {
      case "GroupStateEntered":
        ordinal = fact.row;
        break;
      case "MemberLeft":
        ordinal = fact.groupRow;
        break;
      case "InstanceStateEntered":
      case "PartitionChanged": {
        const member = rowAt(context.topology.instances, fact.row);
        if (member?.groupId == null) continue;
        const { accountId, groupId: id } = member;
        // Facts in a row are mostly about members of one group, which is looked up once.
        if (id === last?.groupId && accountId === last.accountId) continue;
        last = member;
        ordinal = groupOf(context.topology, { accountId, id })?.ordinal;
        break;
      }
      default:
        continue;
    }
    if (ordinal === undefined || found?.includes(ordinal) === true) continue;
    if (found === undefined) found = [ordinal];
    else found.push(ordinal);
  }
  return found ?? noGroups;
}

const noGroups: readonly number[] = [];

function supervise(moment: Transaction, group: HaGroup): void {
  const members = roleMembers(moment, group);
  const { source, replicas } = members;
  // For its group, an unavailable replica is one that does not replicate (§3.8 item 11). Only states that are down handle
  // this signal.
  const { length } = replicas;
  for (let at = 0; at < length; at++) {
    const replica = replicas[at] as Instance; // below the length
    if (isDown(replica.state)) moment.tryInstance(replica, "member.lost");
  }
  if (isLostToMonitor(moment.instance(source))) {
    withoutSource(moment, group, members);
  } else {
    withSource(moment, group, members);
  }
}

/**
 * Starts a failover where the lifecycle allows it (§3.8 item 9). A failover that ended without a promotion is not
 * repeated before another event, because it would repeat endlessly.
 */
function withoutSource(moment: Transaction, group: HaGroup, members: GroupMembers): void {
  giveUpBuilding(moment, group, members);
  const { source } = members;
  const isNew =
    hasMoved(moment, group) ||
    hasEntered(moment, source) ||
    (electCandidate(moment, group) !== undefined &&
      members.replicas.some((replica) => hasEntered(moment, replica)));
  if (isNew) moment.tryGroup(group, "source.lost");
}

/** Returns whether a group entered a state otherwise than by aborting a failover. */
function hasMoved(moment: Transaction, group: HaGroup): boolean {
  const before = rowAt(moment.before.groups, group.ordinal)?.state;
  if (before === "detectingWhileBroken" || before === "failingOver") return false;
  return before !== moment.groupStateOf(group);
}

/** Returns whether an instance entered a state or a partition, or failed in its state. */
function hasEntered(moment: Transaction, instance: Instance): boolean {
  const before = rowAt(moment.before.instances, instance.ordinal);
  const { state, lastError, partitionId } = moment.instance(instance);
  return (
    before !== undefined &&
    (before.state !== state || before.lastError !== lastError || before.partitionId !== partitionId)
  );
}

/**
 * Cancels the build of new replicas when no member is left to build them from (§3.8 item 6). The group builds them as
 * soon as it has a source again.
 */
function giveUpBuilding(
  moment: Transaction,
  group: HaGroup,
  { source, replicas }: GroupMembers,
): void {
  if (replicas.some((replica) => isPromotable(moment.instance(replica)))) return;
  const unbuilt = replicas.filter((replica) => moment.stateOf(replica) === "building");
  if (unbuilt.length === 0) return;
  owe(moment, group, [
    ...group.pendingReplicaNames,
    ...unbuilt.map(({ name }) => ({ name, label: null })),
  ]);
  for (const replica of unbuilt) {
    const message = `its source ${source.id} was lost, and no other member is left to copy`;
    const fault: OperationError = { task: "build", message, createdAt: moment.now };
    moment.stepInstance(replica, "task.failed", { lastError: fault });
    onMemberTaskFailed(moment, group, replica, fault);
  }
}

/** Starts the builds that were cancelled before; their places in the group are still free. */
function buildOwed(moment: Transaction, group: HaGroup, source: Instance): void {
  owe(moment, group, []);
  moment.stepGroup(group, "addReplica.requested");
  buildToCome(moment, group, source);
}

function owe(
  moment: Transaction,
  { id, ordinal }: HaGroup,
  replicas: HaGroup["pendingReplicaNames"],
): void {
  moment.emit({
    type: "GroupChanged",
    id,
    row: ordinal,
    changes: { pendingReplicaNames: replicas },
  });
}

function withSource(moment: Transaction, group: HaGroup, { source, replicas }: GroupMembers): void {
  moment.tryGroup(group, "source.recovered");
  const { length } = replicas;
  for (let at = 0; at < length; at++) {
    if (isWell(moment.instance(replicas[at] as Instance))) continue; // below the length
    moment.tryGroup(group, "replication.broken");
    return;
  }
  // Damage by an operation stays until an operator repairs it; broken replication recovers by itself.
  if (moment.groupStateOf(group) === "replicationBroken") {
    moment.tryGroup(group, "replication.repaired");
  }
  if (moment.groupStateOf(group) !== "active") return;
  if (group.pendingReplicaNames.length > 0) buildOwed(moment, group, source);
  // A restart that was required before a member was lost is still required. Members with configurations of their own
  // require it each.
  else if (
    moment.stateOf(source) === "restartRequired" ||
    replicas.some((one) => moment.stateOf(one) === "restartRequired")
  ) {
    moment.tryGroup(group, "configuration.pending");
  } else if (moment.group(group).backupId !== null) {
    moment.tryGroup(group, "backup.started");
  }
}

/** To its group a replica that its monitor does not reach does not replicate. */
function isWell(replica: Instance): boolean {
  return replica.state !== "replicationBroken" && !isLostToMonitor(replica);
}
