import { rowAt } from "../collections/table.js";
import type { Backup, BackupSchedule, HaGroup, Instance } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { Topology } from "../topology/state.js";
import type { AgendaEntry } from "./agenda.js";
import { nextSlot, weekdayOf } from "./calendar.js";
import { settleBackup } from "./endings/backup.js";
import { settleGroup } from "./endings/group.js";
import { settleInstance } from "./endings/instance.js";
import { superviseGroups } from "./failover/supervise.js";
import type { Moment } from "./moment.js";
import { runSchedule } from "./scheduled.js";

/** Whose turn it is: one row of one kind. */
export type Due =
  | { readonly owner: "instance"; readonly row: Instance }
  | { readonly owner: "group"; readonly row: HaGroup }
  | { readonly owner: "backup"; readonly row: Backup }
  | { readonly owner: "schedule"; readonly row: BackupSchedule };

/** Ends what is due: the lifecycle hears of it, and what the work was for becomes true. */
export function settle(moment: Moment, due: Due): void {
  end(moment, due);
  superviseGroups(moment);
}

function end(moment: Moment, due: Due): void {
  switch (due.owner) {
    case "instance":
      settleInstance(moment, due.row);
      return;
    case "group":
      settleGroup(moment, due.row);
      return;
    case "backup":
      settleBackup(moment, due.row);
      return;
    case "schedule":
      settleSchedule(moment, due.row);
  }
}

/** A schedule's hour has come: it backs up what it can, and moves on to its next hour whatever came of it. */
function settleSchedule(moment: Moment, schedule: BackupSchedule): void {
  const { nextRunAt: slot, dayOfWeek } = schedule;
  const isFullDay = dayOfWeek === everyDay || weekdayOf(slot) === dayOfWeek;
  const { took, reason } = runSchedule(moment, schedule, { isFullDay });
  moment.facts.push({
    type: "ScheduleFired",
    id: schedule.id,
    row: schedule.ordinal,
    slot,
    nextRunAt: nextSlot(slot, schedule),
    seq: moment.takeSeq(),
    took,
    reason,
  });
}

/** A day of the week that stands for all of them (§1.8). */
const everyDay = 7;

/** What an entry of the agenda stands for. */
export function dueOf(topology: Topology, entry: AgendaEntry): Due {
  const { row } = entry;
  const { instances, groups, backups, schedules } = topology;
  switch (entry.owner) {
    case "instance":
      return { owner: "instance", row: present(rowAt(instances, row), entry) };
    case "group":
      return { owner: "group", row: present(rowAt(groups, row), entry) };
    case "backup":
      return { owner: "backup", row: present(rowAt(backups, row), entry) };
    case "schedule":
      return { owner: "schedule", row: present(rowAt(schedules, row), entry) };
  }
}

function present<T>(value: T | undefined | null, { owner, row }: AgendaEntry): T {
  if (value === undefined || value === null) {
    throw new InvariantBrokenError(
      `the agenda names ${owner} ${String(row)}, which has nothing due`,
    );
  }
  return value;
}
