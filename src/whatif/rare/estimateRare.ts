import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { baseDesign } from "../../scenario/format/designs.js";
import { scenario as parseScenario } from "../../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../../scenario/format/scenario.js";
import { relativeHalfWidth } from "../../statistics/interval.js";
import { type Verdict, verdictOf } from "../../statistics/verdict.js";
import type { Json } from "../../wire/json.js";
import { assertInput, assertRareAnswer, assertResults } from "../assertInput.js";
import type { EngineReport } from "../compiled/engine.js";
import { EnsembleError } from "../ensemble/ensembleError.js";
import type { EnsembleResults } from "../ensemble/ensembleResults.js";
import { type PreparedEnsemble, prepareEnsemble } from "../ensemble/prepareEnsemble.js";
import { type RunOptions, runEnsemble, type StopRule } from "../ensemble/runEnsemble.js";
import { assertLevelOf, parseRarePlan, type RarePlan } from "./parseRarePlan.js";
import { factorsFrom, type Pilot, runPilot } from "./pilot.js";
import { type RareEvent, rareEventsOf } from "./rareEvent.js";
import { type RareFigure, rareFigure } from "./rareFigure.js";
import { type RareSetup, rareScenario, scenarioOfDesign } from "./rareScenario.js";
import { RootWorlds } from "./rootWorlds.js";

const planNames: OptionNames<RarePlan> = {
  event: true,
  design: true,
  level: true,
  method: true,
  roots: true,
  firstSeed: true,
  until: true,
  copies: true,
  scaleMs: true,
  engine: true,
  shape: true,
  factors: true,
  shardSize: true,
};

/** A rare event that is ready to be estimated. */
export interface PreparedRare {
  readonly scenario: Scenario;
  readonly event: RareEvent;
  readonly setup: RareSetup;
  readonly ensemble: PreparedEnsemble;
  readonly pilot: Pilot;
  readonly engine: EngineReport;
  readonly stopWhen: StopRule | undefined;
}

/** Options of `estimateRare`. */
export interface RareOptions
  extends RarePlan,
    Omit<RunOptions, "stopWhen" | "shards" | "results"> {}

const optionNames: OptionNames<RareOptions> = {
  ...planNames,
  executor: true,
  signal: true,
  onResult: true,
  onProgress: true,
};

/** The probability of an event within the horizon of a scenario, or what fell short. */
export interface RareAnswer {
  readonly scenario: Scenario;
  readonly event: RareEvent;
  readonly setup: RareSetup;
  /** How roots were computed. */
  readonly engine: EngineReport;
  readonly figure: RareFigure;
  readonly results: EnsembleResults | null;
  /** Number of first shards that the figure uses. */
  readonly shards: number;
  /** Whether everything that was asked for is there. */
  readonly isComplete: boolean;
}

/** Roots at most where nothing is asked. */
export const defaultRoots = 20_000;
/** Roots of a shard: a second of work at most, so that a run can end soon after it knows enough. */
const rootsOfShard = 50;
/** Half the width of an interval, as a share of the probability, at which an estimate ends. */
export const defaultUntil = 0.1;

/**
 * Estimates the probability that a rare event happens within the horizon of a scenario: one of an expectation that says
 * that it must never happen, or only in a share of futures.
 *
 * @example
 * ```ts
 * import { estimateRare } from "replication-simulator/whatif";
 *
 * const { figure } = await estimateRare(
 *   {
 *     scenario: 1,
 *     topology: { orders: { kind: "group", replicas: 1 } },
 *     random: { crashes: { fault: "crash", of: "orders", every: { exponential: "90d" }, timeToRepair: "1h" } },
 *     horizon: "30d",
 *     expect: { written: { never: "writesDown", of: "orders", for: "30m" } },
 *   },
 *   { roots: 20 },
 * );
 * console.log(figure.kind === "estimate" || figure.reasons.length > 0); // true
 * ```
 * @param input - a scenario with a rare event among its expectations
 * @param options - the event, the method and the number of roots
 * @returns the estimate, or the reasons why there is none
 * @throws InvalidInputError `rare-plan`, `rare-event`, `rare-scenario`, and every problem of the scenario
 */
