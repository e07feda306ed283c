import { designsOf } from "../scenario/format/designs.js";
import type { ExpectationOf, Scenario } from "../scenario/format/scenario.js";
import { defaultConfidence, type Interval } from "../statistics/interval.js";
import { proportion } from "../statistics/proportion.js";
import type { LimitVerdict, Verdict } from "../statistics/verdict.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import {
  checkExpectation,
  checkInSketch,
  type Expectation,
  measureOf,
} from "./ensemble/expectation.js";
import { brokenPrefix } from "./ensemble/outcome.js";

/** Verdict on one expectation in one design. */
export interface ExpectationVerdict {
  readonly name: string;
  readonly design: string;
  /** What the design expects; undefined for a check of a step and for a property of a module. */
  readonly expectation?: ExpectationOf<number>;
  readonly verdict: Verdict;
  /** The figure; the share of futures for what must never happen. Null where no future has a value. */
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly confidence: number;
  /** If undecided, the estimated number of futures that would decide; null if no number would. */
  readonly futuresToDecide: number | null;
  /** The first seeds that break what must hold in every future; none for a figure of many. */
  readonly seeds: readonly number[];
}

/** Maximum number of seeds in a verdict. */
const maxSeeds = 3;

/** Which futures count, and how sure a verdict is. */
export interface VerdictOptions {
  readonly shards?: number;
  readonly confidence?: number;
}

/**
 * Checks every design of an ensemble: on what it expects, on the checks among its steps, and on the properties of its
 * module.
 */
export function checkExpectations(
  scenario: Scenario,
  results: EnsembleResults,
  options: VerdictOptions = {},
): readonly ExpectationVerdict[] {
  const expectations = new Map(designsOf(scenario).map((one) => [one.name, one.scenario.expect]));
  return results.spec.designs.flatMap((design) => {
    const expect = (expectations.has(design) ? expectations.get(design) : scenario.expect) ?? {};
    const ofScenario = Object.entries(expect).map(([name, expectation]) => {
      const bounded = boundsOf(expectation);
      return bounded.length === 0
        ? checkEveryFuture({ name, design, expectation }, results, options)
        : checkFigure({ name, design, expectation }, bounded, { ...options, results });
    });
    const others = results
      .measuresOf(design)
      .filter((measure) => measure.startsWith(brokenPrefix))
      .map((measure) => measure.slice(brokenPrefix.length))
      .filter((name) => !Object.hasOwn(expect, name));
    return [
      ...ofScenario,
      ...others.map((name) => checkEveryFuture({ name, design }, results, options)),
    ];
  });
}

/** Whether a verdict is about every future, so that one counterexample decides and nothing else does before the end. */
export function isOfEveryFuture({ expectation }: Pick<ExpectationVerdict, "expectation">): boolean {
  return expectation === undefined || boundsOf(expectation).length === 0;
}

/** Returns an expectation that needs every value, which a sketch does not keep; undefined where there is none. */
export function needsValues({ expect = {} }: Scenario): string | undefined {
  const found = Object.entries(expect).find(([, expectation]) =>
    boundsOf(expectation).some((bound) => !("mean" in bound)),
  );
  return found?.[0];
}

type About = Pick<ExpectationVerdict, "name" | "design" | "expectation">;

/** Several bounds: not met where one is not, met where all are. */
function checkFigure(
  about: About,
  bounded: readonly Expectation[],
  { results, ...options }: VerdictOptions & { readonly results: EnsembleResults },
): ExpectationVerdict {
  const check = results.spec.keep === "sketch" ? checkInSketch : checkExpectation;
  const measures = results.measuresOf(about.design);
  const limitVerdicts = bounded.map((bound) =>
    measures.includes(measureOf(bound))
      ? check(results, about.design, bound, options)
      : { ...unknown, confidence: options.confidence ?? defaultConfidence },
  );
  const verdicts = limitVerdicts.map(({ verdict }) => verdict);
  const verdict = verdicts.includes("not met")
    ? "not met"
    : verdicts.includes("undecided")
      ? "undecided"
      : "met";
  const decisive = limitVerdicts.find((one) => one.verdict === verdict) as LimitVerdict; // it is that of one
  const { value, interval, confidence, futuresToDecide } = decisive;
  return { ...about, verdict, value, interval, confidence, futuresToDecide, seeds: [] };
}

/** A verdict where no future has a value. */
const unknown = {
  verdict: "undecided",
  value: null,
  interval: null,
  futuresToDecide: null,
} as const;

/** Checks what must hold in every future: one counterexample decides, and without a future nothing does. */
function checkEveryFuture(
  about: About,
  results: EnsembleResults,
  { shards, confidence = defaultConfidence }: VerdictOptions,
): ExpectationVerdict {
  const { futures, broken, seeds } = brokenFutures(results, about, shards);
  if (futures === 0) return { ...about, ...unknown, confidence, seeds: [] };
  return {
    ...about,
    verdict: broken > 0 ? "not met" : "met",
    value: broken / futures,
    interval: proportion(broken, futures, confidence).interval,
    confidence,
    futuresToDecide: null,
    seeds: seeds.slice(0, maxSeeds),
  };
}

/** The futures that break an expectation, and their first seeds, which a sketch keeps as those of its largest values. */
function brokenFutures(
  results: EnsembleResults,
  { design, name }: About,
  shards: number | undefined,
): { readonly futures: number; readonly broken: number; readonly seeds: readonly number[] } {
  const column = `${brokenPrefix}${name}`;
  if (!results.measuresOf(design).includes(column)) return { futures: 0, broken: 0, seeds: [] };
  if (results.spec.keep === "sketch") {
    const { sums, worst } = results.sketch(design, column, shards);
    const { count: futures, notZero: broken } = sums.moments();
    return { futures, broken, seeds: worst.flatMap(([value, seed]) => (value > 0 ? [seed] : [])) };
  }
  const { values, seeds } = results.column(design, column, shards);
  const breaking = seeds.filter((_, row) => (values[row] ?? 0) > 0);
  return { futures: values.length, broken: breaking.length, seeds: [...breaking] };
}

/** Returns the bounds of a figure, each by itself; none of what must hold in every future. */
export function boundsOf(expectation: ExpectationOf<number>): readonly Expectation[] {
  if ("never" in expectation || "holds" in expectation) return [];
  const { atMost, atLeast, ...figure } = expectation;
  return [
    ...(atMost === undefined ? [] : [{ ...figure, atMost }]),
    ...(atLeast === undefined ? [] : [{ ...figure, atLeast }]),
  ] as readonly Expectation[];
}
