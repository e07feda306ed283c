import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { assertScenario } from "../scenario/format/assertScenario.js";
import { baseDesign, designsOf } from "../scenario/format/designs.js";
import { scenario as parseScenario } from "../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../scenario/format/scenario.js";
import type { Comparison } from "../statistics/comparison.js";
import type { Json } from "../wire/json.js";
import { assertInput, assertResults } from "./assertInput.js";
import type { Engine, EngineReport } from "./compiled/engine.js";
import { dataScenario } from "./dataScenario.js";
import { unknownName } from "./ensemble/ensembleError.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import type { ScenarioReference } from "./ensemble/ensembleSpec.js";
import { type EnsembleSummary, summarize } from "./ensemble/ensembleSummary.js";
import {
  compareDesigns,
  figuresOf,
  type MeasureFigures,
  sketchHasNoValues,
} from "./ensemble/figures.js";
import {
  type EnsemblePlan,
  type PreparedEnsemble,
  prepareEnsemble,
} from "./ensemble/prepareEnsemble.js";
import {
  type EnsembleRun,
  type RunOptions,
  runEnsemble,
  type StopRule,
  untilDecided,
  untilHalfWidth,
} from "./ensemble/runEnsemble.js";
import {
  measuresOfDesign,
  reportDecisions,
  reportHalfWidths,
  type StopReport,
} from "./ensemble/stopReport.js";
import { checkExpectations, type ExpectationVerdict, figureExpectations } from "./expectations.js";
import { assertOwnParts, type OwnParts, prepareDesign } from "./future/design.js";
import { type Future, runFuture } from "./future/runFuture.js";

import { type ParameterSensitivity, sensitivityOf } from "./sweep.js";

/** Options of a run. */
export interface WhatIfRunOptions
  extends Omit<RunOptions, "stopWhen">,
    Pick<EnsemblePlan, "firstSeed" | "designs" | "shardSize" | "keep"> {
  /** Futures of each design. Default 1,000. */
  readonly futures?: number;
  /**
   * Ends earlier, at doubling checkpoints: when the means are known to this share (`0.05` for ± 5 %), of the measure
   * `of` or of all; or when all expectations are decided.
   */
  readonly until?: { readonly halfWidth: number; readonly of?: string } | "decided";
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
  const { futures = 1000, until, firstSeed, designs, shardSize, keep, engine, ...others } = options;
  if (until === "decided" && keep === "sketch") throw sketchHasNoValues("decide expectations");
  assertMeasured(scenario, own, until);
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

/** Refuses to wait for a measure that no design has: it would never be known. */
function assertMeasured(scenario: Scenario, own: OwnParts, until: WhatIfRunOptions["until"]): void {
  if (typeof until !== "object" || until.of === undefined) return;
  const ofDesigns = designsOf(scenario).flatMap((design) =>
    Object.keys(design.scenario.measures ?? {}),
  );
  const names = [...new Set([...ofDesigns, ...Object.keys(own.measures ?? {})])];
  if (!names.includes(until.of)) throw unknownName("measure", until.of, names);
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

/** Returns the rule that ends a run early, where one is wished. */
export function stopRule(
  scenario: Scenario,
  until: WhatIfRunOptions["until"],
): StopRule | undefined {
  if (until === undefined) return undefined;
  if (until === "decided") return untilDecided(Object.values(figureExpectations(scenario)).flat());
  const { halfWidth, of } = until;
  return (results, look) => {
    const [design = baseDesign] = results.spec.designs;
    const measures = of === undefined ? measuresOfDesign(results, design) : [of];
    return untilHalfWidth({ halfWidth, measures })(results, look);
  };
}

/** Returns what a run waited for that was to end early; undefined where nothing was wished. */
export function stopReport(
  scenario: Scenario,
  until: WhatIfRunOptions["until"],
  { results, shards }: Pick<EnsembleRun, "results" | "shards">,
): StopReport | undefined {
  if (until === undefined || shards === 0 || !isWhole(results, shards)) return undefined;
  return until === "decided"
    ? reportDecisions(results, figureExpectations(scenario), shards)
    : reportHalfWidths(results, { ...until, shards });
}

function isWhole(results: EnsembleResults, shards: number): boolean {
  return results.prefix >= shards;
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
    return checkExpectations(this.scenario, this.results, { shards: this.shards });
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
    const expectations = Object.entries(figureExpectations(this.scenario)).flatMap(
      ([name, bounds]) =>
        bounds.map((bound, index) => [index === 0 ? name : `${name} (at least)`, bound] as const),
    );
    const summary = summarize(this.results, {
      shards: this.shards,
      expectations: Object.fromEntries(expectations),
    });
    return this.stop === undefined ? summary : { ...summary, stop: this.stop };
  }

  get #first(): string {
    return this.results.spec.designs[0] ?? baseDesign;
  }
}
