import { baseDesign, designsOf } from "../scenario/format/designs.js";
import { measureUnit } from "../scenario/format/measureSets.js";
import { formatDuration } from "../scenario/format/quantities.js";
import type { ExpectationOf, Scenario } from "../scenario/format/scenario.js";
import type { Interval } from "../statistics/interval.js";
import { assertAnswer } from "./assertInput.js";
import { brokenPrefix } from "./ensemble/outcome.js";
import { seedRangesOf, seedRangesText } from "./ensemble/seedRanges.js";
import type { StopFigure, StopReport } from "./ensemble/stopReport.js";
import type { ExpectationVerdict } from "./expectations.js";
import { problemText, type StepProblem, stepProblems } from "./future/stepProblems.js";
import {
  formatBeside,
  formatCount,
  formatElasticity,
  formatInterval,
  formatShare,
  formatValue,
  intervalText,
  type ValueUnit,
} from "./report/valueFormat.js";
import type { WhatIfAnswer } from "./whatIf.js";

/** Maximum width of a line. */
const maxWidth = 80;

/**
 * Returns an answer as text of at most 80 columns: figures, verdicts, comparisons, the worst futures.
 * @param file - the scenario file, as the commands that are printed name it
 * @param varied - flags by which the command line varied the file, each after a space
 */
export function answerText(answer: WhatIfAnswer, file = "FILE", varied = ""): string {
  assertAnswer(answer);
  const { scenario, designs, futures } = answer;
  const horizon = scenario.horizon === undefined ? "" : ` of ${formatDuration(scenario.horizon)}`;
  const lines = [
    ...(scenario.title === undefined ? [] : wrapped(scenario.title)),
    ...wrapped(`${formatCount(futures)} futures${horizon} of each design${seedsText(answer)}`, 2),
    ...[...incompleteLines(answer), ...engineLines(answer), ...stopLines(answer)].flatMap((line) =>
      wrapped(line, 2),
    ),
  ];
  const verdicts = answer.expectations();
  const problems = withoutEffect(answer);
  for (const design of designs) {
    lines.push("", design, ...figureLines(answer, design));
    for (const verdict of verdicts) {
      if (verdict.design === design) lines.push(...verdictLines(verdict, answer));
    }
    lines.push(...failureLines(answer, design), ...withoutEffectLines(problems[design] ?? []));
  }
  for (const design of designs.slice(1)) {
    lines.push("", ...wrapped(`${design}, beside ${designs[0] ?? ""}, on the same seeds`));
    lines.push(...comparisonLines(answer, design));
  }
  lines.push(...sensitivityLines(answer));
  const variedFile = `${file}${varied}`;
  lines.push(...worstLines(answer, variedFile), ...shrinkLines(answer, variedFile));
  lines.push(...rareLines(answer, file)); // what varies makes designs; rare events are those of the file
  return `${lines.join("\n")}\n`;
}

/** The seeds of the futures: one range, or several where shards between them did not run. */
function seedsText({ results, shards }: WhatIfAnswer): string {
  const ranges = seedRangesOf(results, shards);
  return ranges.length === 0 ? "" : `, seeds ${seedRangesText(ranges)}`;
}

function incompleteLines({ results, isComplete, futures }: WhatIfAnswer): readonly string[] {
  if (isComplete) return [];
  const planned = formatCount(results.spec.seeds.count);
  return [`Incomplete: ${formatCount(futures)} of ${planned} futures of each design`];
}

/** Returns how futures were computed, and the reasons for not using tables. */
export function engineLines({ engines }: WhatIfAnswer): readonly string[] {
  const texts = Object.entries(engines).map(([design, { engine, reason }]) => ({
    design,
    text: `Engine: ${engine}${reason === undefined ? "" : ` (${reason})`}`,
  }));
  const isOne = new Set(texts.map(({ text }) => text)).size === 1;
  if (isOne) return [texts[0]?.text ?? ""];
  return texts.map(({ design, text }) => `${text}, ${design}`);
}

/** Returns what a run waited for that was to end early, and which figure was the last one. */
export function stopLines({ stop, futures }: WhatIfAnswer): readonly string[] {
  if (stop === undefined) return [];
  const { until, figures } = stop;
  const wished = until === "decided" ? "Decided" : `Known to ± ${formatShare(until.halfWidth)}`;
  const open = openFigures(stop);
  if (open !== undefined) {
    const { design, name, halfWidth } = open.widest;
    const reached =
      until === "decided"
        ? "is undecided"
        : halfWidth === null
          ? "has no interval"
          : `is known to ± ${formatShare(halfWidth)}`;
    const of = `${formatCount(open.count)} of ${formatCount(figures.length)}`;
    return [
      `Not ${wished.toLowerCase()} after ${formatCount(futures)} futures: ${name} (${design}) ${reached} (${of} open)`,
    ];
  }
  const last = figures.reduce<StopFigure | undefined>(
    (latest, figure) => ((figure.futures ?? 0) > (latest?.futures ?? 0) ? figure : latest),
    undefined,
  );
  if (last === undefined) return [`${wished}: nothing to wait for`];
  return [
    `${wished} after ${formatCount(last.futures ?? 0)} futures; the last was ${last.name} (${last.design})`,
  ];
}

