import { enumOf, required } from "../../model/schema/fields.js";
import { changesOf } from "../../model/schema/rowDeclaration.js";
import { count, moment, named } from "../../model/schema/rowSchemaParts.js";
import { counted, type FactDescriptors, ofRemoved, ofRow } from "../shared/factDescriptor.js";
import { textOrNull } from "../shared/rowColumns.js";
import { scheduleRow } from "./scheduleRow.js";

/** Kinds of facts about backup schedules. */
export type ScheduleFactType =
  | "ScheduleCreated"
  | "ScheduleChanged"
  | "ScheduleRemoved"
  | "ScheduleFired";

/** Facts about backup schedules. */
export const scheduleFacts: FactDescriptors<ScheduleFactType> = {
  ScheduleCreated: {
    of: {
      schedule: required(scheduleRow.field),
      ownerRow: required(count),
      carriedFrom: required(textOrNull),
      counted,
    },
  },
  ScheduleChanged: {
    of: {
      ...ofRow,
      changes: required(
        changesOf(scheduleRow, [
          "dayOfWeek",
          "hour",
          "minute",
          "fullBackupRetention",
          "copyTo",
          "nextRunAt",
          "lastScheduledAt",
          "seq",
          "cause",
        ]),
      ),
    },
  },
  ScheduleRemoved: {
    of: {
      ...ofRemoved,
      ownerKind: required(scheduleRow.columns.ownerKind.field),
      ownerRow: required(count),
    },
  },
  ScheduleFired: {
    of: {
      ...ofRow,
      slot: required(moment),
      nextRunAt: required(count),
      seq: required(count),
      backup: required(
        enumOf<"full" | "incremental" | "nothing">({
          ...named,
          of: ["full", "incremental", "nothing"],
        }),
      ),
      reason: required(textOrNull),
    },
  },
};
