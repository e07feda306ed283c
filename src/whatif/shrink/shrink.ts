import type { Scenario } from "../../scenario/format/scenario.js";
import { type OwnParts, prepareDesign } from "../future/design.js";
import { playFuture } from "../future/playFuture.js";
import { exceptionName, type Failure, FailureCheck, failureOf } from "./failure.js";
import { withPlannedFaults } from "./plannedFaults.js";
import { Reducer } from "./reducers.js";

/** Options of shrinking. */
export interface ShrinkOptions {
  /** The expectation that the future breaks. Default: the first that it breaks. */
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
 */
export function shrink(
  scenario: Scenario,
  seed: number,
  options: ShrinkOptions = {},
): Shrunk | undefined {
  const { own = {}, maxRuns = 300 } = options;
  const expectation = options.expectation ?? firstFailure(scenario, seed, own);
  if (expectation === undefined) return undefined;
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

/** The first expectation that a future breaks. */
function firstFailure(scenario: Scenario, seed: number, own: OwnParts): string | undefined {
  try {
    const future = playFuture(prepareDesign(scenario, own), seed);
    const names = [...Object.keys(scenario.expect ?? {}), ...Object.keys(own.properties ?? {})];
    return names.find((name) => failureOf(name, scenario, future) !== undefined);
  } catch {
    return exceptionName;
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
