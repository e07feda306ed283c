import { required } from "../../model/schema/fields.js";
import { amount, count, nullable } from "../../model/schema/rowSchemaParts.js";
import {
  counted,
  type FactDescriptors,
  ofRemoved,
  ofRow,
  ofStateEntered,
} from "../shared/factDescriptor.js";
import { countOrNull } from "../shared/rowColumns.js";
import { backupRow } from "./backupRow.js";

/** Kinds of facts about backups. */
export type BackupFactType =
  | "BackupCreated"
  | "BackupStateEntered"
  | "BackupEnded"
  | "BackupRemoved";

/** Facts about backups. */
export const backupFacts: FactDescriptors<BackupFactType> = {
  BackupCreated: {
    of: {
      backup: required(backupRow.field),
      instanceRow: required(count),
      groupRow: required(countOrNull),
      counted,
    },
  },
  BackupStateEntered: { of: ofStateEntered },
  BackupEnded: {
    of: {
      ...ofRow,
      sizeGb: required(nullable(amount)),
      dataGb: required(amount),
      instanceRow: required(count),
      groupRow: required(countOrNull),
    },
  },
  BackupRemoved: { of: ofRemoved },
};
