import { birthOf } from "../../kernel/lineage.js";
import { membersOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import {
  completeDetection,
  completeFailover,
  completeForcedFailover,
} from "../failover/completeFailover.js";
import { faultOf, injectedFailureFor, type TaskOutcome } from "../faults/injectedFailure.js";
import { removeSchedule } from "../schedules/decideSchedules.js";
import { scheduleCarryOver } from "../schedules/scheduleCarryOver.js";
import { freshId } from "../shared/lookups.js";
import { leave } from "./groupMembers.js";
import type { HaGroup } from "./haGroup.model.js";

/** Completes the task of a group. */
export function completeGroupTask(moment: Transaction, group: HaGroup): void {
  const { work } = group;
  if (work === null)
    throw new InvariantViolationError(`HA group ${group.id} has no task to complete`);
  const failure = injectedFailureFor(moment, group);
  switch (work.task) {
    case "convert":
      settleConversion(moment, group, { work, failure });
      return;
    case "connect":
      if (failure === undefined) becomeSemiSynchronous(moment, group);
      stepGroup(moment, group, { work, failure });
      return;
    case "detectFailure":
      completeDetection(moment, group, { work, failure });
      return;
    case "failover":
      completeFailover(moment, group, { work, failure });
      return;
    case "forceFailover":
      completeForcedFailover(moment, group, { work, failure });
      return;
    default:
      stepGroup(moment, group, { work, failure });
  }
}

function stepGroup(moment: Transaction, group: HaGroup, { work, failure }: TaskOutcome): void {
  if (failure === undefined) moment.stepGroup(group, "task.done");
  else
    moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, work, failure.message) });
}

/** Converts all members or none: a member that went down meanwhile fails the conversion (C21). */
function settleConversion(
  moment: Transaction,
  group: HaGroup,
  { work, failure }: TaskOutcome,
): void {
  const { topology } = moment.context;
  const members = membersOf(topology, group);
  const lost = members.find((member) => member.state !== "converting");
  if (failure !== undefined || lost !== undefined) {
    const message = failure?.message ?? (lost && `member ${lost.id} is ${lost.status}`);
    for (const member of members) {
      leave(moment, group, member);
      moment.tryInstance(member, "conversion.finished");
    }
    moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, work, message) });
    return;
  }
  for (const member of members) moment.stepInstance(member, "conversion.finished");
  moment.stepGroup(group, "task.done");
  becomeSemiSynchronous(moment, group);
  carrySchedulesOver(moment, group);
}

/** Makes replication semi-synchronous: inside a group a commit waits for a replica (R71). */
function becomeSemiSynchronous(moment: Transaction, group: HaGroup): void {
  moment.emit({
    type: "ReplicationModeChanged",
    id: group.id,
    row: group.ordinal,
    mode: "semi-synchronous",
  });
}

function carrySchedulesOver(moment: Transaction, group: HaGroup): void {
  const { carried, ended } = scheduleCarryOver(moment.context.topology, group);
  for (const schedule of ended) removeSchedule(moment, schedule);
  if (carried === undefined) return;
  moment.owe(carried.cause);
  const place = moment.nextPlace("schedules");
  const { key, label, counted } = birthOf(carried.key, "carried over");
  moment.emit({
    type: "ScheduleCreated",
    schedule: {
      ...carried,
      ordinal: place.ordinal,
      accountOrdinal: place.accountOrdinal,
      id: freshId(moment, "schedule", { place, key }),
      key,
      label,
      ownerKind: "ha",
      ownerId: group.id,
      createdAt: moment.now,
      updatedAt: moment.now,
      // A run that is due at this time belongs to the group now.
      nextRunAt: carried.nextRunAt,
      lastScheduledAt: null,
      seq: moment.takeSeq(),
      cause: moment.seq,
    },
    ownerRow: group.ordinal,
    carriedFrom: carried.id,
    counted,
  });
}
