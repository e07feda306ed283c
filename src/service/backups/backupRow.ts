import { record } from "../../model/schema/compositeFields.js";
import { required } from "../../model/schema/fields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import { amount, count, named, nullable, text } from "../../model/schema/rowSchemaParts.js";
import { ownerKind } from "../../model/sharedFields.js";
import { databasesField, usersField } from "../databases/databaseFields.js";
import { livingColumns, textOrNull } from "../shared/rowColumns.js";
import type { Backup } from "./backup.model.js";

/** The row of a backup. */
export const backupRow = declareRow<Backup>({
  ...livingColumns,
  name: column(text, "no"),
  description: column(textOrNull, "no"),
  ownerKind: column(ownerKind, "value"),
  ownerId: column(text, "reference"),
  instanceId: column(text, "reference"),
  parentId: column(textOrNull, "reference"),
  scheduleId: column(textOrNull, "reference"),
  hiddenForReplicaId: column(textOrNull, "reference"),
  sizeGb: column(nullable(amount), "value"),
  dataGb: column(amount, "value"),
  logPosition: column(
    nullable(
      record<NonNullable<Backup["logPosition"]>>({
        ...named,
        of: {
          instanceId: required(text),
          transactions: required(count),
          bytes: required(count),
        },
      }),
    ),
    "no",
  ),
  databases: column(databasesField, "value"),
  users: column(usersField, "value"),
});
