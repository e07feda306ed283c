import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { assertScenario } from "../scenario/format/assertScenario.js";
import { baseDesign, designsOf } from "../scenario/format/designs.js";
import { scenario as parseScenario } from "../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../scenario/format/scenario.js";
import type { Comparison } from "../statistics/comparison.js";
import type { LimitVerdict } from "../statistics/verdict.js";
import type { Json } from "../wire/json.js";
import { assertInput, assertResults } from "./assertInput.js";
import type { Engine, EngineReport } from "./compiled/engine.js";
import { dataScenario } from "./dataScenario.js";
import { EnsembleError, unknownName } from "./ensemble/ensembleError.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import type { ScenarioReference } from "./ensemble/ensembleSpec.js";
import { type EnsembleSummary, summarize } from "./ensemble/ensembleSummary.js";
import { compareDesigns, figuresOf, type MeasureFigures } from "./ensemble/figures.js";
import {
  type EnsemblePlan,
  type PreparedEnsemble,
  prepareEnsemble,
} from "./ensemble/prepareEnsemble.js";
import { type RunOptions, runEnsemble } from "./ensemble/runEnsemble.js";
import type { StopReport } from "./ensemble/stopReport.js";
import { checkExpectations, type ExpectationVerdict, needsValues } from "./expectations.js";
import { assertOwnParts, type OwnParts, prepareDesign } from "./future/design.js";
import { type Future, runFuture } from "./future/runFuture.js";

import { type ParameterSensitivity, sensitivityOf } from "./sweep.js";
import { assertUntil, stopReport, stopRule, type Until, verdictConfidence } from "./until.js";

/** Options of a run. */
export interface WhatIfRunOptions
  extends Omit<RunOptions, "stopWhen">,
    Pick<EnsemblePlan, "firstSeed" | "designs" | "shardSize" | "keep"> {
  /** Futures of each design. Default 1,000. */
  readonly futures?: number;
  /** Ends earlier. Default: after all futures. */
  readonly until?: Until;
  /** Engine of the futures. Default "auto": from tables wherever a design allows it. */
  readonly engine?: Engine;
}

const runOptionNames: OptionNames<WhatIfRunOptions> = {
  futures: true,
  until: true,
  engine: true,
  firstSeed: true,
  designs: true,
  shardSize: true,
  keep: true,
  executor: true,
  signal: true,
  results: true,
  shards: true,
  onResult: true,
  onProgress: true,
};

/** A question that is ready to be asked. */
export interface WhatIf {
  readonly scenario: Scenario;
  /** Names of the designs; the first is the scenario as it is. */
  readonly designs: readonly string[];
  /**
   * Runs futures of all designs, each on the same seeds.
   * @throws InvalidInputError for an unknown option
   */
  run(options?: WhatIfRunOptions): Promise<WhatIfAnswer>;
  /** Runs one future with its journal, to look at. Default design: the scenario as it is. */
  future(seed: number, design?: string): Future;
}

/**
 * Compares the designs of a scenario over many futures: estimates its measures and gives verdicts on its
 * expectations.
 *
 * @example
 * ```ts
 * import { whatIf } from "replication-simulator/whatif";
 *
 * const answer = await whatIf({
 *   scenario: 1,
 *   topology: { orders: { kind: "set", replicas: 1 } },
 *   random: { crashes: { fault: "crash", of: "orders", every: "30d", timeToRepair: "1h" } },
 *   horizon: "90d",
 *   measures: { down: { measure: "writesDown", of: "orders" } },
 * }).run({ futures: 20 });
 * console.log(answer.figures("down").kind); // number
 * ```
 * @param input - a scenario with measures, and optional designs and expectations
 * @param own - measures and properties that are functions, which no file can hold
 * @returns the question; `run` answers it
 * @throws InvalidInputError with every problem of the scenario and of its designs
 */
export function whatIf(input: ScenarioInput, own: OwnParts = {}): WhatIf {
  assertOwnParts(own);
  const scenario = parseScenario(input);
  const designs = designsOf(scenario);
  const names = designs.map(({ name }) => name);
  return {
    scenario,
    designs: names,
    run: (options = {}) => run(scenario, own, options),
    future: (seed, design = baseDesign) => {
      const found = designs.find(({ name }) => name === design);
      if (found === undefined) throw unknownName("design", design, names);
      return runFuture(prepareDesign(found.scenario, own, { journal: true }), seed);
    },
  };
}

async function run(
  scenario: Scenario,
  own: OwnParts,
  options: WhatIfRunOptions,
): Promise<WhatIfAnswer> {
  assertKnownOptions(options, runOptionNames);
  assertUntil(options.until, [
    ...Object.keys(scenario.measures ?? {}),
    ...Object.keys(own.measures ?? {}),
  ]);
  if (options.keep === "sketch") assertSketchAnswers(scenario);
  const { futures = 1000, until, firstSeed, designs, shardSize, keep, engine, ...others } = options;
  const plan: EnsemblePlan = {
    scenario: dataReference(scenario, engine),
    futures,
    ...(firstSeed === undefined ? {} : { firstSeed }),
    ...(designs === undefined ? {} : { designs }),
    ...(shardSize === undefined ? {} : { shardSize }),
    ...(keep === undefined ? {} : { keep }),
  };
  const prepared = await prepareEnsemble(plan, () =>
    dataScenario(scenario, own, engine === undefined ? {} : { engine }),
  );
  const stopWhen = stopRule(scenario, until);
  const ran = await runEnsemble(prepared, {
    ...others,
    ...(stopWhen === undefined ? {} : { stopWhen }),
  });
  const stop = stopReport(scenario, until, ran);
  return new WhatIfAnswer(scenario, ran.results, { ...ran, engines: enginesOf(prepared), stop });
}

