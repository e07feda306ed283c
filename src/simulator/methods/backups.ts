import {
  backupOf,
  type Page,
  pageOfBackups,
  pageOfSchedules,
  scheduleOf,
} from "../../kernel/queries.js";
import { type InputOf } from "../../model/commandTypes.js";
import { record } from "../../model/schema/compositeFields.js";
import { optional, string } from "../../model/schema/fields.js";
import { type Backup } from "../../service/backups/backup.model.js";
import { mergeUntrusted } from "../../service/commands/parseCommand.js";
import { type BackupSchedule } from "../../service/schedules/schedule.model.js";
import type { PartOf } from "../clientKernel.js";
import { type ListOptions, listField, pagingFields, unknownId } from "./listing.js";

/** Operations on backups and backup schedules. */
export interface BackupMethods {
  /**
   * Backs up an instance or a group: BACKUP until it ends. With `parentId` the backup is incremental.
   *
   * @example
   * ```ts
   * const created = sim.createBackup({ ownerId: source.id, name: "before-upgrade" });
   * sim.waitForBackup(created.id, "COMPLETED");
   * ```
   * @param input - owner and name; the parent of an incremental backup
   * @returns the new backup, in status NEW or BUILDING
   * @throws InvalidInputError
   * @throws NotFoundError `backup-owner-exists`, `parent-exists`
   * @throws RuleViolationError `backup-outside-ha`, `object-storage-access`, `parent-backup-usable`, `label-unique`
   * @throws InvalidStatusError `parent-backup-completed`, `one-backup`, `backup-status`
   */
  createBackup(input: InputOf<"createBackup">): Backup;

  /**
   * Returns a backup as it is now.
   *
   * @example
   * ```ts
   * console.log(sim.getBackup(backup.id).status); // COMPLETED
   * ```
   * @param backupId - id of a backup of the account
   * @returns the backup, frozen
   * @throws NotFoundError `backup-exists`
   */
  getBackup(backupId: string): Backup;

  /**
   * Returns one page of the account's backups, by id.
   *
   * @example
   * ```ts
   * console.log(sim.listBackups({ ownerId: backup.ownerId }).items.length); // 1
   * ```
   * @param options - page size, marker and filters
   * @returns one page of rows, and `nextMarker` if there are more
   * @throws InvalidInputError
   */
  listBackups(
    options?: ListOptions & {
      /** Id of an instance or a group: only its backups. */
      readonly ownerId?: string;
      /** Type of a datastore in lower case, such as `mysql`: only its backups. */
      readonly datastoreType?: string;
    },
  ): Page<Backup>;

  /**
   * Deletes a backup and all backups that are based on it.
   *
   * @example
   * ```ts
   * sim.deleteBackup(backup.id);
   * ```
   * @param backupId - id of a backup of the account
   * @returns the backup, while it is deleted
   * @throws InvalidInputError
   * @throws NotFoundError `backup-exists`
   * @throws InvalidStatusError `backup-ended`
   */
  deleteBackup(backupId: string): Backup;

  /**
   * Creates the backup schedule of an instance or a group. Day, hour and minute are drawn if they are left out.
   *
   * @example
   * ```ts
   * const weekly = sim.createSchedule({ ownerId: source.id, dayOfWeek: 0, hour: 3, minute: 0, fullBackupRetention: 2 });
   * console.log(weekly.hour); // 3
   * ```
   * @param input - owner, times and retention
   * @returns the new schedule
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-owner-exists`
   * @throws RuleViolationError `schedule-outside-ha`, `one-schedule`, `label-unique`
   * @throws InvalidStatusError `schedule-status`
   */
  createSchedule(input: InputOf<"createSchedule">): BackupSchedule;

  /**
   * Returns a schedule as it is now.
   *
   * @example
   * ```ts
   * console.log(sim.getSchedule(schedule.id).lastScheduledAt); // null
   * ```
   * @param scheduleId - id of a schedule of the account
   * @returns the schedule, frozen
   * @throws NotFoundError `schedule-exists`
   */
  getSchedule(scheduleId: string): BackupSchedule;

  /**
   * Returns one page of the account's schedules, by id.
   *
   * @example
   * ```ts
   * console.log(sim.listSchedules().items.length, schedule.ownerKind); // 1 instance
   * ```
   * @param options - page size and marker
   * @returns one page of rows, and `nextMarker` if there are more
   * @throws InvalidInputError
   */
  listSchedules(options?: ListOptions): Page<BackupSchedule>;

  /**
   * Changes the times, the retention or the regions of a schedule. `runNow` also takes a full backup at once.
   *
   * @example
   * ```ts
   * console.log(sim.updateSchedule(schedule.id, { hour: 4 }).hour); // 4
   * ```
   * @param scheduleId - id of a schedule of the account
   * @param changes - the fields to change
   * @returns the schedule with the changes
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-exists`
   * @throws RuleViolationError `object-storage-access`, `update-not-empty`
   * @throws InvalidStatusError `one-backup`, `backup-status`
   */
  updateSchedule(
    scheduleId: string,
    changes: Omit<InputOf<"updateSchedule">, "scheduleId">,
  ): BackupSchedule;

  /**
   * Deletes a schedule; its backups remain.
   *
   * @example
   * ```ts
   * sim.deleteSchedule(schedule.id);
   * ```
   * @param scheduleId - id of a schedule of the account
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-exists`
   */
  deleteSchedule(scheduleId: string): void;
}

/** The implementation, given the kernel of a client. */
export const backupMethods: PartOf<BackupMethods> = {
  createBackup: (client, input) => client.run("createBackup", input),
  getBackup: (client, backupId) => {
    const topology = client.looking("getBackup");
    const found = backupOf(topology, client.own(backupId));
    return client.show(found?.hiddenForReplicaId === null ? found : unknownId("backup", backupId));
  },
  listBackups: (client, options = {}) => {
    const topology = client.looking("listBackups");
    const { ownerId, datastoreType, ...page } = client.read(listBackupsField, options);
    const found = pageOfBackups(topology, client.accountId, {
      filter: { ownerId, datastoreType },
      page: client.pageOf(page),
    });
    return client.showPage(found);
  },
  deleteBackup: (client, backupId) => client.run("deleteBackup", { backupId }),
  createSchedule: (client, input) => client.run("createSchedule", input),
  getSchedule: (client, scheduleId) => {
    const topology = client.looking("getSchedule");
    const found = scheduleOf(topology, client.own(scheduleId));
    return client.show(found ?? unknownId("schedule", scheduleId));
  },
  listSchedules: (client, options = {}) => {
    const topology = client.looking("listSchedules");
    const page = client.pageOf(client.read(listField, options));
    return client.showPage(pageOfSchedules(topology, client.accountId, page));
  },
  updateSchedule: (client, scheduleId, changes) =>
    client.run("updateSchedule", mergeUntrusted(changes, { scheduleId })),
  deleteSchedule: (client, scheduleId) => {
    client.run("deleteSchedule", { scheduleId });
  },
};

/** Which backups to list. */
export type ListBackupsOptions = NonNullable<Parameters<BackupMethods["listBackups"]>[0]>;

const listBackupsField = record<ListBackupsOptions>({
  rule: "list-options",
  source: "§4.5 [docs]",
  of: {
    ...pagingFields,
    ownerId: optional(
      string({
        rule: "list-filter",
        source: "§4.4 [docs]",
        description: "the id of an instance or a group",
      }),
    ),
    datastoreType: optional(
      string({
        rule: "list-filter",
        source: "§4.4 [docs]",
        description: "a type of datastore, as mysql",
      }),
    ),
  },
});
