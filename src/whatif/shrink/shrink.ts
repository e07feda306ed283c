import { InvalidInputError } from "../../model/errors.js";
import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { assertScenario } from "../../scenario/format/assertScenario.js";
import type { ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import { assertOwnParts, type OwnParts, prepareDesign } from "../future/design.js";
import { checkedSteps, runFuture } from "../future/runFuture.js";
import { exceptionName, type Failure, FailureCheck, failureOf } from "./failure.js";
import { withPlannedFaults } from "./plannedFaults.js";
import { Reducer } from "./reducers.js";

/** Options of shrinking. */
export interface ShrinkOptions {
  /** The expectation that the future breaks. Default: of those that it breaks, the one with the fewest steps. */
  readonly expectation?: string;
  /** Runs that may be spent. Default 300. */
  readonly maxRuns?: number;
  /** Measures and properties that are functions. */
  readonly own?: OwnParts;
}

/** The smallest scenario that was found that still fails. */
export interface Shrunk {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly failure: Failure;
  /** Runs that it took. */
  readonly runs: number;
}

/**
 * Shrinks a failing future: random faults become steps, steps are left out, topology, options and horizon shrink,
 * durations become round.
 *
 * @returns undefined where the future breaks no expectation
 * @throws InvalidInputError for an unknown option, and `shrink-expectation` for an expectation that the scenario does not have
 */
export function shrink(
  scenario: Scenario,
  seed: number,
  options: ShrinkOptions = {},
): Shrunk | undefined {
  assertKnownOptions(options, ["expectation", "maxRuns", "own"]);
  assertScenario(scenario);
  const { own = {}, maxRuns = 300, expectation } = options;
  assertOwnParts(own);
  assertExpectationName(expectation, { scenario, own });
  const broken = expectation === undefined ? failuresOf(scenario, seed, own) : [expectation];
  let smallest: Shrunk | undefined;
  let runs = 0;
  for (const name of broken) {
    // One fault is as few as it takes, but for what is broken from the beginning.
    if (smallest !== undefined && stepsOf(smallest) <= 1) break;
    if (runs >= maxRuns) break;
    const shrunk = shrinkTo(name, { scenario, seed, own, maxRuns: maxRuns - runs });
    if (shrunk === undefined) continue;
    runs += shrunk.runs;
    if (smallest === undefined || stepsOf(shrunk) < stepsOf(smallest)) smallest = shrunk;
  }
  if (smallest === undefined) return undefined;
  if (expectation === undefined) {
    const about = { scenario, own, maxRuns: maxRuns - runs };
    const fewer = withFewerSteps(smallest, about);
    runs += fewer.runs;
    smallest = fewer.shrunk ?? smallest;
  }
  return { ...smallest, runs };
}

/** Refuses the name of an expectation that is none: no future breaks it. */
function assertExpectationName(
  name: string | undefined,
  { scenario, own }: { readonly scenario: Scenario; readonly own: OwnParts },
): void {
  if (name === undefined) return;
  const known = [
    ...Object.keys(scenario.expect ?? {}),
    ...Object.keys(own.properties ?? {}),
    ...checkedSteps(scenario),
    exceptionName,
  ];
  if (known.includes(name)) return;
  const expected = `one of ${known.join(", ")}${nearestHint(name, known)}`;
  const rule = "shrink-expectation";
  throw new InvalidInputError([{ field: "expectation", value: name, expected, rule }]);
}

/**
 * Tries single steps, and pairs of three or more, against all expectations: the same defect may break another one with
 * fewer steps.
 */
function withFewerSteps(
  { scenario: found, seed }: Shrunk,
  {
    scenario,
    own,
    maxRuns,
  }: Required<Omit<ShrinkOptions, "expectation">> & {
    readonly scenario: Scenario;
  },
): { readonly shrunk: Shrunk | undefined; readonly runs: number } {
  const { steps = [] } = found;
  const pairs = steps.flatMap((one, at) => steps.slice(at + 1).map((other) => [one, other]));
  const fewer = [...steps.map((one) => [one]), ...pairs].filter(
    (some) => some.length < steps.length,
  );
  // What holds at every moment, or never does: a figure that is missed can come from a shorter horizon.
  const expect = Object.fromEntries(
    Object.entries(scenario.expect ?? {}).filter(([, one]) => isOfEveryFuture(one)),
  );
  let runs = 0;
  for (const some of fewer) {
    if (runs >= maxRuns) break;
    const candidate = { ...found, steps: some, expect };
    runs += 1;
    const [name] = failuresOf(candidate, seed, own);
    if (name === undefined || name === exceptionName) continue;
    const shrunk = shrinkTo(name, { scenario: candidate, seed, own, maxRuns: maxRuns - runs });
    if (shrunk !== undefined) return { shrunk, runs: runs + shrunk.runs };
  }
  return { shrunk: undefined, runs };
}

/** Whether an expectation must hold in every future; one of own properties has no entry. */
function isOfEveryFuture(expectation: ExpectationOf<number> | undefined): boolean {
  return expectation === undefined || "holds" in expectation || "never" in expectation;
}

function stepsOf({ scenario: { steps = [] } }: Shrunk): number {
  return steps.length;
}

/** Shrinks a future that breaks one expectation. */
function shrinkTo(
  expectation: string,
  {
    scenario,
    seed,
    own,
    maxRuns,
  }: Required<Omit<ShrinkOptions, "expectation">> & {
    readonly scenario: Scenario;
    readonly seed: number;
  },
): Shrunk | undefined {
  const check = new FailureCheck(expectation, { own, maxRuns });
  const reducer = Reducer.of(onlyExpecting(scenario, expectation), { check, seed });
  if (reducer === undefined) return undefined;
  reducer.cutHorizon();
  if (scenario.random !== undefined || scenario.steps?.some(({ repeat }) => repeat !== undefined)) {
    reducer.take(() => withPlannedFaults(reducer.scenario, seed));
  }
  reducer.reduce();
  return {
    scenario: reducer.scenario,
    seed: reducer.seed,
    failure: reducer.failure,
    runs: check.runs,
  };
}

/** The expectations that a future breaks. What must hold in every future comes before the bound of a figure. */
function failuresOf(scenario: Scenario, seed: number, own: OwnParts): readonly string[] {
  try {
    const future = runFuture(prepareDesign(scenario, own), seed);
    const names = [...Object.keys(scenario.expect ?? {}), ...Object.keys(own.properties ?? {})];
    const broken = [...new Set([...names, ...future.breaks])].filter(
      (name) => failureOf(name, scenario, future) !== undefined,
    );
    const strict = broken.filter((name) => isOfEveryFuture(scenario.expect?.[name]));
    return strict.length > 0 ? strict : broken;
  } catch {
    return [exceptionName];
  }
}

/** The scenario with what the one expectation needs. */
export function onlyExpecting(scenario: Scenario, expectation: string): Scenario {
  const { expect = {}, measures = {}, designs: _, vary: __, ...rest } = scenario;
  const kept = expect[expectation];
  if (kept === undefined) return rest;
  const names = ["mean", "share", "of"].map(
    (key) => (kept as Readonly<Record<string, unknown>>)[key],
  );
  const needed = Object.entries(measures).filter(([name]) => names.includes(name));
  return {
    ...rest,
    ...(needed.length === 0 ? {} : { measures: Object.fromEntries(needed) }),
    expect: { [expectation]: kept },
  };
}