/** Returns the figure that is furthest from what a run waits for, and how many are open; undefined where none is. */
function openFigures({
  figures,
}: StopReport): { readonly widest: StopFigure; readonly count: number } | undefined {
  const open = figures.filter((figure) => figure.futures === null);
  const [first] = open;
  return first && { widest: open.reduce(wider, first), count: open.length };
}

/** Returns what a run waits for that is to end early, in few words; undefined where it waits for nothing. */
export function waitText(stop: StopReport): string | undefined {
  const open = openFigures(stop);
  if (open === undefined) return undefined;
  const { design, name, halfWidth } = open.widest;
  const width = halfWidth === null ? "" : ` ± ${formatShare(halfWidth)}`;
  return `waits for ${name} (${design})${width}`;
}

/** A figure without an interval is further from any precision than one with a wide interval. */
function wider(widest: StopFigure, figure: StopFigure): StopFigure {
  return (figure.halfWidth ?? Infinity) > (widest.halfWidth ?? Infinity) ? figure : widest;
}

function rangeText(interval: Interval, unit: ValueUnit): string {
  return `(${formatInterval(interval, unit)})`;
}

/** The least value of a measure, or a bound of it: those of a scenario count or last, own ones may be negative. */
function leastOf(answer: WhatIfAnswer, design: string, name: string): number | null {
  const isOwn = answer.scenario.measures?.[name] === undefined;
  return isOwn ? answer.figures(name, design).least : 0;
}

/** An interval of a mean, or of a ratio of means; that of values of 0 or more does not begin below 0. */
function meanInterval({ low, high }: Interval, least: number | null): Interval {
  const isNegative = low === null || least === null || least < 0;
  return { low: isNegative ? low : Math.max(0, low), high };
}

function measureNames({ scenario, results }: WhatIfAnswer, design: string): readonly string[] {
  const known = Object.keys(scenario.measures ?? {});
  const own = results
    .measuresOf(design)
    .filter((name) => !known.includes(name) && !name.startsWith(brokenPrefix));
  return [...known.filter((name) => results.measuresOf(design).includes(name)), ...own];
}

function unitOfMeasure({ measures = {} }: Scenario, name: string): ValueUnit {
  return measureUnit(measures[name]?.measure);
}

function figureLines(answer: WhatIfAnswer, design: string): readonly string[] {
  return measureNames(answer, design).flatMap((name) =>
    wrapped(figureLine(answer, design, name), figureColumn),
  );
}

function figureLine(answer: WhatIfAnswer, design: string, name: string): string {
  const unit = unitOfMeasure(answer.scenario, name);
  const figures = answer.figures(name, design);
  const label = padded(name);
  if (figures.kind === "number") {
    const { value, interval, notZero, count } = figures.mean;
    if (count === 0) return `${label}no value`;
    if (interval === null) {
      const any = `${formatCount(notZero)} of ${formatCount(count)} futures have any`;
      return `${label}${formatValue(value, unit)}; ${any}: too few for an interval`;
    }
    const range = rangeText(meanInterval(interval, leastOf(answer, design, name)), unit);
    return `${label}${formatValue(value, unit)} ${range}`;
  }
  if (figures.count === 0) return `${label}none`;
  const quantiles = figures.quantiles.flatMap(({ share, value }) =>
    value === null || share > 0.95
      ? []
      : [`${formatShare(share)} within ${formatValue(value, unit)}`],
  );
  return `${label}${formatCount(figures.count)}: ${quantiles.join(", ")}`;
}

function verdictLines(verdict: ExpectationVerdict, answer: WhatIfAnswer): readonly string[] {
  const word = { met: "MET", "not met": "NOT MET", undecided: "UNDECIDED" }[verdict.verdict];
  const { value, futuresToDecide, expectation } = verdict;
  const { low, high } = verdictInterval(verdict, answer);
  const values = [value, low, high].filter((one) => one !== null);
  const { show, bound } = expectationText(expectation, answer.scenario, values);
  const range = low === null && high === null ? "" : ` (${boundsText({ low, high }, show)})`;
  const figure = value === null ? "no value" : `${show(value)}${ofFuture(verdict, answer)}${range}`;
  const more =
    verdict.verdict === "undecided" && futuresToDecide !== null
      ? `; about ${formatCount(futuresToDecide)} futures would decide`
      : "";
  const first = verdict.seeds.length === 0 ? "" : `; seeds ${verdict.seeds.join(", ")}`;
  return wrapped(`  ${word.padEnd(10)}${verdict.name}: ${figure}${bound}${more}${first}`, 12);
}

