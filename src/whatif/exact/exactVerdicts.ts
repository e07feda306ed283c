import { measureDurations } from "../../scenario/format/measureSets.js";
import type { BoundOf, ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import { distributionAfter, type Rates } from "../../statistics/markovChain.js";
import { type Verdict, verdictOf } from "../../statistics/verdict.js";
import {
  expectationKind,
  type MeasuredPart,
  type StateSpace,
  unansweredExpectations,
} from "./stateSpace.js";

/** Exact verdict on one expectation. */
export interface ExactVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  /** The figure; the probability of what must never happen. Null where states and rates do not give it. */
  readonly value: number | null;
  /** Reason why it is undecided. */
  readonly reason?: string;
}

/** A scenario that was solved. */
export interface SolvedChain {
  readonly space: StateSpace;
  readonly rates: Rates;
  /** Rate of each transition of each state, per ms. */
  readonly rateOf: (state: number, transition: number) => number;
  readonly maxStates: number;
  /** Probability that a condition which must never hold holds at some moment, by the name of the expectation. */
  readonly probabilities: ReadonlyMap<string, number>;
  /** Expected values of measures, by name; of interruptions the expected sum of their durations. */
  readonly expected: ReadonlyMap<string, number>;
}

/**
 * Returns the verdict on each expectation of a scenario. A chain gives probabilities of conditions, means, and
 * distributions of counts. It does not give how long a state lasts in one future.
 */
export function exactVerdicts(scenario: Scenario, chain: SolvedChain): readonly ExactVerdict[] {
  return Object.entries(scenario.expect ?? {}).map(([name, expectation]) => ({
    name,
    ...verdictOn(name, expectation, { scenario, chain }),
  }));
}

type VerdictWithFigure = Omit<ExactVerdict, "name">;

interface VerdictContext {
  readonly scenario: Scenario;
  readonly chain: SolvedChain;
}

function verdictOn(
  name: string,
  expectation: ExpectationOf<number>,
  { scenario, chain }: VerdictContext,
): VerdictWithFigure {
  if ("never" in expectation) {
    const value = chain.probabilities.get(name);
    if (value !== undefined) return { verdict: value > 0 ? "not met" : "met", value };
    const found = unansweredExpectations(scenario).find((one) => one.name === name);
    return undecided(found?.reason ?? "no state answers it");
  }
  if ("mean" in expectation) {
    const value = chain.expected.get(expectation.mean);
    return value === undefined
      ? undecided(`${expectation.mean} is left out`)
      : withinBounds(value, expectation);
  }
  if ("share" in expectation) return verdictOnShare(expectation, { scenario, chain });
  if ("quantile" in expectation) return verdictOnQuantile(expectation, { scenario, chain });
  return undecided(`${expectationKind(expectation)}, which states do not hold`);
}

function undecided(reason: string): VerdictWithFigure {
  return { verdict: "undecided", value: null, reason: `${reason}; whatif run estimates it` };
}

type Share = Extract<ExpectationOf<number>, { readonly share: unknown }>;
type Quantile = Extract<ExpectationOf<number>, { readonly quantile: unknown }>;

/** The share of futures in which a level was ever above 0, or in which a count passes a bound. */
function verdictOnShare(
  expectation: Share,
  { scenario, chain }: VerdictContext,
): VerdictWithFigure {
  const { share: measure, above } = expectation;
  const part = partOf(measure, chain);
  if (part === undefined) return undecided(`${measure} is left out`);
  if (part.kind === "level") {
    if (above !== 0) return undecided(durationReason(measure, scenario));
    return withinBounds(shareOfFuturesWith(part, scenario, chain), expectation);
  }
  const distribution = countDistribution(part, Math.floor(above), { scenario, chain });
  if (typeof distribution === "string") return undecided(distribution);
  return withinBounds(distribution.at(-1) ?? 0, expectation);
}

/** The quantile of a count: the least number that so many futures do not pass. */
function verdictOnQuantile(
  expectation: Quantile,
  { scenario, chain }: VerdictContext,
): VerdictWithFigure {
  const { quantile, of: measure, atMost, atLeast } = expectation;
  const part = partOf(measure, chain);
  if (part === undefined) return undecided(`${measure} is left out`);
  if (part.kind === "level") return undecided(durationReason(measure, scenario));
  const most = Math.floor(Math.max(atMost ?? 0, atLeast ?? 0));
  const distribution = countDistribution(part, most, { scenario, chain });
  if (typeof distribution === "string") return undecided(distribution);
  let sum = 0;
  const found = distribution.slice(0, -1).findIndex((probability) => {
    sum += probability;
    return sum >= quantile;
  });
  const checked = withinBounds(found < 0 ? most + 1 : found, expectation);
  return found < 0 ? { ...checked, value: null } : checked;
}

