import { InvalidInputError } from "../../model/errors.js";
import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import { assertScenario } from "../../scenario/format/assertScenario.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import {
  distributionAfter,
  occupancy,
  stationaryDistribution,
} from "../../statistics/markovChain.js";
import { type ExactVerdict, exactVerdicts, totalOf, withTotals } from "./exactVerdicts.js";
import {
  assertMaxStates,
  type ExplorationBounds,
  exploreScenario,
  type MeasuredPart,
  type StateSpace,
  type Transition,
} from "./stateSpace.js";

/** Exact probability of a condition that must never hold. */
export interface ExactFigure {
  readonly name: string;
  /** Probability that its condition holds at some moment between time 0 and the horizon. */
  readonly probability: number;
  /** Share of time in which it holds in the long run; null where some state is never left. */
  readonly longRunShare: number | null;
}

/** Exact answers of a scenario. */
export interface ExactAnswer {
  readonly states: number;
  readonly transitions: number;
  readonly figures: readonly ExactFigure[];
  readonly measures: readonly ExactMeasure[];
  /** The verdict on every expectation. */
  readonly expectations: readonly ExactVerdict[];
  /** Measures that states and events do not give, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Exact mean of a measure over all futures. */
export interface ExactMeasure {
  readonly name: string;
  /** From the end of the warm-up to the horizon; of `interruptions` how many begin. */
  readonly expected: number;
  /** The same in the long run, for as much time; null where some state is never left. */
  readonly longRun: number | null;
}

/** More states than this take minutes to solve: a multiplication of matrices is n^3. */
export const maxSolvedStates = 300;

/** The largest bound of states to solve: 432 MB, and a thousand times the time of 300. */
export const largestSolvedStates = 3000;

/** Memory of a solution in MB: six matrices of numbers while they are multiplied. */
export function solvedMegabytes(states: number): number {
  return Math.ceil((6 * 8 * states ** 2) / 1e6);
}

/**
 * Refuses a bound of states that cannot be solved.
 * @throws InvalidInputError `exact-states`
 */
export function assertSolvable(maxStates: number | undefined): void {
  const memory = `${String(solvedMegabytes(largestSolvedStates))} MB of matrices`;
  assertMaxStates(
    maxStates,
    largestSolvedStates,
    `${memory}, and the time grows with the third power`,
  );
}

/**
 * Solves a scenario as a Markov chain: all states that it reaches, with the rates of its exponential durations. No future
 * is run, so that nothing is uncertain.
 *
 * @throws InvalidInputError `exact-scenario`, `exact-states`; `exact-distribution` for a duration that is reached and is
 * not exponential
 */
export function solveScenario(
  scenario: Scenario,
  bounds: Pick<ExplorationBounds, "maxStates"> = {},
): ExactAnswer {
  assertKnownOptions(bounds, ["maxStates"], "bounds");
  assertScenario(scenario);
  assertSolvable(bounds.maxStates);
  const { maxStates = maxSolvedStates } = bounds;
  const { horizon } = scenario;
  if (horizon === undefined) {
    const expected = "a duration";
    throw new InvalidInputError([
      { field: "horizon", value: horizon, expected, rule: "exact-scenario" },
    ]);
  }
  if ((scenario.steps ?? []).length > 0) {
    const expected = "none: only random faults have rates";
    throw new InvalidInputError([
      { field: "steps", value: scenario.steps?.length, expected, rule: "exact-scenario" },
    ]);
  }
  const space = exploreScenario(withTotals(scenario), { maxStates });
  const rates = ratesOf(space);
  const shares = stationaryDistribution(rates);
  const sumWhere = (values: readonly number[], name: string): number =>
    values.reduce(
      (sum, value, state) => (space.states[state]?.holds.has(name) === true ? sum + value : sum),
      0,
    );
  const { warmUp = 0 } = scenario;
  const timeMs = Math.max(0, horizon - warmUp);
  const times = occupancy(rates, { afterMs: warmUp, timeMs });
  const figures = space.watched.map((name) => {
    // A state in which it holds is not left: who has come there stays counted.
    const absorbing = rates.map((row, state) =>
      space.states[state]?.holds.has(name) === true ? row.map(() => 0) : row,
    );
    const probability = sumWhere(distributionAfter(absorbing, horizon), name);
    return { name, probability, longRunShare: shares ? sumWhere(shares, name) : null };
  });
  const expected = new Map(
    space.measured.map((part) => [part.name, expectedOf(space, part, times)] as const),
  );
  const isNamed = ({ name }: MeasuredPart): boolean => scenario.measures?.[name] !== undefined;
  const longRunTimes = shares?.map((share) => share * timeMs);
  return {
    measures: space.measured.filter(isNamed).map((part) => ({
      name: part.name,
      expected: expected.get(part.name) ?? 0,
      longRun: longRunTimes === undefined ? null : expectedOf(space, part, longRunTimes),
    })),
    expectations: exactVerdicts(scenario, {
      space,
      rates,
      rateOf: (state, place) => {
        const transition = space.states[state]?.transitions[place];
        return transition === undefined ? 0 : rateOf(transition);
      },
      maxStates,
      probabilities: new Map(figures.map(({ name, probability }) => [name, probability])),
      // The mean of interruptions is that of their time in a future, as everywhere else.
      expected: new Map(
        [...expected].map(([name, value]) => [name, expected.get(totalOf(name)) ?? value]),
      ),
    }),
    leftOut: leftOut(scenario, space),
    states: space.states.length,
    transitions: space.states.reduce((sum, { transitions }) => sum + transitions.length, 0),
    figures,
  };
}

/** Returns the expected value of a part of a measure, from the time in each state. */
function expectedOf(
  { states }: StateSpace,
  { kind, at, unit }: MeasuredPart,
  times: readonly number[],
): number {
  const total = states.reduce((sum, { levels, transitions }, state) => {
    const time = times[state] ?? 0;
    if (kind === "level") return sum + time * (levels[at] ?? 0);
    return transitions.reduce(
      (counted, transition) => counted + time * (transition.counts[at] ?? 0) * rateOf(transition),
      sum,
    );
  }, 0);
  return total / unit;
}

function leftOut(scenario: Scenario, { measured }: StateSpace): ExactAnswer["leftOut"] {
  const solved = new Set(measured.map(({ name }) => name));
  return Object.entries(scenario.measures ?? {}).flatMap(([name, { measure }]) => {
    if (solved.has(name)) return [];
    const reason =
      measure === "instanceHours"
        ? "instanceHours counts instances that are being deleted, which are not part of a state"
        : `${measure} is neither the time in a state nor a number of events`;
    return [{ name, reason }];
  });
}

function ratesOf({ states }: StateSpace): readonly (readonly number[])[] {
  return states.map(({ transitions }) => {
    const row = states.map(() => 0);
    for (const transition of transitions) {
      const { to } = transition;
      row[to] = (row[to] ?? 0) + rateOf(transition);
    }
    return row;
  });
}

/** Returns the rate of a transition, per ms. */
function rateOf({ event, distribution, factor, outOf }: Transition): number {
  const isExponential =
    distribution !== null &&
    typeof distribution === "object" &&
    "kind" in distribution &&
    distribution.kind === "exponential";
  if (isExponential && factor !== 0) return 1 / (distribution.meanMs * factor * outOf);
  const expected =
    "exponential, such as { exponential: 35s } under world.latency or in random; `whatif run` takes all durations";
  throw new InvalidInputError([
    {
      field: `the duration until ${event}`,
      value: distribution,
      expected,
      rule: "exact-distribution",
    },
  ]);
}
