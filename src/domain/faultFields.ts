import type { InputOf } from "./commandTypes.js";
import { record, union } from "./compositeFields.js";
import { durationField } from "./distributions.js";
import { type FaultKindInfo, faultKinds } from "./faultKinds.js";
import type { Fault, FaultKind } from "./faults.js";
import { integer, optional, type RecordFields, required } from "./fields.js";
import { label } from "./sharedFields.js";
import { maxTime } from "./time.js";

/** A fault that strikes (§11). */
export const faultField = union<Fault>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: byKind(({ fields }) => fields),
  renamed: byKind(({ renamed = {} }) => renamed),
});

function byKind(read: (info: FaultKindInfo<FaultKind>) => unknown): never {
  const kinds = Object.entries(faultKinds) as unknown as [string, FaultKindInfo<FaultKind>][];
  // What is read of each kind is of that kind, by the type of the table; TypeScript cannot join the two halves.
  return Object.fromEntries(kinds.map(([kind, info]) => [kind, read(info)])) as never;
}

/** What `injectFault` takes. */
export const injectFaultFields: RecordFields<InputOf<"injectFault">> = {
  fault: required(faultField),
  at: optional(integer({ rule: "fault-at", source: "§11", min: 0, max: maxTime, unit: "ms" })),
  afterMs: optional(durationField),
  label: optional(label),
};

/** A fault with its time, as the plan of the options has it. */
export const plannedFault = record<InputOf<"injectFault">>({
  rule: "fault-plan",
  source: "§11 [inferred]",
  of: injectFaultFields,
});
