import { xmlText } from "../../outline/escape.js";
import type { ExpectationOf } from "../../scenario/format/scenario.js";
import type { Verdict } from "../../statistics/verdict.js";
import type { ExpectationVerdict } from "../expectations.js";
import { keyed, type MeasureDescription, type ReportInput } from "./reportInput.js";
import {
  formatCount,
  formatInterval,
  formatShare,
  formatValue,
  type ValueUnit,
} from "./valueFormat.js";

type Measures = Readonly<Record<string, MeasureDescription>>;

/** The verdict on each expectation, for each design. A design that expects something else says so in its cell. */
export function answerSection({ summary, verdicts = [], measures }: ReportInput): string {
  const designs = Object.keys(summary.designs);
  const names = [...new Set(verdicts.map(({ name }) => name))];
  if (names.length === 0) return "";
  const rows = names.map((name) => {
    const ofName = verdicts.filter((verdict) => verdict.name === name);
    const text = expectationText(ofName[0]?.expectation, measures);
    const cells = designs.map((design) => {
      const verdict = ofName.find((one) => one.design === design);
      if (verdict === undefined) return "<td></td>";
      const own = expectationText(verdict.expectation, measures);
      return verdictCell(verdict, own === text ? "" : own, measures);
    });
    return `<tr><td>${xmlText(name)}${small(text)}</td>${cells.join("")}</tr>`;
  });
  const heads = designs.map((design) => `<th>${keyed(summary, design)}</th>`);
  return `<h2>Answer</h2>
<div class="scroll"><table><tr><th>expectation</th>${heads.join("")}</tr>${rows.join("")}</table></div>`;
}

/** Returns an expectation as a person would say it; without one, what the checks of steps and own properties mean. */
export function expectationText(
  expectation: ExpectationOf<number> | undefined,
  measures: Measures,
): string {
  if (expectation === undefined) return "holds in every future";
  if ("holds" in expectation) return `holds in every future: ${expectation.holds}`;
  if ("never" in expectation) {
    const { never, of, for: lasting = 0 } = expectation;
    const time = lasting === 0 ? "" : ` for ${formatValue(lasting, "duration")}`;
    return `in no future: ${never} of ${of}${time}`;
  }
  const { atMost, atLeast } = expectation;
  const show = (bound: number): string => formatFigure(bound, expectation, measures);
  const bounds = [
    ...(atMost === undefined ? [] : [`at most ${show(atMost)}`]),
    ...(atLeast === undefined ? [] : [`at least ${show(atLeast)}`]),
  ].join(" and ");
  if ("mean" in expectation) return `mean of ${expectation.mean}: ${bounds}`;
  if ("quantile" in expectation)
    return `${formatShare(expectation.quantile)} of ${expectation.of}: ${bounds}`;
  const { share, above } = expectation;
  const unit = measures[share]?.unit ?? "number";
  const any = above === 0 ? "any" : `more than ${formatValue(above, unit)}`;
  return `${bounds} of the futures have ${any} (${share})`;
}

const words: Readonly<Record<Verdict, { readonly text: string; readonly class: string }>> = {
  met: { text: "✓ met", class: "met" },
  "not met": { text: "✕ not met", class: "missed" },
  undecided: { text: "? undecided", class: "undecided" },
};

function verdictCell(verdict: ExpectationVerdict, own: string, measures: Measures): string {
  const { value, interval, futuresToDecide, expectation, seeds } = verdict;
  const { text, class: kind } = words[verdict.verdict];
  const show = (figure: number): string => formatFigure(figure, expectation, measures);
  const isShare = unitOfFigure(expectation, measures) === undefined;
  const isCounted = expectation === undefined || "never" in expectation || "holds" in expectation;
  const figure =
    value === null ? "no value" : isCounted ? `broken by ${show(value)} of futures` : show(value);
  const range =
    interval === null || interval.low === interval.high
      ? ""
      : isShare
        ? `${formatShare(interval.low ?? 0)} to ${formatShare(interval.high ?? 1)}`
        : formatInterval(interval, unitOfFigure(expectation, measures) ?? "number");
  const more =
    futuresToDecide === null ? "" : `about ${formatCount(futuresToDecide)} futures would decide`;
  const first = seeds.length === 0 ? "" : `seeds ${seeds.join(", ")}`;
  const details = [own, figure, range, more, first].map(small).join("");
  return `<td><span class="verdict ${kind}">${text}</span>${details}</td>`;
}

function small(text: string): string {
  return text === "" ? "" : `<small>${xmlText(text)}</small>`;
}

function formatFigure(
  figure: number,
  expectation: ExpectationOf<number> | undefined,
  measures: Measures,
): string {
  const unit = unitOfFigure(expectation, measures);
  return unit === undefined ? formatShare(figure) : formatValue(figure, unit);
}

/** Returns the unit of a figure; undefined for a share of futures. */
function unitOfFigure(
  expectation: ExpectationOf<number> | undefined,
  measures: Measures,
): ValueUnit | undefined {
  if (expectation === undefined) return undefined;
  if ("mean" in expectation) return measures[expectation.mean]?.unit ?? "number";
  return "quantile" in expectation ? (measures[expectation.of]?.unit ?? "number") : undefined;
}