export async function estimateRare(
  input: ScenarioInput,
  options: RareOptions = {},
): Promise<RareAnswer> {
  assertKnownOptions(options, optionNames);
  const { executor, signal, onResult, onProgress, ...plan } = options;
  const rare = await prepareRare(input, plan);
  if (rare.pilot.departures === 0) return answerOf(rare, null);
  const { stopWhen } = rare;
  const ran = await runEnsemble(rare.ensemble, {
    ...(executor === undefined ? {} : { executor }),
    ...(signal === undefined ? {} : { signal }),
    ...(onResult === undefined ? {} : { onResult }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(stopWhen === undefined ? {} : { stopWhen }),
  });
  return answerOf(rare, ran);
}

/**
 * Plans an estimate: builds the topology and runs a pilot, whose figures every worker is given.
 *
 * @throws InvalidInputError `rare-plan`, `rare-event`, `rare-scenario`, and every problem of the scenario
 */
export async function prepareRare(
  input: ScenarioInput,
  plan: RarePlan = {},
): Promise<PreparedRare> {
  const checked = parseRarePlan(plan);
  const {
    design = baseDesign,
    level = "copies",
    method = "forced",
    roots = defaultRoots,
    firstSeed = 0,
    until = defaultUntil,
    copies = 4,
    engine = "auto",
    shape = 1,
    shardSize = rootsOfShard,
  } = checked;
  const whole = parseScenario(input);
  const scenario = scenarioOfDesign(whole, design);
  const [event] = rareEventsOf(scenario, checked.event);
  if (event === undefined) throw new RangeError("rareEventsOf returns one event or throws");
  assertLevelOf(scenario, level);
  const worlds = new RootWorlds({ scenario, event, level, engine });
  const { pilot, factors } = worlds.use((begin) => {
    const found = runPilot((seed) => begin(`${String(firstSeed)}/${seed}`));
    const split = checked.factors ?? (method === "restart" ? factorsFrom(found) : []);
    return { pilot: found, factors: split };
  });
  if (engine === "compiled") refuseSimulator(worlds.report.reason);
  const setup: RareSetup = {
    scenario: whole,
    design,
    event: event.name,
    level,
    method,
    copies,
    scaleMs: checked.scaleMs ?? scaleOf(pilot),
    shape,
    factors,
    engine,
  };
  const ensemble = await prepareEnsemble(
    {
      scenario: { rare: setup as unknown as Json },
      futures: roots,
      firstSeed,
      shardSize,
    },
    () => rareScenario(setup, worlds),
  );
  const stopWhen = until === null ? undefined : untilKnown(setup, until);
  return { scenario, event, setup, ensemble, pilot, stopWhen, engine: worlds.report };
}

/**
 * Twice the mean length of an excursion. The mean itself gives about the same variance, but values that are two to three
 * times as skewed, and so intervals that hold less often.
 */
function scaleOf({ excursionMs }: Pilot): number {
  return excursionMs === null ? 1 : 2 * excursionMs;
}

function refuseSimulator(reason: string | undefined): void {
  if (reason === undefined) return;
  const allowed = "auto or simulator";
  const message = `roots cannot be compiled: ${reason}; allowed: ${allowed}`;
  throw new EnsembleError("engine", message, { field: "engine", value: "compiled", allowed });
}

/**
 * Makes the answer of results that are there, as of files that were merged.
 *
 * @throws EnsembleError `scenario-source` for results of anything but a rare event
 */
export async function rareAnswerOf(
  results: EnsembleResults,
  part: { readonly shards: number; readonly isComplete: boolean },
): Promise<RareAnswer> {
  assertResults(results);
  assertInput(part, { field: "part", expected: "an object with shards and isComplete" }, "shards");
  const { shards, isComplete } = part;
  const { scenario, seeds, shardSize } = results.spec;
  if (!("rare" in scenario)) {
    throw new EnsembleError("scenario-source", "these are no results of a rare event");
  }
  const { scenario: question, ...setup } = scenario.rare as unknown as RareSetup;
  const plan = { ...setup, roots: seeds.count, firstSeed: seeds.first, shardSize, until: null };
  const prepared = await prepareRare(question, plan);
  return answerOf(prepared, { results, shards, isComplete });
}

/**
 * Returns whether the probability is what an expectation allows; null where there is no figure. What must never happen is
 * not met where there is one: the event has happened in a path.
 */
export function rareVerdict(answer: RareAnswer): Verdict | null {
  assertRareAnswer(answer);
  const { event, figure } = answer;
  if (figure.kind !== "estimate") return null;
  const { atMost, atLeast } = event;
  const verdicts = [
    ...(atMost === null ? [] : [verdictOf(figure.interval, { atMost })]),
    ...(atLeast === null ? [] : [verdictOf(figure.interval, { atLeast })]),
  ];
  if (verdicts.includes("not met")) return "not met";
  return verdicts.includes("undecided") ? "undecided" : "met";
}

/**
 * Returns the expectations of a scenario that are no event, and why. Where an answer to some event is missing, only the
 * events that were named count, and there are none.
 */
export function expectationsBesideEvents(
  scenario: Scenario,
  answered: readonly string[],
): readonly { readonly name: string; readonly reason: string }[] {
  const events = rareEventsOf(scenario).map(({ name }) => name);
  if (events.some((name) => !answered.includes(name))) return [];
  return Object.keys(scenario.expect ?? {})
    .filter((name) => !events.includes(name))
    .map((name) => ({ name, reason: "it is no event; whatif run checks it" }));
}

/** Returns the answer that the results of a run give; without results: the pilot left health in no path. */
export function answerOf(
  { scenario, event, setup, pilot, engine }: PreparedRare,
  ran: {
    readonly results: EnsembleResults;
    readonly shards: number;
    readonly isComplete: boolean;
  } | null,
): RareAnswer {
  const about = { scenario, event, setup, engine };
  if (ran === null) {
    const none = { values: [], departures: [], hits: [], direct: [pilot.hits] };
    const { reasons, ...roots } = rareFigure(none, setup.method) as Extract<
      RareFigure,
      { readonly kind: "shortfall" }
    >;
    const figure = { ...roots, roots: pilot.roots, reasons };
    return { ...about, figure, results: null, shards: 0, isComplete: true };
  }
  return { ...about, figure: figureOfRoots(ran.results, setup, ran.shards), ...ran };
}

/** The figure that the first shards of an ensemble of roots give. */
export function figureOfRoots(
  results: EnsembleResults,
  { method }: Pick<RareSetup, "method">,
  shards: number,
): RareFigure {
  const failure = results.failuresOf(baseDesign, shards)[0];
  if (failure !== undefined) {
    const message = `root ${String(failure.seed)} failed: ${failure.error}`;
    throw new EnsembleError("measure-value", message, { field: "seed", value: failure.seed });
  }
  const column = (name: string): Float64Array => results.column(baseDesign, name, shards).values;
  return rareFigure(
    {
      values: column("value"),
      departures: column("departures"),
      hits: column("hits"),
      direct: column("direct"),
    },
    method,
  );
}

/** Ends a run when the guards hold and the interval is narrow enough. */
function untilKnown(setup: RareSetup, halfWidth: number): StopRule {
  return (results, { shards }) => {
    const figure = figureOfRoots(results, setup, shards);
    return (
      figure.kind === "estimate" &&
      relativeHalfWidth(figure.probability, figure.interval) <= halfWidth
    );
  };
}
