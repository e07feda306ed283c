import { placeFields } from "../../model/placementFields.js";
import { list, record } from "../../model/schema/compositeFields.js";
import {
  addIssue,
  boolean,
  enumOf,
  type Field,
  integer,
  number,
  optional,
  type RecordFields,
  required,
  string,
} from "../../model/schema/fields.js";
import { keyHint } from "../../model/schema/nearest.js";
import { isRecord } from "../../model/schema/plainData.js";
import {
  datastore,
  dayOfWeek,
  fullBackupRetention,
  hour,
  label,
  minute,
} from "../../model/sharedFields.js";
import { eachPlace, faultField } from "../../service/faults/faultFields.js";
import type { PlaceInput } from "../../service/placement/placement.model.js";
import {
  actionField,
  commandActionField,
  faultActionField,
  reactionField,
} from "./actionFields.js";
import { anyField, entriesByName, type KeyedUnionField } from "./compositeFields.js";
import { conditionField, holdsField, measureField, neverField } from "./conditionFields.js";
import { distributionField } from "./distributions.js";
import {
  bytesField,
  durationField,
  flavorIdField,
  named,
  quantileShareField,
  shareField,
  sizeGbField,
} from "./quantities.js";
import { referenceField } from "./references.js";
import {
  baseDesign,
  type ExpectationOf,
  type FixtureOf,
  type OperatorOf,
  type RandomProcessOf,
  type RangeOf,
  type Scenario,
  type StepOf,
  scenarioVersion,
} from "./scenario.js";
import { worldField } from "./worldField.js";

const alias = string({
  ...named("scenario-label"),
  pattern: /^[A-Za-z][A-Za-z0-9 _-]{0,62}$/,
  description: "a name: a letter, then letters, digits, blanks, _ or -",
});
const name = required(string(named("scenario-name")));

const placeField = record<PlaceInput>({ ...named("scenario-fixture"), of: placeFields });
const fixture = record<FixtureOf<number>>({
  ...named("scenario-fixture"),
  of: {
    kind: required(enumOf({ ...named("scenario-fixture"), of: ["instance", "set", "group"] })),
    replicas: optional(integer({ ...named("scenario-fixture"), min: 0, max: 10 })),
    flavorId: optional(flavorIdField),
    volumeGb: optional(sizeGbField),
    usedGb: optional(sizeGbField),
    datastore: optional(datastore),
    places: optional(list({ ...named("scenario-fixture"), of: placeField, countMax: 11 })),
    writes: optional(
      record<NonNullable<FixtureOf<number>["writes"]>>({
        ...named("scenario-writes"),
        of: {
          perSecond: required(integer({ ...named("scenario-writes"), min: 0, max: 100_000 })),
          bytes: optional(bytesField),
        },
      }),
    ),
    backup: optional(
      record<NonNullable<FixtureOf<number>["backup"]>>({
        ...named("scenario-backup"),
        of: {
          dayOfWeek: optional(dayOfWeek),
          hour: optional(hour),
          minute: optional(minute),
          fullBackupRetention: optional(fullBackupRetention),
        },
      }),
    ),
  },
});

const step = record<StepOf<number>>({
  ...named("scenario-step"),
  of: {
    at: optional(durationField),
    after: optional(durationField),
    repeat: optional(durationField),
    label: optional(label),
    alias: optional(alias),
    by: optional(string(named("scenario-step"))),
    do: required(actionField),
  },
});

const randomKinds = randomFaultKinds();
const randomProcess = record<RandomProcessOf<number>>({
  ...named("scenario-random"),
  of: {
    fault: required(enumOf({ ...named("scenario-random"), of: randomKinds })),
    of: optional(referenceField),
    ...placeFields,
    each: optional(eachPlace),
    every: required(distributionField),
    timeToRepair: required(distributionField),
  },
});

const operator = record<OperatorOf<number>>({
  ...named("scenario-operator"),
  of: {
    when: required(conditionField),
    after: optional(distributionField),
    do: required(
      list({ ...named("scenario-operator"), of: reactionField, countMin: 1, countMax: 20 }),
    ),
    evenIfOver: optional(boolean(named("scenario-operator"))),
  },
});

const amount = amountField();
const bounds = { atMost: optional(amount), atLeast: optional(amount) };
const expectationForms: Readonly<Record<string, Field<ExpectationOf<number>>>> = {
  mean: form({ mean: name, ...bounds }),
  quantile: form({ quantile: required(quantileShareField), of: name, ...bounds }),
  // What is bounded is the share of futures, whatever the unit of the measure is.
  share: form({
    share: name,
    above: required(amount),
    atMost: optional(shareField),
    atLeast: optional(shareField),
  }),
  never: neverField,
  holds: holdsField,
};

const expectationDescription =
  "one of { mean, atMost }, { quantile, of, atMost }, { share, above, atMost }, { never, of }, { holds }";
