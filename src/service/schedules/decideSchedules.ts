import { birthByCommand, birthOfNext } from "../../kernel/lineage.js";
import { groupOf, instanceOf, scheduleOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Implementations } from "../commands/implementation.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { freshId, requireSchedule } from "../shared/lookups.js";
import { runSchedule } from "./runSchedule.js";
import type { BackupSchedule } from "./schedule.model.js";
import { createScheduleRules, deleteScheduleRules, updateScheduleRules } from "./scheduleRules.js";
import { nextSlot } from "./scheduleTimes.js";

/** Commands on backup schedules. */
export const scheduleImplementations = {
  createSchedule: {
    rules: createScheduleRules,
    decide: createSchedule,
  },
  updateSchedule: {
    rules: updateScheduleRules,
    decide: updateSchedule,
  },
  deleteSchedule: {
    rules: deleteScheduleRules,
    decide: (moment, command) => {
      removeSchedule(moment, requireSchedule(moment, command.scheduleId));
    },
  },
} satisfies Implementations;

/** Creates a schedule. Day, hour and minute that are omitted are drawn (§1.8). */
function createSchedule(moment: Transaction, command: CommandOf<"createSchedule">): void {
  const { topology, accountId, chance, limits } = moment.context;
  const { ownerKind = "instance", ownerId } = command;
  const owner = (ownerKind === "ha" ? groupOf : instanceOf)(topology, { accountId, id: ownerId });
  if (owner === undefined)
    throw new InvariantViolationError(`schedule owner ${ownerId} is missing`);
  const place = moment.nextPlace("schedules");
  const { key, label, counted } = birthByCommand(moment, {
    label: command.label,
    kind: "schedule",
    parentKey: owner.key,
  });
  const drawn = (sequence: number, to: number): number =>
    chance.between({ purpose: "scheduleTime", key, sequence }, { from: 0, to });
  const { dayOfWeek = drawn(0, 6), hour = drawn(1, 23), minute = drawn(2, 59) } = command;
  moment.emit({
    type: "ScheduleCreated",
    schedule: {
      ordinal: place.ordinal,
      accountOrdinal: place.accountOrdinal,
      id: freshId(moment, "schedule", { place, key }),
      accountId,
      key,
      label,
      ownerKind,
      ownerId,
      dayOfWeek,
      hour,
      minute,
      fullBackupRetention: command.fullBackupRetention ?? limits.minFullBackupRetention,
      copyTo: regions(command.copyTo),
      createdAt: moment.now,
      updatedAt: moment.now,
      nextRunAt: nextSlot(moment.now, { hour, minute }),
      lastScheduledAt: null,
      seq: moment.takeSeq(),
      cause: moment.seq,
    },
    ownerRow: owner.ordinal,
    carriedFrom: null,
    counted,
  });
}

/** Updates a schedule. New times give a new next run; otherwise a run that is due stays due. */
function updateSchedule(moment: Transaction, command: CommandOf<"updateSchedule">): void {
  const schedule = requireSchedule(moment, command.scheduleId);
  const { dayOfWeek, hour, minute, fullBackupRetention, copyTo } = { ...schedule, ...command };
  const isMoved = hour !== schedule.hour || minute !== schedule.minute;
  moment.emit({
    type: "ScheduleChanged",
    id: schedule.id,
    row: schedule.ordinal,
    changes: {
      dayOfWeek,
      hour,
      minute,
      fullBackupRetention,
      copyTo: regions(copyTo),
      ...(isMoved
        ? {
            nextRunAt: nextSlot(moment.now, { hour, minute }),
            seq: moment.takeSeq(),
            cause: moment.seq,
          }
        : {}),
    },
  });
  if (command.runNow === true) {
    const birth = birthOfNext(moment, schedule.key, "run now");
    runSchedule(moment, schedule, { isFullDay: true, birth });
  }
}

/** Removes the schedule of an instance or a group, if it has one. */
export function removeScheduleOf(moment: Transaction, owner: Instance | HaGroup): void {
  const { accountId, scheduleId } = owner;
  if (scheduleId === null) return;
  const schedule = scheduleOf(moment.context.topology, { accountId, id: scheduleId });
  if (schedule !== undefined) removeSchedule(moment, schedule);
}

/** Emits the fact that removes a schedule and the reference of its owner. */
export function removeSchedule(moment: Transaction, schedule: BackupSchedule): void {
  const { topology } = moment.context;
  const { id, ordinal, accountId, ownerKind, ownerId } = schedule;
  const owner = (ownerKind === "ha" ? groupOf : instanceOf)(topology, { accountId, id: ownerId });
  if (owner === undefined)
    throw new InvariantViolationError(`owner ${ownerId} of schedule ${id} is missing`);
  moment.emit({
    type: "ScheduleRemoved",
    id,
    row: ordinal,
    accountId,
    ownerKind,
    ownerRow: owner.ordinal,
  });
}

function regions(requested: readonly string[] | null | undefined): readonly string[] | null {
  return requested === undefined || requested === null || requested.length === 0
    ? null
    : [...new Set(requested)].sort(byCodeUnit);
}

/** Gives the same order on every runtime and in every locale. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}
