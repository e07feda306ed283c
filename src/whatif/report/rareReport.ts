import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { xmlText } from "../../outline/escape.js";
import { baseDesign } from "../../scenario/format/designs.js";
import { formatDuration } from "../../scenario/format/quantities.js";
import { checkpoints } from "../../statistics/checkpoints.js";
import { notZeroMin } from "../../statistics/interval.js";
import type { Verdict } from "../../statistics/verdict.js";
import { assertInput } from "../assertInput.js";
import { figureOfRoots, type RareAnswer, rareVerdict } from "../rare/estimateRare.js";
import { levelTexts } from "../rare/parseLevel.js";
import type { RareExhibit } from "../rare/rareExhibits.js";
import { largestShareMax, type RareEstimate, rootsMin } from "../rare/rareFigure.js";
import {
  cautionOf,
  engineText,
  expectedText,
  foundText,
  methodText,
  probabilityText,
  yearsText,
} from "../rare/rareText.js";
import { histogramMark } from "./distributionMarks.js";
import { type IntervalRow, intervalsMark } from "./intervalsMark.js";
import { lines, reportPage } from "./reportHtml.js";
import { formatCount, formatShare, formatValue } from "./valueFormat.js";

/** A path to the event, with its picture. */
export interface RarePicture extends Omit<RareExhibit, "journal"> {
  /** A finished picture, as `timelineSvg` draws it. */
  readonly timelineSvg: string;
}

/** Everything that a report on rare events shows. */
export interface RareReportInput {
  /** The question that the scenario asks. */
  readonly title: string;
  readonly answers: readonly RareAnswer[];
  /** Paths to each event, in the order of the answers. */
  readonly pictures?: readonly (readonly RarePicture[])[];
  /** The scenario as it was written. */
  readonly scenario: string;
  /** The command that makes this report again. */
  readonly command: string;
}

const inputNames: OptionNames<RareReportInput> = {
  title: true,
  answers: true,
  pictures: true,
  scenario: true,
  command: true,
};

/**
 * Returns a report on rare events as one HTML file: no script, no network, light and dark, readable on paper.
 * @throws InvalidInputError for an unknown field of the input
 */
export function rareReportHtml(input: RareReportInput): string {
  assertKnownOptions(input, inputNames, "input");
  const expected = "an object with title, answers, scenario and command";
  assertInput(input, { field: "input", expected }, "title", "answers", "scenario", "command");
  const { title, answers, scenario, command } = input;
  const horizon = formatDuration(answers[0]?.scenario.horizon ?? 0);
  const several = answers.length === 1 ? "One rare event" : `${String(answers.length)} rare events`;
  return reportPage(title, [
    `<header><h1>${xmlText(title)}</h1>
<p class="lead">${several} within ${xmlText(horizon)}; intervals at 95 %.</p>
<p class="note">The horizon begins with a topology at rest. A probability is that of at least one such event within it, and a statement about the model: its interval holds the uncertainty of sampling alone.</p></header>`,
    answerSection(answers),
    ...answers.map((answer, at) => eventSection(answer, input.pictures?.[at] ?? [])),
    `<h2>Scenario</h2>
<p>Run it again; the same seeds give the same bytes:</p>
<pre>${xmlText(command)}</pre>
<pre>${lines(scenario)}</pre>`,
    footer(answers),
  ]);
}

const words: Readonly<Record<Verdict, string>> = {
  met: '<span class="verdict met">✓ met</span>',
  "not met": '<span class="verdict missed">✕ not met</span>',
  undecided: '<span class="verdict undecided">? undecided</span>',
};

function answerSection(answers: readonly RareAnswer[]): string {
  const rows = answers.map((answer) => {
    const { event, figure, scenario } = answer;
    const name = `<td>${xmlText(event.name)}<small>${xmlText(event.text)}</small></td>`;
    if (figure.kind === "shortfall") {
      return `<tr>${name}<td colspan="3"><span class="verdict undecided">no figure</span><small>see what fell short below</small></td></tr>`;
    }
    const verdict = rareVerdict(answer);
    const checked =
      verdict === null ? "" : `${words[verdict]}<small>expected ${expectedText(event)}</small>`;
    const often = yearsText((scenario.horizon ?? 0) / figure.probability);
    return `<tr>${name}<td class="n">${probabilityText(figure.probability)}<small>${rangeText(figure)}</small></td><td>${often}</td><td>${checked}</td></tr>`;
  });
  return `<h2>Answer</h2>
<div class="scroll"><table><tr><th>event</th><th class="n">probability</th><th>how often</th><th></th></tr>${rows.join("")}</table></div>`;
}

function rangeText({ interval: { low, high } }: RareEstimate): string {
  return `${probabilityText(low)} to ${probabilityText(high)}`;
}