/** The ends of an interval, each with its unit. */
function boundsText({ low, high }: Interval, show: (value: number) => string): string {
  if (low === null || high === null) return intervalText({ low, high }, show);
  return `${show(low)} to ${show(high)}`;
}

function verdictInterval(
  { expectation, interval, design }: ExpectationVerdict,
  answer: WhatIfAnswer,
): Interval {
  if (interval === null) return { low: null, high: null };
  if (expectation === undefined || !("mean" in expectation)) return interval;
  return meanInterval(interval, leastOf(answer, design, expectation.mean));
}

/** The mean of a list is that of the sum of a future, not of a value. */
function ofFuture({ expectation, design }: ExpectationVerdict, answer: WhatIfAnswer): string {
  if (expectation === undefined || !("mean" in expectation)) return "";
  return answer.figures(expectation.mean, design).kind === "list" ? " a future" : "";
}

/**
 * Returns how to print the figure of an expectation, and what is expected of it.
 * @param values - the figure and the ends of its interval, which print apart from a bound from which they differ
 */
export function expectationText(
  expectation: ExpectationOf<number> | undefined,
  scenario: Scenario,
  values: readonly number[] = [],
): { readonly show: (figure: number) => string; readonly bound: string } {
  const unit = isShare(expectation) ? "share" : unitOfFigure(expectation, scenario);
  const show = formatBeside(values, boundsOf(expectation), unit);
  return { show, bound: boundText(expectation, show) };
}

function boundsOf(expectation: ExpectationOf<number> | undefined): readonly number[] {
  if (expectation === undefined || "never" in expectation || "holds" in expectation) return [];
  const { atMost, atLeast } = expectation;
  return [atMost, atLeast].filter((bound) => bound !== undefined);
}

function isShare(expectation: ExpectationOf<number> | undefined): boolean {
  return expectation === undefined || !("mean" in expectation || "quantile" in expectation);
}

function unitOfFigure(
  expectation: ExpectationOf<number> | undefined,
  scenario: Scenario,
): ValueUnit {
  if (expectation === undefined) return "number";
  if ("mean" in expectation) return unitOfMeasure(scenario, expectation.mean);
  return "quantile" in expectation ? unitOfMeasure(scenario, expectation.of) : "number";
}

function boundText(
  expectation: ExpectationOf<number> | undefined,
  show: (figure: number) => string,
): string {
  if (expectation === undefined) return " of futures break it";
  if ("never" in expectation || "holds" in expectation) return " of futures break it";
  const { atMost, atLeast } = expectation;
  const bounds = [
    ...(atMost === undefined ? [] : [`at most ${show(atMost)}`]),
    ...(atLeast === undefined ? [] : [`at least ${show(atLeast)}`]),
  ];
  return `, expected ${bounds.join(" and ")}`;
}

function failureLines({ results, shards }: WhatIfAnswer, design: string): readonly string[] {
  const failures = results.failuresOf(design, shards);
  const [first] = failures;
  if (first === undefined) return [];
  const text = `  ${formatCount(failures.length)} futures failed; seed ${String(first.seed)}: ${first.error}`;
  return wrapped(text, 4);
}

/** Designs that are run once more to look at their steps, at most. */
const maxCheckedDesigns = 20;

/**
 * Returns the steps of each design that have no effect although nothing fails at random, by the name of the design. Their
 * figures are about something else than what the file says.
 */
export function withoutEffect({
  scenario,
  results,
}: Pick<WhatIfAnswer, "scenario" | "results">): Readonly<Record<string, readonly StepProblem[]>> {
  const { designs, seeds } = results.spec;
  const found = designsOf(scenario)
    .filter(({ name }) => designs.includes(name))
    .slice(0, maxCheckedDesigns)
    .map((design) => [design.name, stepProblems(design.scenario, seeds.first)] as const);
  return Object.fromEntries(found.filter(([, problems]) => problems.length > 0));
}

function withoutEffectLines(problems: readonly StepProblem[]): readonly string[] {
  const [first, ...others] = problems.map(problemText);
  if (first === undefined) return [];
  return [
    ...wrapped(`  WITHOUT EFFECT, although nothing fails at random: ${first}`, 12),
    ...others.flatMap((text) => wrapped(`            ${text}`, 12)),
  ];
}

