import { list, oneOf, record, union } from "./schema/compositeFields.js";
import { addIssue, type Field, integer, number, required } from "./schema/fields.js";

/**
 * A duration in integer ms of virtual time, as plain data: a constant, a uniform distribution with both bounds
 * included, or a named distribution.
 */
export type Distribution =
  | number
  | { readonly from: number; readonly to: number }
  /** Memoryless: the remaining time does not depend on the elapsed time. */
  | { readonly kind: "exponential"; readonly meanMs: number }
  /** Ageing (`shape` over 1) or early deaths (under 1); 63.2 % are over by `scaleMs`. */
  | { readonly kind: "weibull"; readonly scaleMs: number; readonly shape: number }
  /** Mostly short, rarely very long: the logarithm is normal, with the standard deviation `sigma`. */
  | { readonly kind: "lognormal"; readonly medianMs: number; readonly sigma: number }
  /** One of the measured durations, each with the same probability. */
  | { readonly kind: "empirical"; readonly ms: readonly number[] };

/** A uniform distribution, both bounds included. */
export type UniformDistribution = Extract<Distribution, { readonly from: number }>;

/** A distribution by name. */
export type NamedDistribution = Extract<Distribution, { readonly kind: string }>;

/** The longest duration, in ms: 317 years. Longer draws are cut there, so that every time stays a safe integer. */
export const durationMsMax = 10_000_000_000_000;

const named = { rule: "distribution", source: "§11 §6.2 [inferred]" };

/** Integer ms of virtual time. */
export const durationField = integer({
  rule: "duration-ms",
  source: "§11 [inferred]",
  min: 0,
  max: durationMsMax,
  unit: "ms",
});

/** A parameter of a distribution. */
const figure = number({ ...named, min: 0.1, max: 100 });

const evenRecord = record<UniformDistribution>({
  ...named,
  of: { from: required(durationField), to: required(durationField) },
});

const even: Field<UniformDistribution> = {
  ...evenRecord,
  read: (value, path, reading) => {
    const bounds = evenRecord.read(value, path, reading);
    if (bounds === undefined || bounds.from <= bounds.to) return bounds;
    const expected = `${String(bounds.from)} or more`;
    addIssue(reading, { field: `${path}.to`, value: bounds.to, expected, rule: named.rule });
    return undefined;
  },
};

const shaped = union<NamedDistribution>({
  ...named,
  of: {
    exponential: { meanMs: required(durationField) },
    weibull: { scaleMs: required(durationField), shape: required(figure) },
    lognormal: { medianMs: required(durationField), sigma: required(figure) },
    empirical: {
      ms: required(list({ ...named, of: durationField, countMin: 1, countMax: 1000 })),
    },
  },
});

/** A distribution, in any of its forms. */
export const distribution = oneOf<Distribution>({
  ...named,
  description:
    "an integer (ms), { from, to }, or an object whose kind is one of exponential, weibull, lognormal, empirical",
  of: [durationField, even, shaped],
  form: (value) => {
    if (typeof value === "number") return durationField;
    if (typeof value !== "object" || value === null) return undefined;
    return "kind" in value ? shaped : even;
  },
});
