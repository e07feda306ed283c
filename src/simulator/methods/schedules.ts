import type { InputOf } from "../../domain/commandTypes.js";
import type { BackupSchedule } from "../../domain/entities.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import { type Page, pageOfSchedules, scheduleOf } from "../../topology/queries.js";
import { type ListOptions, listField, unknownId } from "./base.js";
import { GroupVerbs } from "./groups.js";

/** Backup schedules. */
export class ScheduleVerbs extends GroupVerbs {
  /**
   * Schedules the backups of an instance or a group; day, hour and minute are drawn where they are left out.
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-owner-exists`
   * @throws RuleViolationError `schedule-outside-ha`, `one-schedule`, `label-unique`
   * @throws InvalidStatusError `schedule-status`
   */
  createSchedule(input: InputOf<"createSchedule">): BackupSchedule {
    return this.run("createSchedule", input);
  }

  /**
   * A schedule as it is now.
   * @throws NotFoundError `schedule-exists`
   */
  getSchedule(scheduleId: string): BackupSchedule {
    const topology = this.looking("getSchedule");
    const found = scheduleOf(topology, this.own(scheduleId));
    return this.show(found ?? unknownId("schedule", scheduleId));
  }

  /**
   * One page of the account's schedules, by id.
   * @throws InvalidInputError
   */
  listSchedules(options: ListOptions = {}): Page<BackupSchedule> {
    const topology = this.looking("listSchedules");
    const page = this.pageOf(this.read(listField, options));
    return this.showPage(pageOfSchedules(topology, this.accountId, page));
  }

  /**
   * Gives a schedule other times, another retention or other regions; `runNow` takes a full backup at once, too.
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-exists`
   * @throws RuleViolationError `object-storage-access`, `update-not-empty`
   * @throws InvalidStatusError `one-backup`, `backup-status`
   */
  updateSchedule(
    scheduleId: string,
    changes: Omit<InputOf<"updateSchedule">, "scheduleId">,
  ): BackupSchedule {
    return this.run("updateSchedule", mergeUntrusted(changes, { scheduleId }));
  }

  /**
   * Ends a schedule.
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-exists`
   */
  deleteSchedule(scheduleId: string): void {
    this.run("deleteSchedule", { scheduleId });
  }
}
