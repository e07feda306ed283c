import { labelledKinds } from "../kernel/labels.js";
import type { AccountJson } from "../kernel/snapshot.js";
import { record } from "../model/schema/compositeFields.js";
import { enumOf, type Field, type RecordFields, required } from "../model/schema/fields.js";
import { count, key, listOf, named, nullable, size, text } from "../model/schema/rowSchemaParts.js";
import type { OwnedKind } from "../model/topology.js";
import { backupRow } from "./backups/backupRow.js";
import { configurationRow } from "./configurations/configurationRow.js";
import { faultRow } from "./faults/faultRow.js";
import { haGroupRow } from "./haGroups/haGroupRow.js";
import { instanceRow } from "./instances/instanceRow.js";
import { scheduleRow } from "./schedules/scheduleRow.js";
import { countOrNull } from "./shared/rowColumns.js";

/* Schema of a snapshot. The invariants check states, statuses and references. */

/** A table of rows. */
function tableOf<Row>(of: Field<Row>) {
  return record<{ readonly size: number; readonly rows: readonly Row[] }>({
    ...named,
    of: { size: required(count), rows: required(listOf(of)) },
  });
}

const withRequestCounted: RecordFields<Readonly<Record<OwnedKind | "faults", number>>> = {
  instances: required(count),
  groups: required(count),
  schedules: required(count),
  backups: required(count),
  configurations: required(count),
  faults: required(count),
};
const account = record<AccountJson>({
  ...named,
  of: {
    id: required(text),
    created: required(record({ ...named, of: withRequestCounted })),
    labels: required(
      listOf(
        record<AccountJson["labels"][number]>({
          ...named,
          of: {
            label: required(text),
            kind: required(nullable(enumOf({ ...named, of: labelledKinds }))),
            ordinal: required(countOrNull),
          },
        }),
      ),
    ),
    made: required(
      listOf(
        record<AccountJson["made"][number]>({
          ...named,
          of: { counted: required(key), number: required(size) },
        }),
      ),
    ),
  },
});

/** Everything in a snapshot besides its clock and its settings. */
export const topologyFields = {
  accounts: required(listOf(account)),
  instances: required(tableOf(instanceRow.field)),
  groups: required(tableOf(haGroupRow.field)),
  schedules: required(tableOf(scheduleRow.field)),
  backups: required(tableOf(backupRow.field)),
  configurations: required(tableOf(configurationRow.field)),
  faults: required(tableOf(faultRow.field)),
};
