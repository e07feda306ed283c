import type {
  BackupSchedule,
  HaGroup,
  Instance,
  OperationFault,
  Work,
} from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { PlannedFailure } from "../domain/facts.js";
import { scheduleCarryOver } from "../topology/carryOver.js";
import { linkedInstance, membersOf, replicasOf, scheduleOf } from "../topology/queries.js";
import { nextSlot } from "./calendar.js";
import { freshId } from "./commands/named.js";
import { removeSchedule } from "./commands/schedules.js";
import type { Moment } from "./moment.js";

/** Data of an instance that was just built: logs that are there from the start (§1.2). */
const freshDataGb = 0.16;

/** Ends an instance's work: the lifecycle hears of it, and what the work was for becomes true. */
export function settleInstance(moment: Moment, instance: Instance): void {
  const { work } = instance;
  if (work === null) throw new InvariantBrokenError(`${instance.id} has no work to end`);
  const failure = plannedFailure(moment, { id: instance.id, work });
  switch (work.task) {
    case "build":
      settleBuild(moment, instance, { work, failure });
      return;
    case "restart":
      settleRestart(moment, instance, { work, failure });
      return;
    case "resizeFlavor":
    case "resizeVolume":
      settleResize(moment, instance, { work, failure });
      return;
    case "detach":
      settleDetach(moment, instance, { work, failure });
      return;
    case "delete":
      settleDelete(moment, instance, { work, failure });
      return;
    default:
      stepInstance(moment, instance, { work, failure });
  }
}

/** Ends a group's work. */
export function settleGroup(moment: Moment, group: HaGroup): void {
  const { work } = group;
  if (work === null) throw new InvariantBrokenError(`${group.id} has no work to end`);
  const failure = plannedFailure(moment, { id: group.id, work });
  if (work.task === "convert") settleConversion(moment, group, { work, failure });
  else if (failure === undefined) moment.stepGroup(group, "task.done");
  else moment.stepGroup(group, "task.failed", { fault: faultOf(moment, work, failure.message) });
}

/** A schedule's hour has come: it moves on to the next one. */
export function settleSchedule(moment: Moment, schedule: BackupSchedule): void {
  moment.facts.push({
    type: "ScheduleChanged",
    id: schedule.id,
    row: schedule.ordinal,
    changes: {
      lastScheduledAt: schedule.nextRunAt,
      nextRunAt: nextSlot(schedule.nextRunAt, schedule),
      seq: moment.takeSeq(),
    },
  });
}

interface Ending {
  readonly work: Work;
  readonly failure: PlannedFailure | undefined;
}

function settleBuild(moment: Moment, instance: Instance, { work, failure }: Ending): void {
  if (failure !== undefined) {
    moment.stepInstance(instance, failure.atPreparation ? "preparation.failed" : "task.failed", {
      fault: faultOf(moment, work, failure.message),
    });
    return;
  }
  const source = sourceOf(moment, instance);
  if (source !== undefined && source.usedGb > instance.volumeGb) {
    const message = `replica volume ${String(instance.volumeGb)} GB cannot hold ${String(source.usedGb)} GB of source data`;
    moment.stepInstance(instance, "task.failed", { fault: faultOf(moment, work, message) });
    return;
  }
  moment.stepInstance(instance, "task.done");
  moment.facts.push({
    type: "InstanceChanged",
    id: instance.id,
    row: instance.ordinal,
    changes: { usedGb: source?.usedGb ?? freshDataGb },
  });
  // A replica that comes up while its source is down has nobody to follow.
  if (
    source !== undefined &&
    (source.state === "shutdown" || source.state === "blocked" || source.state === "error")
  ) {
    moment.tryInstance({ ...instance, state: "active", status: "ACTIVE" }, "replication.broken");
  }
}

/** Without its source a replica cannot be built: the one that the restart was for fails with it (T7). */
function settleRestart(moment: Moment, source: Instance, ending: Ending): void {
  stepInstance(moment, source, ending);
  if (ending.failure === undefined) return;
  const { cause } = ending.work;
  for (const replica of replicasOf(moment.context.topology, source)) {
    const { work } = replica;
    if (work?.task !== "build" || work.cause !== cause) continue;
    const message = `the source ${source.id} did not come back from its restart`;
    moment.stepInstance(replica, "task.failed", { fault: faultOf(moment, work, message) });
  }
}

function settleResize(moment: Moment, instance: Instance, ending: Ending): void {
  stepInstance(moment, instance, ending);
  if (ending.failure !== undefined) return;
  const { task, target } = ending.work;
  moment.facts.push({
    type: "InstanceChanged",
    id: instance.id,
    row: instance.ordinal,
    changes: task === "resizeFlavor" ? { flavorId: String(target) } : { volumeGb: Number(target) },
  });
}