function comparisonLines(answer: WhatIfAnswer, design: string): readonly string[] {
  if (answer.results.spec.keep === "sketch") return [];
  const [baseline = ""] = answer.designs;
  const names = new Set([...measureNames(answer, baseline), ...measureNames(answer, design)]);
  return [...names].map((name) => {
    const unit = unitOfMeasure(answer.scenario, name);
    const { pairs, ratio, difference } = answer.compare(design, name);
    if (pairs === 0) return `${padded(name)}no pair: no seed has a value in both`;
    const label = `${padded(name)}${sumLabel(answer, design, name)}`;
    const change = `${difference.value > 0 ? "+" : ""}${formatValue(difference.value, unit)}`;
    if (difference.value === 0) return `${label}the same`;
    if (ratio === null) return `${label}${change}, from none`;
    const [first, second] = [baseline, design].map((each) => leastOf(answer, each, name) ?? 0);
    const bounds =
      ratio.interval && meanInterval(ratio.interval, Math.min(first ?? 0, second ?? 0));
    const range = bounds === null ? "" : ` ${rangeText(bounds, "number")}`;
    return `${label}${formatValue(ratio.value, "number")} times${range}, ${change}`;
  });
}

/** A list is compared by the sum of its values, not by their number, which stands beside its quantiles. */
function sumLabel({ results, shards }: WhatIfAnswer, design: string, measure: string): string {
  return results.column(design, measure, shards).lengths === undefined ? "" : "sum: ";
}

/** By how many percent each mean changes where a parameter that varies grows by one percent. */
function sensitivityLines(answer: WhatIfAnswer): readonly string[] {
  const lines = measureNames(answer, answer.designs[0] ?? "").flatMap((name) => {
    const found = answer.sensitivity(name);
    return found.map(({ parameter, elasticity: { value, interval } }) => {
      const short = parameter.split(".").slice(-2).join(".");
      const text = value === null ? "no value" : formatElasticity({ value, interval }, " %");
      return `${padded(name)}${sumLabel(answer, answer.designs[0] ?? "", name)}${short}: ${text}`;
    });
  });
  if (lines.length === 0) return [];
  return ["", "Change of a mean where a parameter grows by 1 %:", ...lines];
}

function worstLines(answer: WhatIfAnswer, variedFile: string): readonly string[] {
  const [name] = measureNames(answer, answer.designs[0] ?? "");
  if (name === undefined) return [];
  const unit = unitOfMeasure(answer.scenario, name);
  const worst = answer.worst(name).slice(0, 3);
  const [first] = worst;
  if (first === undefined || first.value === 0) return [];
  const seeds = worst.map(
    ({ seed, value }) => `seed ${String(seed)} (${formatValue(value, unit)})`,
  );
  return [
    "",
    ...wrapped(`Worst futures of ${name}: ${seeds.join(", ")}`, 2),
    ...wrapped(
      `Look at one: replication-simulator whatif show ${variedFile} --seed ${String(first.seed)}${designFlag(answer.designs[0])}`,
      2,
    ),
  ];
}

/** Returns the command that makes the first broken future small. */
function shrinkLines(answer: WhatIfAnswer, variedFile: string): readonly string[] {
  const broken = answer.expectations().find(({ seeds }) => seeds.length > 0);
  const [seed] = broken?.seeds ?? [];
  if (broken === undefined || seed === undefined) return [];
  const { design, name } = broken;
  const command = `replication-simulator whatif shrink ${variedFile} --seed ${String(seed)}${designFlag(design)} --expect "${name}"`;
  return wrapped(`Make it small: ${command}`, 2);
}

/** Returns the flag that names a design, after a space. The scenario as it is needs none. */
export function designFlag(design = baseDesign): string {
  return design === baseDesign ? "" : ` --design "${design}"`;
}

/** Returns the command that estimates rare events, if a mean has too few futures for an interval. */
function rareLines(answer: WhatIfAnswer, file: string): readonly string[] {
  const isTooRare = answer.designs.some((design) =>
    measureNames(answer, design).some((name) => {
      const figures = answer.figures(name, design);
      return figures.kind === "number" && figures.mean.interval === null;
    }),
  );
  if (!isTooRare) return [];
  const command = `replication-simulator whatif rare ${file}`;
  return ["", ...wrapped(`Rare events, by their expectations: ${command}`, 2)];
}

/** Where the figures of a measure begin. */
const figureColumn = 26;

function padded(name: string): string {
  const label = name.length > 22 ? `${name.slice(0, 19)}...` : name;
  return `  ${label.padEnd(24)}`;
}

/** Breaks a line that is too wide; the lines that follow are indented. */
export function wrapped(text: string, indent = 0): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > maxWidth) {
    const cut = rest.lastIndexOf(" ", maxWidth);
    if (cut <= indent) break;
    lines.push(rest.slice(0, cut));
    rest = `${" ".repeat(indent)}${rest.slice(cut + 1)}`;
  }
  return [...lines, rest];
}
