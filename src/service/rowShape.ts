import { backupRow } from "./backups/backupRow.js";
import { configurationRow } from "./configurations/configurationRow.js";
import { faultRow } from "./faults/faultRow.js";
import { haGroupRow } from "./haGroups/haGroupRow.js";
import { instanceRow } from "./instances/instanceRow.js";
import { scheduleRow } from "./schedules/scheduleRow.js";

/** What matters for the future, for each kind of row. */
export const rowShapes = {
  instances: instanceRow.relevance,
  groups: haGroupRow.relevance,
  schedules: scheduleRow.relevance,
  backups: backupRow.relevance,
  configurations: configurationRow.relevance,
  faults: faultRow.relevance,
} as const;
