import { xmlText } from "../../outline/escape.js";
import { sortedValues } from "../../statistics/quantile.js";
import { measureOf } from "../ensemble/expectation.js";
import type { MeasureFigures } from "../ensemble/figures.js";
import { boundsOf } from "../expectations.js";
import { ecdfMark, histogramMark } from "./distributionMarks.js";
import { type IntervalRow, intervalsMark } from "./intervalsMark.js";
import { colourOf, keyed, ordered, type ReportInput, unitOf } from "./reportInput.js";
import {
  formatCount,
  formatInterval,
  formatShare,
  formatValue,
  type ValueUnit,
} from "./valueFormat.js";

/** Estimates, distributions and warnings, measure by measure. */
export function measuresSection(input: ReportInput): readonly string[] {
  const { summary } = input;
  const names = Object.keys(Object.values(summary.designs)[0]?.measures ?? {});
  return [
    "<h2>Figures</h2>",
    ...ordered(names, input).map((measure) => measureSection(input, measure)),
  ];
}

function measureSection(input: ReportInput, measure: string): string {
  const { summary, measures } = input;
  const unit = unitOf(input, measure);
  const figures = Object.entries(summary.designs).flatMap(([design, { measures: found }]) => {
    const figure = found[measure];
    return figure === undefined ? [] : [{ design, figure }];
  });
  const definition = measures[measure]?.definition;
  const isList = figures.some(({ figure }) => figure.kind === "list");
  const rows = figures.map(({ design, figure }): IntervalRow => {
    const estimate = isList ? figure.quantiles.find(({ share }) => share === 0.95) : figure.mean;
    const value = estimate?.value ?? null;
    const interval = estimate?.interval ?? null;
    const text = value === null ? "no value" : estimateText(value, interval, unit);
    return { name: design, value, interval, text, colour: colourOf(summary, design) };
  });
  const limits = limitsOf(input, measure, isList);
  return `<h3>${xmlText(measure)} <small>${xmlText(definition ?? "")}</small></h3>
<figure><figcaption>${isList ? "95 % of all values are within this" : "Mean of a future"}</figcaption>
${intervalsMark(rows, { unit, limits, title: `${measure}: estimate and interval of each design` })}</figure>
${distributions(input, measure)}
${figures.flatMap(({ design, figure }) => warnings(design, figure)).join("")}
<details><summary>All figures of ${xmlText(measure)}</summary>${figureTable(input, figures, unit)}</details>`;
}

function estimateText(
  value: number,
  interval: MeasureFigures["quantiles"][number]["interval"] | null,
  unit: ValueUnit,
): string {
  if (interval === null) return formatValue(value, unit);
  if (interval.low === interval.high) return formatValue(value, unit);
  return `${formatValue(value, unit)} (${formatInterval(interval, unit)})`;
}

function limitsOf({ verdicts = [], measures }: ReportInput, measure: string, isList: boolean) {
  const bounds = verdicts.flatMap(({ expectation }) =>
    expectation === undefined ? [] : boundsOf(expectation),
  );
  const limits = bounds.flatMap((expectation) => {
    if (measureOf(expectation) !== measure || "share" in expectation) return [];
    // Limits are drawn only for drawn figures.
    if (isList !== "quantile" in expectation) return [];
    if ("quantile" in expectation && expectation.quantile !== 0.95) return [];
    const value = "atMost" in expectation ? expectation.atMost : expectation.atLeast;
    const label = `${"atMost" in expectation ? "at most" : "at least"} ${formatValue(value, measures[measure]?.unit ?? "number")}`;
    return [{ value, label }];
  });
  // Designs that expect the same have one line.
  return [...new Map(limits.map((limit) => [limit.label, limit])).values()];
}

function distributions(input: ReportInput, measure: string): string {
  const { results, shards, summary } = input;
  if (results === undefined || results.spec.keep === "sketch") return "";
  const unit = unitOf(input, measure);
  const rows = Object.keys(summary.designs).map((design) => {
    const sorted = sortedValues(results.column(design, measure, shards).values);
    const zeros = sorted.filter((value) => value === 0).length;
    const share = sorted.length === 0 ? 0 : zeros / sorted.length;
    const text =
      share === 0 ? `${formatCount(sorted.length)} values` : `${formatShare(share)} are 0`;
    return { name: design, sorted, colour: colourOf(summary, design), text };
  });
  // If no design varies, the estimate is complete without a plot.
  if (rows.every(({ sorted }) => sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]))
    return "";
  const legend = `<ul class="legend">${rows.map(({ name }) => `<li>${keyed(summary, name)}</li>`).join("")}</ul>`;
  return `<figure><figcaption>Distribution</figcaption>${histogramMark(rows, { unit, title: `${measure}: distribution of each design` })}</figure>
<details><summary>Cumulative distribution</summary><figure>${legend}${ecdfMark(rows, { unit, title: `${measure}: cumulative distribution of each design` })}</figure></details>`;
}

function warnings(design: string, figure: MeasureFigures): readonly string[] {
  if (figure.kind !== "number") return [];
  const { mean } = figure;
  const name = xmlText(design);
  if (mean.interval === null && mean.count > 0) {
    const { low, high } = mean.any.interval;
    return [
      `<p class="warning">${name}: ${formatCount(mean.notZero)} of ${formatCount(mean.count)} futures have any (${formatShare(low ?? 0)} to ${formatShare(high ?? 1)}). A mean of fewer than 20 has no interval; use more futures, or <code>whatif rare</code>.</p>`,
    ];
  }
  if (!mean.isHeavyTailed) return [];
  return [
    `<p class="warning">${name}: a few futures cause most of the variance, so the interval may be too narrow; use more futures.</p>`,
  ];
}

function figureTable(
  { summary }: ReportInput,
  figures: readonly { readonly design: string; readonly figure: MeasureFigures }[],
  unit: ValueUnit,
): string {
  const shares = figures[0]?.figure.quantiles.map(({ share }) => share) ?? [];
  const rows = figures.map(({ design, figure }) => {
    const { mean, quantiles, least, greatest } = figure;
    const any =
      figure.kind === "number"
        ? formatShare(figure.mean.any.value)
        : figure.perFuture === null
          ? ""
          : formatShare(figure.perFuture.any.value);
    const cells = [
      cell(mean?.value ?? null, mean?.interval ?? null, unit),
      ...quantiles.map(({ value, interval }) => cell(value, interval, unit)),
      `<td class="n">${least === null || greatest === null ? "" : `${formatValue(least, unit)}<small>${formatValue(greatest, unit)}</small>`}</td>`,
      `<td class="n">${any}</td>`,
    ];
    return `<tr><td>${keyed(summary, design)}</td>${cells.join("")}</tr>`;
  });
  const heads = [
    figures.some(({ figure }) => figure.kind === "list") ? "mean of a value" : "mean",
    ...shares.map((share) => `${formatShare(share)} within`),
    "least, greatest",
    "futures with any",
  ];
  return `<div class="scroll"><table><tr><th>design</th>${heads.map((head) => `<th class="n">${head}</th>`).join("")}</tr>${rows.join("")}</table></div>`;
}

function cell(
  value: number | null,
  interval: { readonly low: number | null; readonly high: number | null } | null,
  unit: ValueUnit,
): string {
  if (value === null) return `<td class="n"></td>`;
  const small =
    interval === null || interval.low === interval.high
      ? ""
      : `<small>${formatInterval(interval, unit)}</small>`;
  return `<td class="n">${formatValue(value, unit)}${small}</td>`;
}