function durationReason(measure: string, { measures = {} }: Scenario): string {
  const kind = measures[measure]?.measure;
  const what =
    kind === "interruptions"
      ? "single durations"
      : kind !== undefined && measureDurations.has(kind)
        ? "the time"
        : "the sum";
  return `${what} of ${measure} in one future: states and rates give its mean alone`;
}

function withinBounds(value: number, { atMost, atLeast }: BoundOf<number>): VerdictWithFigure {
  const limits = [
    ...(atMost === undefined ? [] : [{ atMost }]),
    ...(atLeast === undefined ? [] : [{ atLeast }]),
  ];
  const point = { low: value, high: value };
  const isMet = limits.every((limit) => verdictOf(point, limit) === "met");
  return { verdict: isMet ? "met" : "not met", value };
}

/** The part of a measure whose total is that of a future: of interruptions their time, not their number. */
function partOf(measure: string, { space }: SolvedChain): MeasuredPart | undefined {
  const total = space.measured.find(({ name }) => name === totalOf(measure));
  return total ?? space.measured.find(({ name }) => name === measure);
}

/** The probability that a level is above 0 at some moment between the end of the warm-up and the horizon. */
function shareOfFuturesWith(
  { at }: MeasuredPart,
  { horizon = 0, warmUp = 0 }: Scenario,
  { space: { states }, rates }: SolvedChain,
): number {
  const holds = states.map(({ levels }) => (levels[at] ?? 0) > 0);
  const absorbing = rates.map((row, state) => (holds[state] === true ? row.map(() => 0) : row));
  const start = distributionAfter(rates, warmUp);
  const after = distributionAfter(absorbing, Math.max(0, horizon - warmUp), start);
  return after.reduce((sum, value, state) => (holds[state] === true ? sum + value : sum), 0);
}

/**
 * The probabilities that a count is 0, 1, ... `most`, and more: a chain whose states are those of the world with the count
 * so far. Or the reason why it is too large.
 */
function countDistribution(
  { at }: MeasuredPart,
  most: number,
  { scenario: { horizon = 0, warmUp = 0 }, chain }: VerdictContext,
): readonly number[] | string {
  const { space, rates, rateOf, maxStates } = chain;
  const counts = most + 2;
  const size = space.states.length * counts;
  if (size > maxStates) {
    return `up to ${String(most)} events in each state are ${String(size)} states, and ${String(maxStates)} are allowed by --states`;
  }
  const chained = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [state, { transitions }] of space.states.entries()) {
    for (const [place, { to, counts: added }] of transitions.entries()) {
      for (let before = 0; before < counts; before++) {
        const after = Math.min(counts - 1, before + (added[at] ?? 0));
        const row = chained[state * counts + before];
        const target = to * counts + after;
        if (row !== undefined) row[target] = (row[target] ?? 0) + rateOf(state, place);
      }
    }
  }
  const start = new Array<number>(size).fill(0);
  for (const [state, share] of distributionAfter(rates, warmUp).entries()) {
    start[state * counts] = share;
  }
  const after = distributionAfter(chained, Math.max(0, horizon - warmUp), start);
  return Array.from({ length: counts }, (_, count) =>
    space.states.reduce((sum, __, state) => sum + (after[state * counts + count] ?? 0), 0),
  );
}

/** Name of the hidden measure of the time of all interruptions: no name of a file has this character. */
export function totalOf(measure: string): string {
  return `${measure}\u0000`;
}

/** Adds a hidden measure of the time of all interruptions, for each measure of interruptions. */
export function withTotals(scenario: Scenario): Scenario {
  const totals = Object.entries(scenario.measures ?? {}).flatMap(([name, spec]) =>
    spec.measure === "interruptions"
      ? [[totalOf(name), { ...spec, measure: "writesDown" as const }] as const]
      : [],
  );
  if (totals.length === 0) return scenario;
  return { ...scenario, measures: { ...scenario.measures, ...Object.fromEntries(totals) } };
}