const expectation: KeyedUnionField<ExpectationOf<number>> = {
  ...named("scenario-expectation"),
  variants: [
    ...["mean", "quantile", "share"].map((key) => expectationForms[key] as Field<unknown>),
    ...neverField.variants,
    ...holdsField.variants,
  ],
  expected: () => expectationDescription,
  shape: { kind: "oneOf", of: Object.values(expectationForms) },
  read: (value, path, reading) => {
    const found =
      isRecord(value) &&
      Object.entries(expectationForms).find(([key]) => Object.hasOwn(value, key));
    if (found) return found[1].read(value, path, reading);
    const rule = "scenario-expectation";
    const expected = `${expectationDescription}${keyHint(value, Object.keys(expectationForms))}`;
    addIssue(reading, { field: path, value, expected, rule });
    return undefined;
  },
};

const values = list({
  ...named("scenario-vary"),
  of: anyField("a value of the parameter"),
  countMin: 1,
  countMax: 200,
});

const range = record<RangeOf<number>>({
  ...named("scenario-vary"),
  of: {
    from: required(amount),
    to: required(amount),
    points: optional(integer({ ...named("scenario-vary"), min: 2, max: 200 })),
    scale: optional(enumOf({ ...named("scenario-vary"), of: ["even", "log"] as const })),
  },
});

const variationDescription = "a list of values, or a range { from, to }";
const variation: Field<readonly unknown[] | RangeOf<number>> = {
  ...named("scenario-vary"),
  expected: () => variationDescription,
  shape: { kind: "oneOf", of: [values, range] },
  read: (value, path, reading) =>
    isRecord(value) ? range.read(value, path, reading) : values.read(value, path, reading),
};

/** The whole format. */
export const scenarioField = record<Scenario>({
  ...named("scenario"),
  of: {
    scenario: required(
      integer({ ...named("scenario-version"), min: scenarioVersion, max: scenarioVersion }),
    ),
    title: optional(string(named("scenario-title"))),
    world: optional(worldField),
    topology: optional(entriesByName(fixture)),
    steps: optional(list({ ...named("scenario-steps"), of: step, countMax: 100_000 })),
    random: optional(entriesByName(randomProcess)),
    operators: optional(entriesByName(operator)),
    horizon: optional(durationField),
    warmUp: optional(durationField),
    measures: optional(entriesByName(measureField)),
    expect: optional(entriesByName(expectation)),
    designs: optional(
      entriesByName(patchField(), {
        reserved: { name: baseDesign, holder: "the scenario without a patch" },
      }),
    ),
    vary: optional(entriesByName(variation, { path: true, countMax: 20 })),
    samples: optional(integer({ ...named("scenario-vary"), min: 2, max: 200 })),
  } as unknown as RecordFields<Scenario>,
});

/** Parts that the published schema names once. */
export const namedParts: Readonly<Record<string, Field<unknown>>> = {
  duration: durationField,
  share: shareField,
  size: sizeGbField,
  bytes: bytesField,
  amount,
  distribution: distributionField,
  reference: referenceField,
  command: commandActionField,
  fault: faultActionField,
};

function form(of: object): Field<ExpectationOf<number>> {
  return record<object>({ ...named("scenario-expectation"), of } as never) as Field<
    ExpectationOf<number>
  >;
}

/** A number, a share or a duration: what a bound is depends on its measure. */
function amountField(): Field<number> {
  const plain = number({ ...named("scenario-amount"), min: 0 });
  const description = "a number, a duration such as 15m, or a share such as 1 %";
  return {
    ...named("scenario-amount"),
    expected: () => description,
    shape: { kind: "oneOf", of: [plain, durationField, shareField] },
    read: (value, path, reading) => {
      if (typeof value !== "string") return plain.read(value, path, reading);
      return (value.includes("%") ? shareField : durationField).read(value, path, reading);
    },
  };
}

function patchField(): Field<Readonly<Record<string, unknown>>> {
  const description = "a part of a scenario that is merged into it; null deletes";
  return {
    ...named("scenario-design"),
    expected: () => description,
    shape: { kind: "dictionary", countMax: 100 },
    read: (value, path, reading) => {
      if (isRecord(value)) return value;
      addIssue(reading, { field: path, value, expected: description, rule: "scenario-design" });
      return undefined;
    },
  };
}

function randomFaultKinds(): readonly RandomProcessOf<number>["fault"][] {
  const { shape } = faultField;
  const random = shape.kind === "union" ? shape.of["random"] : undefined;
  const kinds =
    random?.shape.kind === "record"
      ? (random.shape.of as Record<string, { field: Field<unknown> }>)["fault"]
      : undefined;
  if (kinds?.field.shape.kind !== "choice") throw new TypeError("random faults have no kinds");
  return kinds.field.shape.of as readonly RandomProcessOf<number>["fault"][];
}
