import type { Distribution } from "../../model/distributions.js";
import { list, oneOf, record } from "../../model/schema/compositeFields.js";
import {
  addIssue,
  type Field,
  number,
  type RecordFields,
  required,
} from "../../model/schema/fields.js";
import { keyHint } from "../../model/schema/nearest.js";
import { isRecord } from "../../model/schema/plainData.js";
import { durationField, named } from "./quantities.js";
import type { DistributionOf } from "./scenario.js";

const factor = required(number({ ...named("scenario-distribution"), min: 0.1, max: 100 }));
const duration = required(durationField);

const even = form({ from: duration, to: duration });
const forms: Readonly<Record<string, Field<DistributionOf<number>>>> = {
  from: {
    ...even,
    read: (value, path, reading) => {
      const bounds = even.read(value, path, reading) as { from: number; to: number } | undefined;
      if (bounds === undefined || bounds.from <= bounds.to) return bounds;
      const expected = `at least as long as from, ${String(bounds.from)} ms`;
      addIssue(reading, { field: `${path}.to`, value: bounds.to, expected, rule: even.rule });
      return undefined;
    },
  },
  exponential: form({ exponential: duration }),
  weibull: form({ weibull: duration, shape: factor }),
  lognormal: form({ lognormal: duration, sigma: factor }),
  measured: form({
    measured: required(
      list({ ...named("scenario-distribution"), of: durationField, countMin: 1, countMax: 1000 }),
    ),
  }),
};

const description =
  "a duration, { from, to }, { exponential: mean }, { weibull: scale, shape }, { lognormal: median, sigma } or { measured: [...] }";

const anyForm = oneOf<DistributionOf<number>>({
  ...named("scenario-distribution"),
  description,
  of: [durationField, ...Object.values(forms)],
  form: (value) => (isRecord(value) ? formOf(value) : durationField),
});

/** A duration that may be drawn: the key of an object names the distribution. */
export const distributionField: Field<DistributionOf<number>> = {
  ...anyForm,
  read: (value, path, reading) => {
    if (!isRecord(value) || formOf(value) !== undefined) return anyForm.read(value, path, reading);
    const expected = `${description}${keyHint(value, Object.keys(forms))}`;
    addIssue(reading, { field: path, value, expected, rule: anyForm.rule });
    return undefined;
  },
};

function formOf(value: object): Field<DistributionOf<number>> | undefined {
  return Object.entries(forms).find(([key]) => Object.hasOwn(value, key))?.[1];
}

/** Returns the distribution as the simulator takes it. */
export function toDistribution(drawn: DistributionOf<number>): Distribution {
  if (typeof drawn === "number" || "from" in drawn) return drawn;
  if ("exponential" in drawn) return { kind: "exponential", meanMs: drawn.exponential };
  if ("weibull" in drawn) {
    return { kind: "weibull", scaleMs: drawn.weibull, shape: drawn.shape };
  }
  if ("lognormal" in drawn) {
    return { kind: "lognormal", medianMs: drawn.lognormal, sigma: drawn.sigma };
  }
  return { kind: "empirical", ms: drawn.measured };
}

/** Returns the distribution as a scenario writes it. */
export function fromDistribution(drawn: Distribution): DistributionOf<number> {
  if (typeof drawn === "number" || "from" in drawn) return drawn;
  switch (drawn.kind) {
    case "exponential":
      return { exponential: drawn.meanMs };
    case "weibull":
      return { weibull: drawn.scaleMs, shape: drawn.shape };
    case "lognormal":
      return { lognormal: drawn.medianMs, sigma: drawn.sigma };
    case "empirical":
      return { measured: drawn.ms };
  }
}

function form<T extends object>(of: RecordFields<T>): Field<T> {
  return record<T>({ ...named("scenario-distribution"), of });
}
