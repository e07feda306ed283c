import { enumOf, type Field, integer, optional, required } from "../../model/schema/fields.js";
import { type KeyedUnionField, type Members, recordByWord } from "./compositeFields.js";
import { durationField, named, shareField } from "./quantities.js";
import { referenceField } from "./references.js";
import {
  type ConditionKind,
  type ConditionOf,
  conditionKinds,
  type ExpectationOf,
  type MeasureKind,
  type MeasureSpecOf,
  measureKinds,
  type PropertyKind,
  propertyKinds,
} from "./scenario.js";

/** Number of copies that are left. */
const copies = optional(integer({ ...named("scenario-copies"), min: 0, max: 10 }));
const limit = required(durationField);

/** What a condition takes beside `of` and `for`: a duration that it needs, or a number of copies that it may have. */
export const conditionBounds: Readonly<Record<ConditionKind, "limit" | "copies" | undefined>> = {
  writesDown: undefined,
  readsDown: undefined,
  degraded: "copies",
  replicationBroken: undefined,
  lagAbove: "limit",
  backupOlderThan: "limit",
  noCopy: undefined,
};

const conditionMembers = (kind: string): Members => {
  const bound = conditionBounds[kind as ConditionKind];
  return {
    of: required(referenceField),
    for: optional(durationField),
    ...(bound === "limit" ? { limit } : {}),
    ...(bound === "copies" ? { copies } : {}),
  };
};

/** A condition that operators watch. */
export const conditionField: KeyedUnionField<ConditionOf<number>> = recordByWord({
  key: "condition",
  words: conditionKinds,
  rule: "scenario-condition",
  membersOf: conditionMembers,
});

/** A condition that must never hold. */
export const neverField: KeyedUnionField<ExpectationOf<number>> = recordByWord({
  key: "never",
  words: conditionKinds,
  rule: "scenario-expectation",
  membersOf: conditionMembers,
});

/** What measures take beside `of`. */
const measureMembers: Readonly<Partial<Record<MeasureKind, Members>>> = {
  degraded: { copies },
  lag: { quantile: optional(quantileOrMean()) },
};

/** A measure of each future. */
export const measureField: KeyedUnionField<MeasureSpecOf<number>> = recordByWord({
  key: "measure",
  words: measureKinds,
  rule: "scenario-measure",
  membersOf: (kind) => ({
    of: optional(referenceField),
    ...measureMembers[kind as MeasureKind],
  }),
});

/** Properties of the whole world, which belong to no thing. */
const propertiesOfWorlds: ReadonlySet<string> = new Set<PropertyKind>(["invariants"]);

/** A property of every future. */
export const holdsField: KeyedUnionField<ExpectationOf<number>> = recordByWord({
  key: "holds",
  words: propertyKinds,
  rule: "scenario-expectation",
  membersOf: (kind): Members =>
    propertiesOfWorlds.has(kind) ? {} : { of: optional(referenceField) },
});

function quantileOrMean(): Field<number | "mean"> {
  const mean = enumOf<"mean">({ ...named("scenario-measure"), of: ["mean"] });
  return {
    ...named("scenario-measure"),
    expected: () => "a share such as 99 %, or mean",
    shape: { kind: "oneOf", of: [shareField, mean] },
    read: (value, path, reading) =>
      value === "mean" ? value : shareField.read(value, path, reading),
  };
}
