import type { BackupSchedule } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { Due } from "./agenda.js";
import { nextSlot, weekdayOf } from "./calendar.js";
import { changeStatus } from "./dataPlane/acknowledgements.js";
import { settleBackup } from "./endings/backup.js";
import { settleGroup } from "./endings/group.js";
import { settleInstance } from "./endings/instance.js";
import { superviseGroup } from "./failover/supervise.js";
import { settleFault } from "./faults.js";
import { turnOf, type Why } from "./journal.js";
import type { Moment } from "./moment.js";
import { endOvertaken } from "./overtaken.js";
import { runSchedule } from "./scheduled.js";

/** Ends what is due: the lifecycle hears of it, and what the work was for becomes true. */
export function settle(moment: Moment, due: Due): void {
  end(moment, due);
  superviseGroup(moment);
  endOvertaken(moment);
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
      return;
    case "acknowledgement":
      changeStatus(moment, due.row);
      return;
    case "fault":
      settleFault(moment, due.row);
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

/** What a journal line says of something due: what it was, and which line made it due. */
export function triggerOf(due: Due): Why {
  const { id } = due.row;
  switch (due.owner) {
    case "schedule":
      return { trigger: { kind: "tick", scheduleId: id }, cause: due.row.cause };
    case "acknowledgement": {
      const cause = due.row.writes?.semiSynchrony?.due?.cause ?? null;
      return { trigger: { kind: "acknowledgement", instanceId: id }, cause };
    }
    case "fault":
      return { trigger: turnOf(due.row), cause: due.row.cause };
    default: {
      const { work } = due.row;
      if (work === null) throw new InvariantBrokenError(`${id} has nothing due`);
      return {
        trigger: { kind: "task", task: work.task, entity: due.owner, id },
        cause: work.cause,
      };
    }
  }
}

/** A day of the week that stands for all of them (§1.8). */
const everyDay = 7;
