import type { DueItem } from "../kernel/eventQueue.js";
import { type EntryOrigin, faultTrigger } from "../kernel/journal.js";
import { birthOf } from "../kernel/lineage.js";
import type { Transaction } from "../kernel/transaction.js";
import { InvariantViolationError } from "../model/errors.js";
import { completeBackupTask } from "./backups/completeBackupTask.js";
import { processFault } from "./faults/processFault.js";
import { completeGroupTask } from "./haGroups/completeGroupTask.js";
import { completeInstanceTask } from "./instances/completeInstanceTask.js";
import { runReactions } from "./reactions.js";
import { changeStatus } from "./replication/acknowledgementChanges.js";
import { runSchedule } from "./schedules/runSchedule.js";
import type { BackupSchedule } from "./schedules/schedule.model.js";
import { nextSlot, weekdayOf } from "./schedules/scheduleTimes.js";

/**
 * Processes a due item: the lifecycle gets its signal, and the effects of the task are emitted. The target of a random
 * fault of a population is drawn, unless it is given.
 */
export function processDue(moment: Transaction, due: DueItem, victimId?: string): void {
  end(moment, due, victimId);
  runReactions(moment);
}

function end(moment: Transaction, due: DueItem, victimId: string | undefined): void {
  switch (due.owner) {
    case "instance":
      completeInstanceTask(moment, due.row);
      return;
    case "group":
      completeGroupTask(moment, due.row);
      return;
    case "backup":
      completeBackupTask(moment, due.row);
      return;
    case "schedule":
      settleSchedule(moment, due.row);
      return;
    case "acknowledgement":
      changeStatus(moment, due.row);
      return;
    case "fault":
      processFault(moment, due.row, victimId);
  }
}

/** Processes a due schedule: it takes a backup if it can, and moves on to its next run in any case. */
function settleSchedule(moment: Transaction, schedule: BackupSchedule): void {
  const { nextRunAt: slot, dayOfWeek } = schedule;
  const isFullDay = dayOfWeek === everyDay || weekdayOf(slot) === dayOfWeek;
  const { took, reason } = runSchedule(moment, schedule, {
    isFullDay,
    birth: birthOf(schedule.key, "slot", slot),
  });
  moment.emit({
    type: "ScheduleFired",
    id: schedule.id,
    row: schedule.ordinal,
    slot,
    nextRunAt: nextSlot(slot, schedule),
    seq: moment.takeSeq(),
    backup: took,
    reason,
  });
}

/** Returns the trigger and the cause of a due item for the journal. */
export function triggerOf(due: DueItem): EntryOrigin {
  switch (due.owner) {
    case "schedule":
      return { trigger: { kind: "tick", scheduleId: due.row.id }, cause: due.row.cause };
    case "acknowledgement": {
      const cause = due.row.log?.semiSynchrony?.due?.cause ?? null;
      return { trigger: { kind: "acknowledgement", instanceId: due.row.id }, cause };
    }
    case "fault":
      return { trigger: faultTrigger(due.row), cause: due.row.cause };
    default: {
      const { id, work } = due.row;
      if (work === null) throw new InvariantViolationError(`${id} has no pending task`);
      return {
        trigger: { kind: "task", task: work.task, entity: due.owner, id },
        cause: work.cause,
      };
    }
  }
}

/** The day of the week that means every day (§1.8). */
const everyDay = 7;
