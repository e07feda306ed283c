import { InvalidInputError } from "../../domain/errors.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import { distributionAfter, stationaryDistribution } from "../../statistics/markovChain.js";
import { type ExplorationBounds, exploreScenario, type StateSpace } from "./stateSpace.js";

/** What holds exactly of one expectation. */
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
}

/** More states than this take minutes to solve: a multiplication of matrices is n^3. */
export const maxSolvedStates = 300;

/**
 * Solves a scenario as a Markov chain: all states that it reaches, with the rates of its exponential durations. No future
 * is played, so that nothing is uncertain.
 *
 * @throws InvalidInputError `exact-scenario`, `exact-states`; `exact-distribution` for a duration that is reached and is
 * not exponential
 */
export function solveScenario(
  scenario: Scenario,
  { maxStates = maxSolvedStates }: Pick<ExplorationBounds, "maxStates"> = {},
): ExactAnswer {
  const { horizon } = scenario;
  if (horizon === undefined) {
    const expected = "a duration";
    throw new InvalidInputError([
      { field: "horizon", value: horizon, expected, rule: "exact-scenario" },
    ]);
  }
  const space = exploreScenario(scenario, { maxStates });
  const rates = ratesOf(space);
  const shares = stationaryDistribution(rates);
  const sumWhere = (values: readonly number[], name: string): number =>
    values.reduce(
      (sum, value, state) => (space.states[state]?.holds.has(name) === true ? sum + value : sum),
      0,
    );
  return {
    states: space.states.length,
    transitions: space.states.reduce((sum, { transitions }) => sum + transitions.length, 0),
    figures: space.watched.map((name) => {
      // A state in which it holds is not left: who has come there stays counted.
      const absorbing = rates.map((row, state) =>
        space.states[state]?.holds.has(name) === true ? row.map(() => 0) : row,
      );
      const probability = sumWhere(distributionAfter(absorbing, horizon), name);
      return { name, probability, longRunShare: shares ? sumWhere(shares, name) : null };
    }),
  };
}

function ratesOf({ states }: StateSpace): readonly (readonly number[])[] {
  return states.map(({ transitions }) => {
    const row = states.map(() => 0);
    for (const { to, event, distribution, factor, outOf } of transitions) {
      const isExponential =
        distribution !== null &&
        typeof distribution === "object" &&
        "kind" in distribution &&
        distribution.kind === "exponential";
      if (!isExponential || factor === 0) {
        const expected =
          "an exponential duration, such as { exponential: 35s }; of other durations `whatif run` gives intervals";
        throw new InvalidInputError([
          { field: event, value: distribution, expected, rule: "exact-distribution" },
        ]);
      }
      row[to] = (row[to] ?? 0) + 1 / (distribution.meanMs * factor * outOf);
    }
    return row;
  });
}
