import { distribution } from "../../model/distributions.js";
import { record } from "../../model/schema/compositeFields.js";
import { enumOf, required } from "../../model/schema/fields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import { count, moment, named, nullable } from "../../model/schema/rowSchemaParts.js";
import { countOrNull, momentOrNull, ownedColumns, textOrNull } from "../shared/rowColumns.js";
import type { ClockPlace, FaultClock, InjectedFault, RemainingTasks } from "./fault.model.js";
import { faultField } from "./faultFields.js";

const clock = declareRow<FaultClock>({
  distribution: column(distribution, "value"),
  since: column(momentOrNull, "null"),
  ranMs: column(count, "no"),
  totalMs: column(count, "no"),
});

/** The tasks that a `failTask` still concerns. */
export const remainingField = record<RemainingTasks>({
  ...named,
  of: { skip: required(count), times: required(count) },
});

/** Fields of a fault that change while it exists. */
export const faultColumns = {
  phase: column(
    enumOf<InjectedFault["phase"]>({ ...named, of: ["scheduled", "active", "recurring"] }),
    "value",
  ),
  dueAt: column(countOrNull, "null"),
  seq: column(countOrNull, "no"),
  endsAt: column(countOrNull, "null"),
  targetOrdinal: column(countOrNull, "place"),
  activations: column(count, "no"),
  clock: column(nullable(clock.field), clock.relevance),
  remaining: column(nullable(remainingField), "value"),
} as const;

/** The row of a fault. */
export const faultRow = declareRow<InjectedFault>({
  ...ownedColumns,
  ...faultColumns,
  fault: column(faultField, "reference"),
  injectedAt: column(moment, "no"),
  cause: column(count, "no"),
  partOf: column(textOrNull, "reference"),
  // A clock is found by its random fault and its instance, which the fault names.
  clockOf: column(
    nullable(
      record<ClockPlace>({
        ...named,
        of: { processOrdinal: required(count), instanceOrdinal: required(countOrNull) },
      }),
    ),
    "null",
  ),
});
