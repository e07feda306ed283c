import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { assertScenario } from "../scenario/format/assertScenario.js";
import { baseDesign, designsOf, valueAt } from "../scenario/format/designs.js";
import type { Scenario } from "../scenario/format/scenario.js";
import { type Band, bandOverTime } from "../statistics/band.js";
import type { Elasticity } from "../statistics/elasticity.js";
import { sensitivity } from "../statistics/sensitivity.js";
import { assertResults } from "./assertInput.js";
import { assertSeeds, assertWhole, EnsembleError, unknownName } from "./ensemble/ensembleError.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import { totalsOnCommonSeeds } from "./ensemble/figures.js";
import { needsWorkload, prepareDesign } from "./future/design.js";
import { runFuture } from "./future/runFuture.js";
import { Level } from "./measures/level.js";
import type { LevelOf, MeasureFactory } from "./measures/measure.js";
import { measureFactories } from "./measures/measures.js";

/** Sensitivity of a measure to a parameter that varies. */
export interface ParameterSensitivity {
  readonly parameter: string;
  readonly elasticity: Elasticity;
}

/**
 * Returns by how many percent the mean of a measure changes where a parameter grows by one percent, for each parameter of
 * `vary` that has numbers over 0, over all points that were run. Empty where nothing of the kind varies. Futures that threw
 * at any point are left out.
 * @throws InvalidInputError for an unknown option
 */
export function sensitivityOf(
  scenario: Scenario,
  results: EnsembleResults,
  measure: string,
  options: { readonly shards?: number; readonly confidence?: number } = {},
): readonly ParameterSensitivity[] {
  assertKnownOptions(options, ["shards", "confidence"]);
  assertScenario(scenario);
  assertResults(results);
  const run = designsOf(scenario).filter(
    ({ name, point }) => point !== undefined && results.spec.designs.includes(name),
  );
  const parameters = Object.keys(scenario.vary ?? {}).flatMap((parameter) => {
    const values = run.flatMap((design) => {
      // A list may hold text such as 30m, which the scenario of the design has as a number.
      const value = valueAt(design.scenario, parameter);
      return typeof value === "number" && value > 0 ? [value] : [];
    });
    return values.length === run.length && new Set(values).size > 1 ? [{ parameter, values }] : [];
  });
  if (parameters.length === 0 || results.spec.keep === "sketch") return [];
  const columns = totalsOnCommonSeeds(
    run.map(({ name }) => results.column(name, measure, options.shards)),
  );
  const found = sensitivity(parameters, columns, options.confidence);
  return parameters.flatMap(({ parameter }, at) => {
    const elasticity = found[at];
    return elasticity === undefined ? [] : [{ parameter, elasticity }];
  });
}

/** A measure over time: what it has come to until each moment, as a band over futures. */
export interface MeasureOverTime {
  /** Time since time 0, in ms. */
  readonly moments: readonly number[];
  readonly band: Band;
}

/** Options of a measure over time. */
export interface BandOptions {
  /** Default: the scenario as it is. */
  readonly design?: string;
  /** Default 200. */
  readonly futures?: number;
  /** Default 0. */
  readonly firstSeed?: number;
  /** Moments at even distances, the horizon being the last. Default 60. */
  readonly moments?: number;
}

const bandOptionNames: OptionNames<BandOptions> = {
  design: true,
  futures: true,
  firstSeed: true,
  moments: true,
};

/**
 * Runs futures of a design and returns what a measure has come to until each moment: the mean with its intervals, for each
 * moment and for all together.
 *
 * @throws EnsembleError `design-name`; `spec-input`; `measure-names` for a measure that is no integral of a level over time
 */
export function overTime(
  scenario: Scenario,
  measure: string,
  options: BandOptions = {},
): MeasureOverTime {
  assertKnownOptions(options, bandOptionNames);
  assertScenario(scenario);
  const { design = baseDesign, futures = 200, firstSeed = 0, moments: count = 60 } = options;
  assertSeeds({ first: firstSeed, count: futures });
  assertWhole("moments", count, { min: 1, max: 10_000 });
  const designs = designsOf(scenario);
  const found = designs.find(({ name }) => name === design);
  if (found === undefined) {
    throw unknownName(
      "design",
      design,
      designs.map(({ name }) => name),
    );
  }
  const { horizon = 0, measures = {} } = found.scenario;
  const spec = measures[measure];
  const form = spec === undefined ? undefined : measureFactories[spec.measure].form;
  if (spec === undefined || form?.kind !== "level") {
    const allowed = Object.keys(measures)
      .filter((name) => isLevel(found.scenario, name))
      .join(", ");
    const message = `measure ${measure} has no course over time; allowed: ${allowed}`;
    throw new EnsembleError("measure-names", message, {
      field: "measure",
      value: measure,
      allowed,
    });
  }
  const moments = Array.from({ length: count }, (_, at) =>
    Math.round((horizon * (at + 1)) / count),
  );
  const workload = needsWorkload(found.scenario);
  const alone: Scenario = { ...found.scenario, expect: {}, measures: { [measure]: spec } };
  const prepared = prepareDesign(alone);
  const course = courseOf(form.levelOf, { moments, unit: form.unit, horizon });
  const planned = { ...prepared, workload, measures: [{ name: measure, spec, create: course }] };
  const series = Array.from({ length: futures }, (_, at) => {
    const value = runFuture(planned, firstSeed + at).outcome[measure];
    return typeof value === "number" ? [value] : (value ?? []);
  });
  return { moments, band: bandOverTime(series, { kind: "mean" }) };
}

/** Whether a measure of a scenario is the integral of a level over time. */
export function isLevel({ measures = {} }: Scenario, name: string): boolean {
  const kind = measures[name]?.measure;
  return kind !== undefined && measureFactories[kind].form?.kind === "level";
}

/** A measure whose values are what a level has come to until each moment. */
function courseOf(
  levelOf: LevelOf,
  {
    moments,
    unit,
    horizon,
  }: { readonly moments: readonly number[]; readonly unit: number; readonly horizon: number },
): MeasureFactory {
  return ({ names, things, begin, spec }) => {
    const value = (): number =>
      things.reduce((sum, measured) => sum + levelOf(names, measured, spec), 0);
    const level = new Level(value(), begin);
    const start = names.sim.now;
    const totals: number[] = [];
    const record = (until: number, isEnd = false): void => {
      for (;;) {
        const moment = moments[totals.length];
        if (moment === undefined || (isEnd ? moment > horizon : start + moment >= until)) return;
        totals.push(level.total(start + moment) / unit);
      }
    };
    return {
      after: ({ at }) => {
        record(at);
        level.set(value(), at);
      },
      end: (now) => {
        record(now, true);
        return totals;
      },
    };
  };
}
