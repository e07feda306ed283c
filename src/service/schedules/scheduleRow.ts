import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import { count, nullable, text, texts } from "../../model/schema/rowSchemaParts.js";
import { dayOfWeek, hour, minute, ownerKind } from "../../model/sharedFields.js";
import { momentOrNull, ownedColumns, timeColumns } from "../shared/rowColumns.js";
import type { BackupSchedule } from "./schedule.model.js";

/** The row of a backup schedule. */
export const scheduleRow = declareRow<BackupSchedule>({
  ...ownedColumns,
  ...timeColumns,
  ownerKind: column(ownerKind, "value"),
  ownerId: column(text, "reference"),
  dayOfWeek: column(dayOfWeek, "value"),
  hour: column(hour, "value"),
  minute: column(minute, "value"),
  fullBackupRetention: column(count, "value"),
  copyTo: column(nullable(texts), "value"),
  nextRunAt: column(count, "no"),
  lastScheduledAt: column(momentOrNull, "no"),
  seq: column(count, "no"),
  cause: column(count, "no"),
});
