import type { HaGroup, Instance, OperationFault } from "../../domain/entities.js";
import type { Fact } from "../../domain/facts.js";
import {
  canBePromoted,
  cannotServe,
  type HaGroupState,
  type InstanceState,
  isFormed,
} from "../../domain/statuses.js";
import { groupOf } from "../../topology/queries.js";
import { buildMember, memberFailed } from "../members.js";
import type { Moment } from "../moment.js";
import { elected } from "./elect.js";
import { type PresentMembers, presentMembers } from "./present.js";

/**
 * What groups make of a moment: each that has changed, or whose members have, hears that its source is lost or back,
 * that replication is broken or whole (§3.8, H11, H12). Costs nothing where no group was touched.
 */
export function superviseGroups(moment: Moment): void {
  for (const own of moment.touchedGroups) {
    const group = groupOf(moment.context.topology, own);
    if (group !== undefined && isFormed(moment.groupStateOf(group))) supervise(moment, group);
  }
}

function supervise(moment: Moment, group: HaGroup): void {
  const members = presentMembers(moment, group);
  const { source, replicas } = members;
  // To its group a replica that does not answer is one that does not replicate (§3.8 item 11).
  for (const replica of replicas) {
    if (isSilent(moment.stateOf(replica))) moment.tryInstance(replica, "member.lost");
  }
  if (source === undefined || cannotServe(moment.stateOf(source))) {
    withoutSource(moment, group, members);
  } else {
    withSource(moment, group, members);
  }
}

function isSilent(state: InstanceState): boolean {
  return state === "shutdown" || state === "blocked";
}

/**
 * The lifecycle says whether a group may look for another source now (§3.8 item 9). A failover that has ended without
 * one is not begun again before something else happens: else it would go on for ever.
 */
function withoutSource(moment: Moment, group: HaGroup, members: PresentMembers): void {
  if (moment.groupStateOf(group) === "addingReplica") giveUpBuilding(moment, group, members);
  const { source } = members;
  const isNews =
    moment.facts.some((fact) => isNewTo(group, fact)) ||
    (source !== undefined && hasEntered(moment, source)) ||
    (elected(moment, group) !== undefined &&
      members.replicas.some((replica) => hasEntered(moment, replica)));
  if (isNews) moment.tryGroup(group, "source.lost");
}

/** Whether a group has entered a state otherwise than by the end of a failover. */
function isNewTo(group: HaGroup, fact: Fact): boolean {
  return (
    fact.type === "GroupStateEntered" &&
    fact.row === group.ordinal &&
    !(failingOver as readonly HaGroupState[]).includes(fact.from)
  );
}

const failingOver = ["detectingFailure", "detectingWhileBroken", "failingOver"] as const;

function hasEntered(moment: Moment, { ordinal }: Instance): boolean {
  return moment.facts.some((fact) => fact.type === "InstanceStateEntered" && fact.row === ordinal);
}

/**
 * A new replica is built from a member that lives; when none is left, there is nothing to build it from (§3.8 item 6).
 * The group builds it as soon as it has a source again.
 */
function giveUpBuilding(
  moment: Moment,
  group: HaGroup,
  { source, replicas }: PresentMembers,
): void {
  if (replicas.some((replica) => canBePromoted(moment.stateOf(replica)))) return;
  const unbuilt = replicas.filter((replica) => moment.stateOf(replica) === "building");
  if (unbuilt.length === 0) return;
  owe(moment, group, [...group.replicasToCome, ...unbuilt.map(({ name }) => name)]);
  for (const replica of unbuilt) {
    const message = `its source ${source?.id ?? ""} was lost, and no other member is left to copy`;
    const fault: OperationFault = { task: "build", message, createdAt: moment.now };
    moment.stepInstance(replica, "task.failed", { fault });
    memberFailed(moment, group, replica, fault);
  }
}

/** Replicas that were given up are built now. */
function buildOwed(moment: Moment, group: HaGroup, { source, replicas }: PresentMembers): void {
  const room = moment.context.limits.replicasPerSource - replicas.length;
  const owed = group.replicasToCome.slice(0, Math.max(0, room));
  owe(moment, group, []);
  if (source === undefined || owed.length === 0) return;
  moment.stepGroup(group, "addReplica.requested");
  for (const name of owed) buildMember(moment, group, { name, source, latency: "buildMember" });
}

function owe(moment: Moment, { id, ordinal }: HaGroup, names: HaGroup["replicasToCome"]): void {
  moment.facts.push({
    type: "GroupChanged",
    id,
    row: ordinal,
    changes: { replicasToCome: names },
  });
}

function withSource(moment: Moment, group: HaGroup, { source, replicas }: PresentMembers): void {
  moment.tryGroup(group, "source.recovered");
  if (!replicas.every((replica) => isWell(moment.stateOf(replica)))) {
    moment.tryGroup(group, "replication.broken");
    return;
  }
  // What an operation has damaged stays damaged until an operator repairs it; broken replication heals by itself.
  if (moment.groupStateOf(group) === "replicationBroken") {
    moment.tryGroup(group, "replication.repaired");
  }
  if (moment.groupStateOf(group) !== "active") return;
  if (group.replicasToCome.length > 0) {
    buildOwed(moment, group, { source, replicas });
    return;
  }
  // What was so before the source was lost, and still is.
  const all = source === undefined ? replicas : [source, ...replicas];
  if (all.some((member) => moment.stateOf(member) === "restartRequired")) {
    moment.tryGroup(group, "configuration.pending");
  } else if (isBackedUp(moment, group)) {
    moment.tryGroup(group, "backup.started");
  }
}

function isWell(state: InstanceState): boolean {
  return state !== "replicationBroken" && !cannotServe(state);
}

function isBackedUp({ facts }: Moment, { ordinal, backupId }: HaGroup): boolean {
  return (
    backupId !== null &&
    !facts.some((fact) => fact.type === "BackupEnded" && fact.groupRow === ordinal)
  );
}
