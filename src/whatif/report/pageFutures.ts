import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import type { PageFuture, PageFutures, PageMeasure } from "../../page/pageData.js";
import { measureDurations } from "../../scenario/format/measureSets.js";
import { assertAnswer } from "../assertInput.js";
import { assertWhole, unknownName } from "../ensemble/ensembleError.js";
import { totalsOf } from "../ensemble/figures.js";
import { type WhatIfAnswer, whatIf } from "../whatIf.js";

/** Which futures a page holds. */
export interface PageFuturesOptions {
  /** Measure that decides which futures are the worst. Default: the first measure of the scenario. */
  readonly measure?: string;
  /** Number of worst futures of each design whose journal is in the page, so that they can be opened. Default 3. */
  readonly worst?: number;
  /** Maximum number of futures of each design, in order of their seeds. Default 2,000. */
  readonly maxFutures?: number;
}

const optionNames: OptionNames<PageFuturesOptions> = {
  measure: true,
  worst: true,
  maxFutures: true,
};

/**
 * Returns the futures of an answer as `pageHtml` takes them. The worst ones are run again, with their journals.
 * A measure that is a list counts as the sum of its values.
 *
 * @example
 * ```ts
 * import { pageHtml } from "replication-simulator/page";
 * import { pageFutures, whatIf } from "replication-simulator/whatif";
 *
 * const answer = await whatIf({
 *   scenario: 1,
 *   topology: { orders: { kind: "set", replicas: 1 } },
 *   random: { crashes: { fault: "crash", of: "orders", every: "30d", timeToRepair: "1h" } },
 *   horizon: "90d",
 *   measures: { down: { measure: "writesDown", of: "orders" } },
 * }).run({ futures: 20 });
 * const html = pageHtml({ futures: pageFutures(answer) });
 * console.log(html.startsWith("<!doctype html>")); // true
 * ```
 * @throws EnsembleError `measure-names` for a measure that the scenario does not have, `spec-input`
 */
export function pageFutures(answer: WhatIfAnswer, options: PageFuturesOptions = {}): PageFutures {
  assertKnownOptions(options, optionNames);
  assertAnswer(answer);
  const { scenario, results, designs } = answer;
  assertWhole("worst", options.worst ?? 0, { min: 0 });
  assertWhole("maxFutures", options.maxFutures ?? 0, { min: 0 });
  const names = results.measures;
  const [first = ""] = Object.keys(scenario.measures ?? {});
  const measure = options.measure ?? first;
  if (!names.includes(measure)) {
    throw unknownName("measure", measure, names);
  }
  return {
    measures: [measure, ...names.filter((name) => name !== measure)].map((name): PageMeasure => {
      const kind = scenario.measures?.[name]?.measure;
      return { name, unit: kind !== undefined && measureDurations.has(kind) ? "ms" : "count" };
    }),
    futures: designs.flatMap((design) => futuresOfDesign(answer, { ...options, design, measure })),
  };
}

function futuresOfDesign(
  { scenario, results, shards }: WhatIfAnswer,
  {
    design,
    measure,
    worst = 3,
    maxFutures = 2000,
  }: PageFuturesOptions & { readonly design: string; readonly measure: string },
): readonly PageFuture[] {
  const columns = results.measuresOf(design).map((name) => {
    const column = results.column(design, name, shards);
    return { name, seeds: column.seeds, totals: totalsOf(column) };
  });
  const seeds = [...(columns[0]?.seeds ?? [])].slice(0, maxFutures);
  const values = seeds.map((_, at) =>
    Object.fromEntries(columns.map(({ name, totals }) => [name, totals[at] ?? 0])),
  );
  const opened = new Set(
    [...values.keys()]
      .sort((a, b) => (values[b]?.[measure] ?? 0) - (values[a]?.[measure] ?? 0) || a - b)
      .slice(0, worst),
  );
  const question = whatIf(scenario);
  return seeds.map((seed, at): PageFuture => {
    const future = { seed, design, values: values[at] ?? {} };
    if (!opened.has(at)) return future;
    return { ...future, journal: question.future(seed, design).run.sim.journal() };
  });
}
