import type { FactOf } from "../../model/facts.js";
import { enumOf, required } from "../../model/schema/fields.js";
import { partOf } from "../../model/schema/rowDeclaration.js";
import { named } from "../../model/schema/rowSchemaParts.js";
import { counted, type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { textOrNull } from "../shared/rowColumns.js";
import { faultRow, remainingField } from "./faultRow.js";

/** Kinds of facts about faults. */
export type FaultFactType =
  | "FaultInjected"
  | "FaultActivated"
  | "FaultClockChanged"
  | "FaultCounterChanged"
  | "FaultEnded";

/** Facts about faults. */
export const faultFacts: FactDescriptors<FaultFactType> = {
  FaultInjected: {
    of: { injected: required(faultRow.field), counted },
  },
  FaultActivated: {
    of: {
      ...ofRow,
      changes: required(
        partOf(
          faultRow,
          ["phase", "dueAt", "seq", "endsAt", "targetOrdinal", "activations", "clock", "remaining"],
          ["clockOf"],
        ),
      ),
      skipped: required(textOrNull),
    },
  },
  FaultClockChanged: {
    of: {
      ...ofRow,
      change: required(
        enumOf<"started" | "stopped" | "redrawn">({
          ...named,
          of: ["started", "stopped", "redrawn"],
        }),
      ),
      changes: required(partOf(faultRow, ["dueAt", "seq", "endsAt", "clock"], [])),
    },
  },
  FaultCounterChanged: { of: { ...ofRow, left: required(remainingField) } },
  FaultEnded: {
    of: {
      ...ofRow,
      outcome: required(
        enumOf<FactOf<"FaultEnded">["outcome"]>({
          ...named,
          of: ["expired", "cleared", "superseded", "exhausted", "completed", "rejected"],
        }),
      ),
      reason: required(textOrNull),
    },
  },
};