/** Both ends of the link change in one fact, and only now (T10, R37); a failed detach leaves a replica (T11). */
function settleDetach(moment: Moment, replica: Instance, ending: Ending): void {
  if (ending.failure === undefined) stopReplication(moment, replica);
  stepInstance(moment, replica, ending);
}

function settleDelete(moment: Moment, instance: Instance, ending: Ending): void {
  if (ending.failure !== undefined) {
    stepInstance(moment, instance, ending);
    return;
  }
  const { id, ordinal, accountId, scheduleId } = instance;
  if (instance.sourceId !== null) stopReplication(moment, instance);
  if (scheduleId !== null) {
    const schedule = scheduleOf(moment.context.topology, { accountId, id: scheduleId });
    if (schedule !== undefined) removeSchedule(moment, schedule);
  }
  moment.facts.push({ type: "InstanceRemoved", id, row: ordinal, accountId });
}

function stepInstance(moment: Moment, instance: Instance, { work, failure }: Ending): void {
  if (failure === undefined) moment.stepInstance(instance, "task.done");
  else
    moment.stepInstance(instance, "task.failed", { fault: faultOf(moment, work, failure.message) });
}

function stopReplication(moment: Moment, replica: Instance): void {
  const source = sourceOf(moment, replica);
  if (source === undefined) throw new InvariantBrokenError(`${replica.id} is not a replica`);
  moment.facts.push({
    type: "ReplicationStopped",
    replicaId: replica.id,
    replicaRow: replica.ordinal,
    sourceId: source.id,
    sourceRow: source.ordinal,
  });
}

function sourceOf({ context }: Moment, { sourceId, ...replica }: Instance): Instance | undefined {
  return sourceId === null
    ? undefined
    : linkedInstance(context.topology, { sourceId, ...replica }, sourceId);
}

/** All members or none: a member that has gone down meanwhile fails the conversion (C21). */
function settleConversion(moment: Moment, group: HaGroup, { work, failure }: Ending): void {
  const { topology } = moment.context;
  const members = membersOf(topology, group);
  const lost = members.find((member) => member.state !== "converting");
  if (failure !== undefined || lost !== undefined) {
    const message = failure?.message ?? (lost && `member ${lost.id} is ${lost.status}`) ?? null;
    for (const member of members) {
      moment.facts.push({
        type: "MemberLeft",
        groupId: group.id,
        groupRow: group.ordinal,
        instanceId: member.id,
        instanceRow: member.ordinal,
      });
      moment.tryInstance(member, "conversion.finished");
    }
    moment.stepGroup(group, "task.failed", { fault: faultOf(moment, work, message) });
    return;
  }
  for (const member of members) moment.stepInstance(member, "conversion.finished");
  moment.stepGroup(group, "task.done");
  moment.facts.push({
    type: "ReplicationModeChanged",
    id: group.id,
    row: group.ordinal,
    mode: "semi-synchronous",
  });
  carrySchedulesOver(moment, group);
}

function carrySchedulesOver(moment: Moment, group: HaGroup): void {
  const { topology } = moment.context;
  const { carried, ended } = scheduleCarryOver(topology, group);
  for (const schedule of ended) removeSchedule(moment, schedule);
  if (carried === undefined) return;
  const ordinal = topology.schedules.size;
  moment.facts.push({
    type: "ScheduleCreated",
    schedule: {
      ...carried,
      ordinal,
      id: freshId(moment, "schedule", ordinal),
      ownerKind: "ha",
      ownerId: group.id,
      createdAt: moment.now,
      updatedAt: moment.now,
      nextRunAt: nextSlot(moment.now, carried),
      lastScheduledAt: null,
      seq: moment.takeSeq(),
    },
    ownerRow: group.ordinal,
    carriedFrom: carried.id,
  });
}

function faultOf(moment: Moment, work: Work, message: string | null): OperationFault {
  return {
    task: work.task,
    message: message ?? `the ${work.task} task failed`,
    createdAt: moment.now,
  };
}

/** The planned failure that strikes this work; counting one that lets it pass is a fact as well. */
function plannedFailure(
  moment: Moment,
  { id, work }: { readonly id: string; readonly work: Work },
): PlannedFailure | undefined {
  const { plannedFailures } = moment.context.topology;
  if (plannedFailures.length === 0) return undefined;
  for (const failure of plannedFailures) {
    if (failure.task !== work.task || (failure.of !== null && failure.of !== id)) continue;
    const { number, skip, times } = failure;
    if (skip > 0) {
      moment.facts.push({ type: "FailureCounted", number, skip: skip - 1, times });
      continue;
    }
    moment.facts.push({ type: "FailureCounted", number, skip, times: times - 1 });
    return failure;
  }
  return undefined;
}
