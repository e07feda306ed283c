import { formatDuration } from "../../scenario/format/quantities.js";
import { wrapped } from "../answerText.js";
import { assertRareAnswer } from "../assertInput.js";
import { formatCount, formatShare, formatValue } from "../report/valueFormat.js";
import { type RareAnswer, rareVerdict } from "./estimateRare.js";
import type { RareEstimate, RareRoots, ShortfallReason } from "./rareFigure.js";
import type { RareSetup } from "./rareScenario.js";

/** Above so large a probability an event is not rare. */
const rareMost = 0.01;
const yearMs = 365 * 86_400_000;

/** Returns an answer as text of at most 80 columns: the probability, or what fell short and what to do. */
export function rareText(answer: RareAnswer): string {
  assertRareAnswer(answer);
  const { event, scenario, figure, setup } = answer;
  const horizon = scenario.horizon ?? 0;
  const lines = [`${event.name}: ${event.text}, within ${formatDuration(horizon)}`];
  if (figure.kind === "estimate") lines.push(...estimateLines(answer, figure, horizon));
  else {
    lines.push("  no figure:");
    for (const reason of figure.reasons) {
      lines.push(`  - ${foundText(reason, figure)}`, `    ${reason.advice}`);
    }
  }
  lines.push(
    `  ${rootsText(figure)}`,
    `  ${methodText(setup, figure)}`,
    `  ${engineText(answer.engine)}`,
  );
  const caution = cautionOf(answer);
  if (caution !== undefined) lines.push(`  Caution: ${caution}`);
  const indented = lines.flatMap((line) => wrapped(line, line.search(/\S/) + 2));
  return `${indented.join("\n")}\n`;
}

function estimateLines(
  answer: RareAnswer,
  { probability, interval: { low, high }, confidence }: RareEstimate,
  horizon: number,
): readonly string[] {
  const between = `${probabilityText(low)} to ${probabilityText(high)}`;
  const lines = [
    `  ${probabilityText(probability)} (${between}, ${formatShare(confidence)} confidence)`,
    `  once in ${formatCount(Number((1 / probability).toPrecision(2)))} futures: ${yearsText(horizon / probability)}`,
  ];
  const verdict = rareVerdict(answer);
  if (verdict !== null) {
    const words = { met: "MET", "not met": "NOT MET", undecided: "UNDECIDED" };
    lines.push(`  ${words[verdict]}: expected ${expectedText(answer.event)}`);
  }
  if (probability > rareMost) lines.push("  not rare: whatif run estimates it as well");
  return lines;
}

/** Returns what an expectation allows. */
export function expectedText({ atMost, atLeast, bound }: RareAnswer["event"]): string {
  if (bound === undefined) return "never (a share of futures allows some)";
  const bounds = [
    ...(atMost === null ? [] : [`at most ${formatShare(atMost)}`]),
    ...(atLeast === null ? [] : [`at least ${formatShare(atLeast)}`]),
  ];
  return bounds.join(" and ");
}

/** How often an event of a probability comes, in years of a horizon. */
export function yearsText(ms: number): string {
  const years = ms / yearMs;
  if (years < 1) return `once in ${formatValue(ms, "duration")} of time`;
  return `once in ${formatCount(Number(years.toPrecision(2)))} years of time`;
}

/** Formats a probability: percent from a thousandth on, else powers of ten. */
export function probabilityText(probability: number): string {
  return probability >= 0.001 ? formatShare(probability) : probability.toExponential(2);
}

function rootsText({ roots, notZero, largestShare }: RareRoots): string {
  const largest =
    largestShare === 0 ? "" : `, the largest has ${formatShare(largestShare)} of the sum`;
  return `${formatCount(roots)} roots, ${formatCount(notZero)} not zero${largest}`;
}

/** How roots are led to the event. */
export function methodText(
  { method, copies, scaleMs, factors }: RareSetup,
  { departures, roots }: RareRoots,
): string {
  const each = `${formatValue(departures / Math.max(1, roots), "number")} departures a root`;
  return method === "forced"
    ? `forced excursions: ${each}, ${String(copies)} copies each, scale ${formatValue(scaleMs, "duration")}`
    : `RESTART: ${each}, factors ${factors.join(", ")}`;
}

/** What no guard can see of a figure; undefined where nothing is known to be missed. */
export function cautionOf({ event, scenario, setup }: RareAnswer): string | undefined {
  const measure = event.bound && scenario.measures?.[event.bound.measure]?.measure;
  if (measure !== "lostTransactions" || setup.level !== "copies") return undefined;
  return "a replica that catches up counts as a copy, so losses in that time come by chance alone and few roots miss them; compare with whatif run or with more roots";
}

/** How roots were computed, and why not from tables. */
export function engineText({ engine, reason }: RareAnswer["engine"]): string {
  return `Engine: ${engine}${reason === undefined ? "" : ` (${reason})`}`;
}

/** What fell short. */
export function foundText({ guard, found, bound }: ShortfallReason, { roots }: RareRoots): string {
  const of = formatCount(roots);
  switch (guard) {
    case "departures":
      return `the level never rose in ${of} natural futures`;
    case "direct":
      return `${formatCount(found)} of ${formatCount(2 * bound)} hits came while the level was 0`;
    case "roots":
      return `${of} roots, at least ${String(bound)} are needed`;
    case "notZero":
      return `${formatCount(found)} of ${of} roots are not zero, at least ${String(bound)} are needed`;
    case "largestShare":
      return `one root has ${formatShare(found)} of the sum, at most ${formatShare(bound)} is allowed`;
  }
}
