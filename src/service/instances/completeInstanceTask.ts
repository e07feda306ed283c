import { linkedInstance, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { canBePromoted } from "../../lifecycle/instanceStates.js";
import { InvariantViolationError } from "../../model/errors.js";
import { dropHiddenBackup } from "../backups/startBackup.js";
import { faultOf, injectedFailureFor, type TaskOutcome } from "../faults/injectedFailure.js";
import { removeGroup } from "../haGroups/decideHaGroups.js";
import {
  groupOfMember,
  leave,
  onMemberTaskDone,
  onMemberTaskFailed,
} from "../haGroups/groupMembers.js";
import { completePromotion } from "../replication/completePromotion.js";
import { removeScheduleOf } from "../schedules/decideSchedules.js";
import type { Instance } from "./instance.model.js";
import { unfollow } from "./newInstance.js";

/** Data of a new instance in GB: its initial logs (§1.2). */
const freshDataGb = 0.16;

/** Completes the task of an instance, and notifies its group. */
export function completeInstanceTask(moment: Transaction, instance: Instance): void {
  const { work } = instance;
  if (work === null)
    throw new InvariantViolationError(`instance ${instance.id} has no task to complete`);
  const ending: TaskOutcome = { work, failure: injectedFailureFor(moment, instance) };
  switch (work.task) {
    case "build":
      settleBuild(moment, instance, ending);
      break;
    case "restart":
      settleRestart(moment, instance, ending);
      break;
    case "resizeFlavor":
    case "resizeVolume":
      settleResize(moment, instance, ending);
      break;
    case "detach":
      settleDetach(moment, instance, ending);
      break;
    case "promote":
      completePromotion(moment, instance, ending);
      return;
    case "delete":
      settleDelete(moment, instance, ending);
      return;
    default:
      step(moment, instance, ending);
  }
  if (instance.groupId !== null) notifyGroup(moment, instance, ending);
}

function settleBuild(
  moment: Transaction,
  instance: Instance,
  { work, failure }: TaskOutcome,
): void {
  dropHiddenBackup(moment, instance);
  if (failure !== undefined) {
    moment.stepInstance(
      instance,
      failure.atPreparation === true ? "preparation.failed" : "task.failed",
      {
        lastError: faultOf(moment, work, failure.message),
      },
    );
    return;
  }
  const source = sourceOf(moment, instance);
  if (source !== undefined && source.usedGb > instance.volumeGb) {
    const message = `replica volume ${String(instance.volumeGb)} GB cannot hold ${String(source.usedGb)} GB of source data`;
    moment.stepInstance(instance, "task.failed", { lastError: faultOf(moment, work, message) });
    return;
  }
  moment.stepInstance(instance, "task.done");
  const restoredGb = typeof work.target === "number" ? work.target : freshDataGb;
  moment.emit({
    type: "InstanceChanged",
    id: instance.id,
    row: instance.ordinal,
    changes: { usedGb: source?.usedGb ?? restoredGb },
  });
}

/** Completes a restart. When the source does not come back, the replica that it restarted for cannot be built (T7). */
function settleRestart(moment: Transaction, source: Instance, ending: TaskOutcome): void {
  step(moment, source, ending);
  if (ending.failure === undefined) return;
  const { cause } = ending.work;
  for (const replica of replicasOf(moment.context.topology, source)) {
    const { work } = replica;
    if (work?.task !== "build" || work.cause !== cause) continue;
    const message = `the source ${source.id} did not come back from its restart`;
    dropHiddenBackup(moment, replica);
    moment.stepInstance(replica, "task.failed", { lastError: faultOf(moment, work, message) });
  }
}

/** Completes a resize. The size of a member changes together with its group's. */
function settleResize(moment: Transaction, instance: Instance, ending: TaskOutcome): void {
  step(moment, instance, ending);
  if (ending.failure !== undefined || instance.groupId !== null) return;
  const { task, target } = ending.work;
  moment.emit({
    type: "InstanceChanged",
    id: instance.id,
    row: instance.ordinal,
    changes:
      task === "resizeFlavor"
        ? { flavorId: String(target) }
        : grown(instance, { volumeGb: Number(target), source: sourceOf(moment, instance) }),
  });
}

/** After a volume resize, a replica gets the data of its source that did not fit before. */
function grown(
  { usedGb }: Instance,
  { volumeGb, source }: { readonly volumeGb: number; readonly source: Instance | undefined },
): Partial<Pick<Instance, "volumeGb" | "usedGb">> {
  const held = source === undefined ? usedGb : Math.min(source.usedGb, volumeGb);
  return held > usedGb ? { volumeGb, usedGb: held } : { volumeGb };
}

/**
 * Completes a detach. One fact changes both ends of the link (T10, R37); after a failed detach the instance is still a
 * replica (T11). A member leaves its group and loses the group's configuration (H5).
 */
function settleDetach(moment: Transaction, replica: Instance, ending: TaskOutcome): void {
  const { failure } = ending;
  const source = sourceOf(moment, replica);
  if (source === undefined)
    throw new InvariantViolationError(`instance ${replica.id} is not a replica`);
  if (failure === undefined) unfollow(moment, replica, source);
  step(moment, replica, ending);
  const group = groupOfMember(moment, replica);
  if (failure !== undefined || group === undefined) return;
  leave(moment, group, replica);
  moment.emit({
    type: "InstanceChanged",
    id: replica.id,
    row: replica.ordinal,
    changes: { configurationId: null },
  });
  if (group.state === "removingReplica") moment.stepGroup(group, "members.ready");
}

function settleDelete(moment: Transaction, instance: Instance, ending: TaskOutcome): void {
  const group = groupOfMember(moment, instance);
  if (ending.failure !== undefined) {
    step(moment, instance, ending);
    if (group !== undefined) notifyGroup(moment, instance, ending);
    return;
  }
  const { id, ordinal, accountId } = instance;
  const source = sourceOf(moment, instance);
  if (source !== undefined) unfollow(moment, instance, source);
  for (const replica of replicasOf(moment.context.topology, instance)) {
    unfollow(moment, replica, instance);
  }
  removeScheduleOf(moment, instance);
  if (group !== undefined) leave(moment, group, instance);
  moment.emit({ type: "InstanceRemoved", id, row: ordinal, accountId });
  if (group?.state === "deleting" && isLastMember(group, instance)) removeGroup(moment, group);
}

function isLastMember(
  group: { readonly sourceId: string | null; readonly replicaIds: readonly string[] },
  { id }: Instance,
): boolean {
  return [group.sourceId, ...group.replicaIds].every((other) => other === null || other === id);
}

function notifyGroup(moment: Transaction, member: Instance, { work, failure }: TaskOutcome): void {
  const group = groupOfMember(moment, member);
  if (group === undefined) return;
  if (failure === undefined && work.task === "detach") return;
  if (failure === undefined && canBePromoted(moment.stateOf(member)))
    onMemberTaskDone(moment, group, member);
  else onMemberTaskFailed(moment, group, member, faultOf(moment, work, failure?.message));
}

function step(moment: Transaction, instance: Instance, { work, failure }: TaskOutcome): void {
  if (failure === undefined) moment.stepInstance(instance, "task.done");
  else
    moment.stepInstance(instance, "task.failed", {
      lastError: faultOf(moment, work, failure.message),
    });
}

function sourceOf({ context }: Transaction, replica: Instance): Instance | undefined {
  const { sourceId } = replica;
  return sourceId === null ? undefined : linkedInstance(context.topology, replica, sourceId);
}
