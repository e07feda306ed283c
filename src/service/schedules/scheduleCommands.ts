import type { InputOf } from "../../model/commandTypes.js";
import { change, govern } from "../../model/operationPolicy.js";
import { boolean, optional, required } from "../../model/schema/fields.js";
import {
  copyTo,
  dayOfWeek,
  fullBackupRetention,
  hour,
  idField,
  label,
  minute,
  ownerKind,
} from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on backup schedules. */
export const scheduleCommands = {
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
} as const;
