import type { HaGroup } from "../../domain/entities.js";
import { InvariantBrokenError } from "../../domain/errors.js";
import { scheduleCarryOver } from "../../topology/carryOver.js";
import { membersOf } from "../../topology/queries.js";
import { freshId } from "../commands/named.js";
import { removeSchedule } from "../commands/schedules.js";
import { leave } from "../members.js";
import type { Moment } from "../moment.js";
import { settleDetection, settleFailover, settleForcedFailover } from "./failover.js";
import { type Ending, faultOf, plannedFailure } from "./failure.js";

/** Ends a group's own work. */
export function settleGroup(moment: Moment, group: HaGroup): void {
  const { work } = group;
  if (work === null) throw new InvariantBrokenError(`${group.id} has no work to end`);
  const failure = plannedFailure(moment, group);
  switch (work.task) {
    case "convert":
      settleConversion(moment, group, { work, failure });
      return;
    case "connect":
      if (failure === undefined) becomeSemiSynchronous(moment, group);
      stepGroup(moment, group, { work, failure });
      return;
    case "detectFailure":
      settleDetection(moment, group, { work, failure });
      return;
    case "failover":
      settleFailover(moment, group, { work, failure });
      return;
    case "forceFailover":
      settleForcedFailover(moment, group, { work, failure });
      return;
    default:
      stepGroup(moment, group, { work, failure });
  }
}

function stepGroup(moment: Moment, group: HaGroup, { work, failure }: Ending): void {
  if (failure === undefined) moment.stepGroup(group, "task.done");
  else moment.stepGroup(group, "task.failed", { fault: faultOf(moment, work, failure.message) });
}

/** All members or none: a member that has gone down meanwhile fails the conversion (C21). */
function settleConversion(moment: Moment, group: HaGroup, { work, failure }: Ending): void {
  const { topology } = moment.context;
  const members = membersOf(topology, group);
  const lost = members.find((member) => member.state !== "converting");
  if (failure !== undefined || lost !== undefined) {
    const message = failure?.message ?? (lost && `member ${lost.id} is ${lost.status}`);
    for (const member of members) {
      leave(moment, group, member);
      moment.tryInstance(member, "conversion.finished");
    }
    moment.stepGroup(group, "task.failed", { fault: faultOf(moment, work, message) });
    return;
  }
  for (const member of members) moment.stepInstance(member, "conversion.finished");
  moment.stepGroup(group, "task.done");
  becomeSemiSynchronous(moment, group);
  carrySchedulesOver(moment, group);
}

/** Inside a group a commit waits for a replica (R71). */
function becomeSemiSynchronous(moment: Moment, group: HaGroup): void {
  moment.facts.push({
    type: "ReplicationModeChanged",
    id: group.id,
    row: group.ordinal,
    mode: "semi-synchronous",
  });
}

function carrySchedulesOver(moment: Moment, group: HaGroup): void {
  const { carried, ended } = scheduleCarryOver(moment.context.topology, group);
  for (const schedule of ended) removeSchedule(moment, schedule);
  if (carried === undefined) return;
  moment.owe(carried.cause);
  const place = moment.nextPlace("schedules");
  moment.facts.push({
    type: "ScheduleCreated",
    schedule: {
      ...carried,
      ordinal: place.ordinal,
      accountOrdinal: place.accountOrdinal,
      id: freshId(moment, "schedule", place),
      ownerKind: "ha",
      ownerId: group.id,
      createdAt: moment.now,
      updatedAt: moment.now,
      // A slot that is due at this very moment is the group's now.
      nextRunAt: carried.nextRunAt,
      lastScheduledAt: null,
      seq: moment.takeSeq(),
      cause: moment.seq,
    },
    ownerRow: group.ordinal,
    carriedFrom: carried.id,
  });
}