function eventSection(answer: RareAnswer, pictures: readonly RarePicture[]): string {
  const { event, figure, setup, engine } = answer;
  const caution = cautionOf(answer);
  const shortfall =
    figure.kind === "estimate"
      ? ""
      : figure.reasons
          .map(
            (reason) =>
              `<p class="warning">${xmlText(foundText(reason, figure))}: ${xmlText(reason.advice)}</p>`,
          )
          .join("");
  return `<h2>${xmlText(event.name)}</h2>
${shortfall}
${caution === undefined ? "" : `<p class="warning">Caution: ${xmlText(caution)}.</p>`}
${settlingFigure(answer)}
${guardsTable(answer)}
<h3>How paths were led to the event</h3>
<p>${xmlText(methodText(setup, figure))}. Level: ${xmlText(levelTexts(setup.level).join(", "))}. ${xmlText(engineText(engine))}.</p>
<p>${formatCount(figure.hits)} of the copies came to the event; ${formatCount(figure.direct)} roots came to it while the level was 0.</p>
${valuesFigure(answer)}
${picturesSection(pictures)}`;
}

/** The estimate at each doubling of the roots: it has to settle. */
function settlingFigure(answer: RareAnswer): string {
  const { results, setup, figure, event } = answer;
  if (results === null) return "";
  const { shardSize } = results.spec;
  const limits = event.atMost === null ? [] : [{ value: event.atMost, label: "expected at most" }];
  const counts = [
    ...checkpoints(figure.roots).filter((roots) => roots < figure.roots && roots % shardSize === 0),
    figure.roots,
  ];
  const rows = counts.flatMap((roots): readonly IntervalRow[] => {
    const seen = figureOfRoots(results, setup, Math.ceil(roots / shardSize));
    if (seen.kind !== "estimate") return [];
    const { probability: value, interval } = seen;
    const text = `${probabilityText(value)} (${rangeText(seen)})`;
    return [{ name: `${formatCount(roots)} roots`, value, interval, text, colour: 0 }];
  });
  if (rows.length === 0) return "";
  const near = limits.filter(({ value }) => rows.some((row) => value < 30 * (row.value ?? 0)));
  const options = { unit: "number", title: `${event.name}: probability` } as const;
  return `<figure><figcaption>Probability, as roots are added; an interval is drawn where the guards hold.</figcaption>${intervalsMark(rows, { ...options, limits: near })}</figure>`;
}

function guardsTable({ figure }: RareAnswer): string {
  const { roots, notZero, largestShare } = figure;
  const row = (name: string, found: string, needed: string, holds: boolean): string =>
    `<tr><td>${name}</td><td class="n">${found}</td><td class="n">${needed}</td><td>${holds ? '<span class="verdict met">✓ holds</span>' : '<span class="verdict missed">✕ falls short</span>'}</td></tr>`;
  const rows = [
    row("roots", formatCount(roots), `at least ${String(rootsMin)}`, roots >= rootsMin),
    row(
      "roots that are not zero",
      formatCount(notZero),
      `at least ${String(notZeroMin)}`,
      notZero >= notZeroMin,
    ),
    row(
      "share of the sum that the largest root has",
      formatShare(largestShare),
      `at most ${formatShare(largestShareMax)}`,
      largestShare <= largestShareMax,
    ),
  ];
  return `<h3>Guards</h3>
<div class="scroll"><table><tr><th>guard</th><th class="n">found</th><th class="n">needed</th><th></th></tr>${rows.join("")}</table></div>`;
}

function valuesFigure({ results, shards, event }: RareAnswer): string {
  if (results === null) return "";
  const { values } = results.column(baseDesign, "value", shards);
  const sorted = Float64Array.from(values).sort();
  const zero = sorted.filter((value) => value === 0).length;
  const text = `${formatCount(zero)} of ${formatCount(sorted.length)} are zero`;
  const title = `${event.name}: values of roots`;
  return `<figure><figcaption>Values of the roots, whose mean is the probability.</figcaption>${histogramMark([{ name: "values", sorted, colour: 0, text }], { unit: "number", title })}</figure>`;
}

function picturesSection(pictures: readonly RarePicture[]): string {
  if (pictures.length === 0) return "";
  const rows = pictures.map(
    ({ seed, value, share, departedAt, happenedAt, start }) =>
      `<tr><td class="n">${String(seed)}</td><td class="n">${probabilityText(value)}</td><td class="n">${formatShare(share)}</td><td class="n">${formatValue(departedAt - start, "duration")}</td><td class="n">${formatValue(happenedAt - departedAt, "duration")}</td></tr>`,
  );
  const drawn = pictures.map(
    ({ seed, timelineSvg }) =>
      `<details open><summary>Root ${String(seed)}: the path that counts for most</summary><figure>${timelineSvg}</figure></details>`,
  );
  return `<h3>Worst futures</h3>
<p class="note">Roots with the largest values, and in each the path that counts for most: to look at, not to count.</p>
<div class="scroll"><table><tr><th class="n">seed</th><th class="n">value</th><th class="n">share of the sum</th><th class="n">leaves health after</th><th class="n">the event follows within</th></tr>${rows.join("")}</table></div>
${drawn.join("\n")}`;
}

function footer(answers: readonly RareAnswer[]): string {
  const [first] = answers.flatMap(({ results }) => (results === null ? [] : [results]));
  if (first === undefined) return "";
  const { engine, seeds } = first.spec;
  return `<footer>replication-simulator ${xmlText(engine.version)}, behaviour ${xmlText(engine.fingerprint.slice(0, 8))}; seeds from ${String(seeds.first)} on.</footer>`;
}
