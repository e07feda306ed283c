import { rackField, zoneField } from "../../model/placementFields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import { amount, nullable, text, texts } from "../../model/schema/rowSchemaParts.js";
import { databasesField, usersField } from "../databases/databaseFields.js";
import { linkRow, logRow } from "../replication/dataPlaneRows.js";
import { livingColumns, textOrNull } from "../shared/rowColumns.js";
import type { Instance } from "./instance.model.js";

/** The row of an instance. */
export const instanceRow = declareRow<Instance>({
  ...livingColumns,
  name: column(text, "no"),
  usedGb: column(amount, "value"),
  sourceId: column(textOrNull, "reference"),
  replicaIds: column(texts, "references"),
  groupId: column(textOrNull, "reference"),
  scheduleId: column(textOrNull, "reference"),
  backupId: column(textOrNull, "reference"),
  configurationId: column(textOrNull, "reference"),
  // Of faults that exact answers know, none names a place.
  zone: column(zoneField, "no"),
  rack: column(rackField, "no"),
  partitionId: column(textOrNull, "partition"),
  log: column(nullable(logRow.field), logRow.relevance),
  link: column(nullable(linkRow.field), linkRow.relevance),
  databases: column(databasesField, "value"),
  users: column(usersField, "value"),
});
