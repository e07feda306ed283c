import type { InputOf } from "../commandTypes.js";
import { boolean, optional, required, string } from "../fields.js";
import { change, govern } from "../operationPolicy.js";
import {
  copyTo,
  dayOfWeek,
  fullBackupRetention,
  hour,
  idField,
  label,
  minute,
  ownerKind,
} from "../sharedFields.js";
import { command, input } from "./command.js";

/** Commands on backups and their schedules. */
export const backupCommands = {
  createSchedule: command({
    input: input<InputOf<"createSchedule">>({
      ownerKind: optional(ownerKind),
      ownerId: required(idField),
      dayOfWeek: optional(dayOfWeek),
      hour: optional(hour),
      minute: optional(minute),
      fullBackupRetention: optional(fullBackupRetention),
      copyTo: optional(copyTo),
      label: optional(label),
    }),
    ...change("createSchedules"),
    result: "newSchedule",
  }),
  updateSchedule: command({
    input: input<InputOf<"updateSchedule">>({
      scheduleId: required(idField),
      dayOfWeek: optional(dayOfWeek),
      hour: optional(hour),
      minute: optional(minute),
      fullBackupRetention: optional(fullBackupRetention),
      copyTo: optional(copyTo),
      runNow: optional(boolean({ rule: "run-now", source: "§1.8 [docs]" })),
    }),
    ...change("changeSchedules"),
    result: "schedule",
  }),
  deleteSchedule: command({
    input: input<InputOf<"deleteSchedule">>({ scheduleId: required(idField) }),
    ...govern("deleteSchedules"),
    result: "nothing",
  }),
  createBackup: command({
    input: input<InputOf<"createBackup">>({
      name: required(
        string({ rule: "backup-name", source: "§1.9 [docs]", lengthMax: "maxBackupNameLength" }),
      ),
      ownerKind: optional(ownerKind),
      ownerId: required(idField),
      description: optional(string({ rule: "backup-description", source: "§1.9 [docs]" })),
      parentId: optional(idField),
      incremental: optional(boolean({ rule: "backup-incremental", source: "§1.9 [trove]" })),
      label: optional(label),
    }),
    ...change("createBackups"),
    result: "newBackup",
  }),
  deleteBackup: command({
    input: input<InputOf<"deleteBackup">>({ backupId: required(idField) }),
    ...govern("deleteBackups"),
    result: "backup",
  }),
} as const;
