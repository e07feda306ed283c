import { xmlText } from "../../outline/escape.js";
import type { LimitVerdict, Verdict } from "../../statistics/verdict.js";
import { type Expectation, measureOf } from "../ensemble/expectation.js";
import type { ExpectationVerdict } from "../expectations.js";
import { keyed, type MeasureDescription, type ReportInput } from "./reportInput.js";
import { formatCount, formatInterval, formatShare, formatValue } from "./valueFormat.js";

/** The verdict on each expectation, for each design. */
export function answerSection(input: ReportInput): string {
  const { summary, expectations = {}, everyFuture = [], measures } = input;
  const designs = Object.entries(summary.designs);
  const rows = Object.entries(expectations).map(([name, expectation]) => {
    const cells = designs.map(([, { expectations: checked }]) =>
      verdictCell(checked[name], expectation, measures),
    );
    return `<tr><td>${xmlText(name)}<small>${xmlText(expectationText(expectation, measures))}</small></td>${cells.join("")}</tr>`;
  });
  for (const name of new Set(everyFuture.map((verdict) => verdict.name))) {
    const verdicts = everyFuture.filter((verdict) => verdict.name === name);
    const cells = designs.map(([design]) =>
      everyFutureCell(verdicts.find((verdict) => verdict.design === design)),
    );
    const text = everyFutureText(verdicts[0]?.expectation);
    rows.push(`<tr><td>${xmlText(name)}<small>${xmlText(text)}</small></td>${cells.join("")}</tr>`);
  }
  if (rows.length === 0) return "";
  const heads = designs.map(([design]) => `<th>${keyed(summary, design)}</th>`);
  return `<h2>Answer</h2>
<div class="scroll"><table><tr><th>expectation</th>${heads.join("")}</tr>${rows.join("")}</table></div>`;
}

/** Returns an expectation as a person would say it. */
export function expectationText(
  expectation: Expectation,
  measures: Readonly<Record<string, MeasureDescription>>,
): string {
  const measure = measureOf(expectation);
  const unit = measures[measure]?.unit ?? "number";
  const [words, bound] =
    "atMost" in expectation ? ["at most", expectation.atMost] : ["at least", expectation.atLeast];
  if ("share" in expectation) {
    const above =
      expectation.above === 0 ? "any" : `more than ${formatValue(expectation.above, unit)}`;
    return `${words} ${formatShare(bound)} of the futures have ${above} (${measure})`;
  }
  const limit = `${words} ${formatValue(bound, unit)}`;
  return "mean" in expectation
    ? `mean of ${measure}: ${limit}`
    : `${formatShare(expectation.quantile)} of ${measure}: ${limit}`;
}

/** Returns the text of an expectation that must hold in every future. */
function everyFutureText(expectation: ExpectationVerdict["expectation"] | undefined): string {
  if (expectation === undefined) return "";
  if ("holds" in expectation) return `holds in every future: ${expectation.holds}`;
  if (!("never" in expectation)) return "";
  const { never, of, for: lasting = 0 } = expectation;
  const time = lasting === 0 ? "" : ` for ${formatValue(lasting, "duration")}`;
  return `in no future: ${never} of ${of}${time}`;
}

function everyFutureCell(verdict: ExpectationVerdict | undefined): string {
  if (verdict === undefined) return "<td></td>";
  const { value, interval, seeds } = verdict;
  const { text, class: kind } = words[verdict.verdict];
  const share = value === null ? "" : `broken by ${formatShare(value)} of futures`;
  const range =
    interval === null
      ? ""
      : `${formatShare(interval.low ?? 0)} to ${formatShare(interval.high ?? 1)}`;
  const first = seeds.length === 0 ? "" : `<small>seeds ${seeds.join(", ")}</small>`;
  return `<td><span class="verdict ${kind}">${text}</span><small>${share}</small><small>${range}</small>${first}</td>`;
}

const words: Readonly<Record<Verdict, { readonly text: string; readonly class: string }>> = {
  met: { text: "✓ met", class: "met" },
  "not met": { text: "✕ not met", class: "missed" },
  undecided: { text: "? undecided", class: "undecided" },
};

function verdictCell(
  limitVerdict: LimitVerdict | undefined,
  expectation: Expectation,
  measures: Readonly<Record<string, MeasureDescription>>,
): string {
  if (limitVerdict === undefined) return "<td></td>";
  const { verdict, value, interval, futuresToDecide } = limitVerdict;
  const isShare = "share" in expectation;
  const unit = measures[measureOf(expectation)]?.unit ?? "number";
  const figure = value === null ? "" : isShare ? formatShare(value) : formatValue(value, unit);
  const range =
    interval === null || interval.low === interval.high
      ? ""
      : isShare
        ? `${formatShare(interval.low ?? 0)} to ${formatShare(interval.high ?? 1)}`
        : formatInterval(interval, unit);
  const more =
    futuresToDecide === null
      ? ""
      : `<small>about ${formatCount(futuresToDecide)} futures would decide</small>`;
  return `<td><span class="verdict ${words[verdict].class}">${words[verdict].text}</span><small>${figure}</small><small>${range}</small>${more}</td>`;
}
