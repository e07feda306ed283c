import { xmlText } from "../../outline/escape.js";
import type { Comparison, PairingGain } from "../../statistics/comparison.js";
import { type IntervalRow, intervalsMark } from "./intervalsMark.js";
import { colourOf, keyed, ordered, type ReportInput, unitOf } from "./reportInput.js";
import { formatCount, formatInterval, formatValue, type ValueUnit } from "./valueFormat.js";

/** Each further design against the first one: ratios first, since what both share cancels in them. */
export function comparisonSection(input: ReportInput): string {
  const { summary } = input;
  const compared = Object.entries(summary.comparisons);
  if (compared.length === 0) return "";
  const [baseline = ""] = Object.keys(summary.designs);
  const measures = Object.keys(compared[0]?.[1] ?? {});
  const parts = ordered(measures, input).flatMap((measure) => {
    const rows = compared.flatMap(([design, found]) => {
      const comparison = found[measure];
      return comparison === undefined ? [] : [{ design, comparison }];
    });
    const drawn = rows.flatMap(({ design, comparison }): IntervalRow[] => {
      const { ratio } = comparison;
      if (ratio === null || ratio.value <= 0) return [];
      return [
        {
          name: design,
          value: ratio.value,
          interval: ratio.interval,
          text: ratioText(comparison),
          colour: colourOf(summary, design),
        },
      ];
    });
    const mark =
      drawn.length === 0
        ? ""
        : `<figure>${intervalsMark(drawn, { unit: "number", scale: "log", reference: 1, title: `${measure}: ratio to ${baseline}` })}</figure>`;
    const isList = summary.designs[baseline]?.measures[measure]?.kind === "list";
    return [
      `<h3>${xmlText(measure)}${isList ? " <small>sum of a future</small>" : ""}</h3>${mark}`,
      table(input, rows, unitOf(input, measure)),
    ];
  });
  return `<h2>Compared with ${xmlText(baseline)}</h2>
<p class="note">Future by future on the same seeds. The gain says how much less variance the pairs leave than independent futures would: near 1, pairing does nothing.</p>
${parts.join("\n")}`;
}

function table(
  { summary }: ReportInput,
  rows: readonly { readonly design: string; readonly comparison: Comparison }[],
  unit: ValueUnit,
): string {
  const lines = rows.map(({ design, comparison }) => {
    const { ratio, difference, differing, pairs } = comparison;
    if (pairs === 0) {
      return `<tr><td>${keyed(summary, design)}</td><td colspan="5">no pair: no seed has a value in both</td></tr>`;
    }
    const cells = [
      ratio === null ? "" : ratioText(comparison),
      ratio === null ? "" : gainText(ratio.gain),
      `${signed(difference.value, unit)}${difference.interval === null || difference.interval.low === difference.interval.high ? "" : `<small>${formatInterval(difference.interval, unit)}</small>`}`,
      gainText(difference.gain),
      `${formatCount(differing)} of ${formatCount(pairs)}`,
    ];
    return `<tr><td>${keyed(summary, design)}</td>${cells.map((cell) => `<td class="n">${cell}</td>`).join("")}</tr>`;
  });
  const heads = ["ratio", "gain", "difference", "gain", "pairs that differ"];
  return `<div class="scroll"><table><tr><th>design</th>${heads.map((head) => `<th class="n">${head}</th>`).join("")}</tr>${lines.join("")}</table></div>`;
}

/** Returns a ratio in words: `3.99 times (3.96 to 4.02)`. */
export function ratioText({ ratio, differing }: Comparison): string {
  if (ratio === null) return "no ratio";
  if (differing === 0) return "the same in all pairs";
  const { value, interval } = ratio;
  const range =
    interval === null || interval.low === interval.high
      ? ""
      : ` (${formatInterval(interval, "number")})`;
  return `${formatValue(value, "number")} times${range}`;
}

/** Returns a gain in words. */
export function gainText(gain: PairingGain): string {
  return gain === "infinite" ? "all" : `× ${formatValue(Number(gain.toPrecision(2)), "number")}`;
}

function signed(value: number, unit: ValueUnit): string {
  return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit);
}
