import type { ExpectationOf, Scenario } from "../scenario/format/scenario.js";

import type { Interval } from "../statistics/interval.js";
import { proportion } from "../statistics/proportion.js";
import type { Verdict } from "../statistics/verdict.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import { checkExpectation, checkInSketch, type Expectation } from "./ensemble/expectation.js";
import { brokenPrefix } from "./future/runFuture.js";

/** Verdict on one expectation in one design. */
export interface ExpectationVerdict {
  readonly name: string;
  readonly design: string;
  readonly expectation: ExpectationOf<number>;
  readonly verdict: Verdict;
  /** The figure; the share of futures for what must never happen. */
  readonly value: number | null;
  readonly interval: Interval | null;
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

/** The expectations that are about a figure of many futures, by name: one for each bound. */
export function figureExpectations({
  expect = {},
}: Scenario): Readonly<Record<string, readonly Expectation[]>> {
  return Object.fromEntries(
    Object.entries(expect).flatMap(([name, expectation]) => {
      const bounded = boundsOf(expectation);
      return bounded.length === 0 ? [] : [[name, bounded]];
    }),
  );
}

/** Checks every expectation of a scenario on every design of an ensemble. */
export function checkExpectations(
  scenario: Scenario,
  results: EnsembleResults,
  options: VerdictOptions = {},
): readonly ExpectationVerdict[] {
  return results.spec.designs.flatMap((design) =>
    Object.entries(scenario.expect ?? {}).map(([name, expectation]) => {
      const bounded = boundsOf(expectation);
      return bounded.length === 0
        ? checkNever({ name, design, expectation }, results, options)
        : checkFigure({ name, design, expectation }, bounded, { ...options, results });
    }),
  );
}

type About = Pick<ExpectationVerdict, "name" | "design" | "expectation">;

/** Several bounds: not met where one is not, met where all are. */
function checkFigure(
  about: About,
  bounded: readonly Expectation[],
  { results, ...options }: VerdictOptions & { readonly results: EnsembleResults },
): ExpectationVerdict {
  const check = results.spec.keep === "sketch" ? checkInSketch : checkExpectation;
  const limitVerdicts = bounded.map((one) => check(results, about.design, one, options));
  const verdicts = limitVerdicts.map(({ verdict }) => verdict);
  const verdict = verdicts.includes("not met")
    ? "not met"
    : verdicts.includes("undecided")
      ? "undecided"
      : "met";
  const decisive = limitVerdicts.find((one) => one.verdict === verdict) ?? limitVerdicts[0];
  return {
    ...about,
    verdict,
    value: decisive?.value ?? null,
    interval: decisive?.interval ?? null,
    futuresToDecide: decisive?.futuresToDecide ?? null,
    seeds: [],
  };
}

/** Checks an expectation that must hold in every future: one counterexample decides, and without a future nothing does. */
function checkNever(
  about: About,
  results: EnsembleResults,
  { shards, confidence }: VerdictOptions,
): ExpectationVerdict {
  const { futures, broken, seeds } = brokenFutures(results, about, shards);
  const verdict = broken > 0 ? "not met" : "met";
  return {
    ...about,
    verdict: futures === 0 ? "undecided" : verdict,
    value: futures === 0 ? null : broken / futures,
    interval: proportion(broken, futures, confidence).interval,
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
  if (results.spec.keep === "sketch") {
    const { sums, worst } = results.sketch(design, column, shards);
    const { count: futures, notZero: broken } = sums.moments();
    return { futures, broken, seeds: worst.flatMap(([value, seed]) => (value > 0 ? [seed] : [])) };
  }
  const { values, seeds } = results.column(design, column, shards);
  const breaking = seeds.filter((_, row) => (values[row] ?? 0) > 0);
  return { futures: values.length, broken: breaking.length, seeds: [...breaking] };
}

function boundsOf(expectation: ExpectationOf<number>): readonly Expectation[] {
  if ("never" in expectation || "holds" in expectation) return [];
  const { atMost, atLeast, ...figure } = expectation;
  return [
    ...(atMost === undefined ? [] : [{ ...figure, atMost }]),
    ...(atLeast === undefined ? [] : [{ ...figure, atLeast }]),
  ] as readonly Expectation[];
}
