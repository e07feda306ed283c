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
   * Backs up an instance or a group: BACKUP until it ends; incremental where a parent is named.
   * @throws InvalidInputError
   * @throws NotFoundError `backup-owner-exists`, `parent-exists`
   * @throws RuleViolationError `backup-outside-ha`, `object-storage-access`, `parent-backup-usable`, `label-unique`
   * @throws InvalidStatusError `parent-backup-completed`, `one-backup`, `backup-status`
   */
  createBackup(input: InputOf<"createBackup">): Backup;

  /**
   * A backup as it is now.
   * @throws NotFoundError `backup-exists`
   */
  getBackup(backupId: string): Backup;

  /**
   * One page of the account's backups, by id; of one instance or group where `ownerId` names it, of one type of
   * datastore where `datastoreType` does.
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
   * Deletes a backup and all that were made from it.
   * @throws InvalidInputError
   * @throws NotFoundError `backup-exists`
   * @throws InvalidStatusError `backup-ended`
   */
  deleteBackup(backupId: string): Backup;

  /**
   * Schedules the backups of an instance or a group; day, hour and minute are drawn where they are left out.
   * @throws InvalidInputError
   * @throws NotFoundError `schedule-owner-exists`
   * @throws RuleViolationError `schedule-outside-ha`, `one-schedule`, `label-unique`
   * @throws InvalidStatusError `schedule-status`
   */
  createSchedule(input: InputOf<"createSchedule">): BackupSchedule;

  /**
   * A schedule as it is now.
   * @throws NotFoundError `schedule-exists`
   */
  getSchedule(scheduleId: string): BackupSchedule;

  /**
   * One page of the account's schedules, by id.
   * @throws InvalidInputError
   */
  listSchedules(options?: ListOptions): Page<BackupSchedule>;

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
  ): BackupSchedule;

  /**
   * Ends a schedule.
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
        says: "the id of an instance or a group",
      }),
    ),
    datastoreType: optional(
      string({ rule: "list-filter", source: "§4.4 [docs]", says: "a type of datastore, as mysql" }),
    ),
  },
});
