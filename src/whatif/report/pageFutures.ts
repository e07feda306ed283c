import type { PageFuture, PageFutures, PageMeasure } from "../../page/pageData.js";
import { measureDurations } from "../../scenario/format/measureUnits.js";
import { EnsembleError } from "../ensemble/ensembleError.js";
import { totalsOf } from "../ensemble/figures.js";
import { type WhatIfAnswer, whatIf } from "../whatIf.js";

/** Which futures a page holds. */
export interface PageFuturesOptions {
  /** Measure that decides which futures are the worst. Default: the first measure of the scenario. */
  readonly measure?: string;
  /** Number of worst futures whose journal is in the page, so that they can be opened. Default 3. */
  readonly worst?: number;
  /** Number of futures, the first by seed. Default 2,000. */
  readonly maxFutures?: number;
  /** Default: the first design. */
  readonly design?: string;
}

/**
 * Returns the futures of an answer as `pageHtml` takes them. The worst ones are played again, with their journals.
 * A measure that is a list counts as the sum of its values.
 *
 * @throws EnsembleError `measure-names` for a measure that the scenario does not have
 *
 * @example
 * ```ts
 * const answer = await whatIf(scenario).run({ futures: 500 });
 * writeFileSync("futures.html", pageHtml({ futures: pageFutures(answer) }));
 * ```
 */
export function pageFutures(answer: WhatIfAnswer, options: PageFuturesOptions = {}): PageFutures {
  const { scenario, results, shards } = answer;
  const { worst = 3, maxFutures = 2000, design = answer.designs[0] ?? "" } = options;
  const names = results.measuresOf(design);
  const [first = ""] = Object.keys(scenario.measures ?? {});
  const measure = options.measure ?? first;
  if (!names.includes(measure)) {
    const allowed = names.join(", ");
    throw new EnsembleError("measure-names", `measure ${measure} not found; allowed: ${allowed}`, {
      field: "measure",
      value: measure,
      allowed,
    });
  }
  const columns = names.map((name) => {
    const column = results.column(design, name, shards);
    return { name, seeds: column.seeds, totals: totalsOf(column) };
  });
  const seeds = [...(columns[0]?.seeds ?? [])].slice(0, maxFutures);
  const values = seeds.map((_, at) =>
    Object.fromEntries(columns.map(({ name, totals }) => [name, totals[at] ?? 0])),
  );
  const exhibits = new Set(
    [...values.keys()]
      .sort((a, b) => (values[b]?.[measure] ?? 0) - (values[a]?.[measure] ?? 0) || a - b)
      .slice(0, worst),
  );
  const question = whatIf(scenario);
  return {
    measures: [measure, ...names.filter((name) => name !== measure)].map((name): PageMeasure => {
      const kind = scenario.measures?.[name]?.measure;
      return { name, unit: kind !== undefined && measureDurations.has(kind) ? "ms" : "count" };
    }),
    futures: seeds.map((seed, at): PageFuture => {
      const future = { seed, values: values[at] ?? {} };
      if (!exhibits.has(at)) return future;
      return { ...future, journal: question.future(seed, design).run.sim.journal() };
    }),
  };
}