/** Refuses an expectation that a sketch cannot answer, before anything runs. */
function assertSketchAnswers(scenario: Scenario): void {
  for (const design of designsOf(scenario)) {
    const name = needsValues(design.scenario);
    if (name === undefined) continue;
    throw new EnsembleError(
      "spec-input",
      `expect.${name} of design ${design.name} needs every value, which a sketch does not keep; run with keep: "values"`,
      { field: "keep", value: "sketch", allowed: "values" },
    );
  }
}

/** A scenario as part of an ensemble. */
export function dataReference(scenario: Scenario, engine: Engine = "auto"): ScenarioReference {
  const data = scenario as unknown as Json;
  return engine === "auto" ? { data } : { data, engine };
}

/** Returns the engine of each design of an ensemble. */
export function enginesOf({
  scenario: { engineOf },
  spec,
}: PreparedEnsemble): Readonly<Record<string, EngineReport>> {
  if (engineOf === undefined) return {};
  return Object.fromEntries(spec.designs.map((design) => [design, engineOf(design)]));
}

/** The answer of many futures. */
export class WhatIfAnswer {
  readonly scenario: Scenario;
  readonly results: EnsembleResults;
  /** Number of first shards that the figures use. */
  readonly shards: number;
  /** Whether everything that was asked for is there. */
  readonly isComplete: boolean;
  /** Engine of each design; empty if unknown, as after a merge. */
  readonly engines: Readonly<Record<string, EngineReport>>;
  /** What the run waited for; undefined where it was not to end early, as after a merge. */
  readonly stop: StopReport | undefined;

  /** An answer made of results, as a run or a merge gives them. */
  constructor(
    scenario: Scenario,
    results: EnsembleResults,
    part: {
      readonly shards: number;
      readonly isComplete: boolean;
      readonly engines?: Readonly<Record<string, EngineReport>>;
      readonly stop?: StopReport | undefined;
    },
  ) {
    assertScenario(scenario);
    assertResults(results);
    assertInput(
      part,
      { field: "part", expected: "an object with shards and isComplete" },
      "shards",
    );
    this.scenario = scenario;
    this.results = results;
    this.shards = part.shards;
    this.isComplete = part.isComplete;
    this.engines = part.engines ?? {};
    this.stop = part.stop;
  }

  /** Names of the designs that were run. */
  get designs(): readonly string[] {
    return this.results.spec.designs;
  }

  /** Futures of each design. */
  get futures(): number {
    return this.results.futures(this.shards);
  }

  /** The figures of a measure: mean or quantiles with intervals, and the worst seeds. */
  figures(measure: string, design = this.#first): MeasureFigures {
    return figuresOf(this.results, design, measure, { shards: this.shards });
  }

  /** A design beside another one, future by future: the ratio first, then the difference. */
  compare(design: string, measure: string, baseline = this.#first): Comparison {
    return compareDesigns(this.results, { baseline, design, measure }, { shards: this.shards });
  }

  /** The verdict on every expectation in every design. */
  expectations(): readonly ExpectationVerdict[] {
    const confidence = verdictConfidence(this.results, this.stop?.until);
    return checkExpectations(this.scenario, this.results, { shards: this.shards, confidence });
  }

  /** By how many percent the mean of a measure changes where each parameter of `vary` grows by one percent. */
  sensitivity(measure: string): readonly ParameterSensitivity[] {
    return sensitivityOf(this.scenario, this.results, measure, { shards: this.shards });
  }

  /** Seeds with the largest values: exhibits to look at, not estimates. */
  worst(measure: string, design = this.#first): MeasureFigures["worst"] {
    return this.figures(measure, design).worst;
  }

  /** All figures as plain data. */
  summary(): EnsembleSummary {
    const summary = summarize(this.results, { shards: this.shards });
    const verdicts = this.expectations();
    const designs = Object.entries(summary.designs).map(([design, figures]) => {
      const ofDesign = verdicts.filter((verdict) => verdict.design === design);
      const expectations = ofDesign.map(
        (verdict) => [verdict.name, limitVerdictOf(verdict)] as const,
      );
      return [design, { ...figures, expectations: Object.fromEntries(expectations) }] as const;
    });
    return {
      ...summary,
      designs: Object.fromEntries(designs),
      ...(this.stop === undefined ? {} : { stop: this.stop }),
    };
  }

  get #first(): string {
    return this.results.spec.designs[0] ?? baseDesign;
  }
}

function limitVerdictOf({
  verdict,
  value,
  interval,
  confidence,
  futuresToDecide,
}: ExpectationVerdict): LimitVerdict {
  return { verdict, value, interval, confidence, futuresToDecide };
}
