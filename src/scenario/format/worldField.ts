import { documentedLatency } from "../../kernel/latency.js";
import { documentedLimits } from "../../model/limits.js";
import { record } from "../../model/schema/compositeFields.js";
import {
  addIssue,
  enumOf,
  type Field,
  integer,
  number,
  optional,
  type RecordFields,
  string,
} from "../../model/schema/fields.js";
import { isRecord } from "../../model/schema/plainData.js";
import { maxTime } from "../../model/time.js";
import { anyField } from "./compositeFields.js";
import { distributionField } from "./distributions.js";
import { named } from "./quantities.js";
import type { ForkedWorldOf, WorldOf } from "./scenario.js";

const momentPattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{3})?)?Z)?$/;
const timeDescription = "a moment that exists, such as 2026-03-01T00:00:00Z, or ms since the epoch";

/** Returns ms since the epoch; undefined for anything that is no moment. */
export function parseMoment(value: unknown): number | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 && value <= maxTime ? value : undefined;
  }
  if (typeof value !== "string" || !momentPattern.test(value)) return undefined;
  const ms = Date.parse(value);
  const date = value.slice(0, 10);
  // 31 February would be a day of March.
  const isDay = !Number.isNaN(ms) && new Date(Date.parse(date)).toISOString().startsWith(date);
  return isDay ? ms : undefined;
}

const moment: Field<number> = {
  ...named("scenario-moment"),
  expected: () => timeDescription,
  shape: {
    kind: "oneOf",
    of: [
      integer({ ...named("scenario-moment"), min: 0, max: maxTime }),
      string({ ...named("scenario-moment"), pattern: momentPattern }),
    ],
  },
  read: (value, path, reading) => {
    const parsed = parseMoment(value);
    if (parsed !== undefined) return parsed;
    addIssue(reading, { field: path, value, expected: timeDescription, rule: "scenario-moment" });
    return undefined;
  },
};

const seedField: Field<string | number> = {
  ...named("scenario-seed"),
  expected: () => "an integer or a string",
  shape: {
    kind: "oneOf",
    of: [
      integer({
        ...named("scenario-seed"),
        min: -Number.MAX_SAFE_INTEGER,
        max: Number.MAX_SAFE_INTEGER,
      }),
      string(named("scenario-seed")),
    ],
  },
  read: (value, path, reading) => {
    if (typeof value === "string" || Number.isSafeInteger(value)) return value as string | number;
    addIssue(reading, {
      field: path,
      value,
      expected: "an integer or a string",
      rule: "scenario-seed",
    });
    return undefined;
  },
};

const profile = enumOf({
  ...named("scenario-latency"),
  of: ["documented", "fast", "instant"],
});
const durations = record({
  ...named("scenario-latency"),
  of: Object.fromEntries(
    Object.keys(documentedLatency).map((key) => [key, optional(distributionField)]),
  ),
} as never) as Field<object>;

const latencyField = {
  ...named("scenario-latency"),
  expected: () => "documented, fast, instant, or durations by the name of the work",
  shape: { kind: "oneOf", of: [profile, durations] },
  read: (value, path, reading) =>
    isRecord(value) ? durations.read(value, path, reading) : profile.read(value, path, reading),
} satisfies Field<unknown> as unknown as Field<NonNullable<WorldOf<number>["latency"]>>;

const limitsField = record({
  ...named("scenario-limits"),
  of: Object.fromEntries(
    Object.keys(documentedLimits).map((key) => [
      key,
      optional(integer({ ...named("scenario-limits"), min: 1, max: Number.MAX_SAFE_INTEGER })),
    ]),
  ),
} as never) as Field<NonNullable<WorldOf<number>["limits"]>>;

const checkedLater = "the option of SimulatorOptions with this name";

const forkedMembers = {
  seed: optional(seedField),
  latency: optional(latencyField),
  jitter: optional(number({ ...named("scenario-jitter"), min: 0, max: 1 })),
  policy: optional(anyField(checkedLater) as Field<NonNullable<WorldOf<number>["policy"]>>),
  limits: optional(limitsField),
};

/** Options of a fork. */
export const forkedWorldField = record<ForkedWorldOf<number>>({
  ...named("scenario-world"),
  of: forkedMembers as RecordFields<ForkedWorldOf<number>>,
});

/** The options of the simulated service. */
export const worldField = record<WorldOf<number>>({
  ...named("scenario-world"),
  of: {
    ...forkedMembers,
    startAt: optional(moment),
    region: optional(string(named("scenario-world"))),
    accountId: optional(string(named("scenario-world"))),
    placement: optional(anyField(checkedLater)),
    rateLimits: optional(anyField(checkedLater)),
    catalog: optional(anyField(checkedLater)),
  } as RecordFields<WorldOf<number>>,
});
