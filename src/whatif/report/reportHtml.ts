import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { xmlText } from "../../outline/escape.js";
import { assertInput } from "../assertInput.js";
import type { EnsembleSummary } from "../ensemble/ensembleSummary.js";
import { seedRangesText } from "../ensemble/seedRanges.js";
import { answerSection, expectationText } from "./answerSection.js";
import { bandMark } from "./bandMark.js";
import { comparisonSection } from "./comparisonSection.js";
import { measuresSection } from "./measuresSection.js";
import { colourOf, keyed, ordered, type ReportInput, unitOf } from "./reportInput.js";
import { reportStyles } from "./reportStyles.js";
import { tornadoMark } from "./tornadoMark.js";
import { formatCount, formatElasticity, formatShare, formatValue } from "./valueFormat.js";

const inputNames: OptionNames<ReportInput> = {
  title: true,
  summary: true,
  results: true,
  shards: true,
  measures: true,
  verdicts: true,
  sensitivity: true,
  bands: true,
  exhibits: true,
  notes: true,
  scenario: true,
  command: true,
  showCommand: true,
};

/**
 * Returns a report as one HTML file: no script, no network, light and dark, readable on paper.
 * @throws InvalidInputError for an unknown field of the input
 */
export function reportHtml(input: ReportInput): string {
  assertKnownOptions(input, inputNames, "input");
  const expected = "an object with title, summary, measures, scenario and command";
  assertInput(input, { field: "input", expected }, "title", "summary", "measures");
  const { title, summary } = input;
  const body = [
    header(input),
    answerSection(input),
    ...measuresSection(input),
    comparisonSection(input),
    ...sensitivitySection(input),
    ...bandsSection(input),
    worstSection(input),
    failuresSection(input),
    scenarioSection(input),
    footer(summary),
  ];
  return reportPage(title, body);
}

/** Returns the parts of a report as one file without scripts. */
export function reportPage(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${xmlText(title)}</title><style>${reportStyles}</style></head>
<body><main>
${parts.filter((part) => part !== "").join("\n")}
</main></body></html>
`;
}

function header({ title, summary, notes = [] }: ReportInput): string {
  const { seeds, designs, confidence } = summary;
  const names = Object.keys(designs);
  const ofDesigns =
    names.length === 1 ? "one design" : `${String(names.length)} designs on the same seeds`;
  return `<header><h1>${xmlText(title)}</h1>
<p class="lead">${formatCount(seeds.count)} futures of ${ofDesigns}; intervals at ${formatShare(confidence)}.</p>
${notes.map((note) => `<p class="note">${xmlText(note)}</p>`).join("")}</header>`;
}

function sensitivitySection(input: ReportInput): readonly string[] {
  return Object.entries(input.sensitivity ?? {}).map(([measure, parameters]) => {
    const strength = ({ elasticity }: (typeof parameters)[number]): number =>
      Math.abs(elasticity.value ?? 0);
    const rows = parameters
      .toSorted((a, b) => strength(b) - strength(a))
      .map(({ parameter, elasticity: { value, interval } }) => ({
        name: parameter,
        value,
        interval,
        text: value === null ? "" : formatElasticity({ value, interval }),
      }));
    return `<h2>What ${xmlText(measure)} depends on</h2>
<p class="note">By how many percent the mean changes where a parameter grows by one percent.</p>
<figure>${tornadoMark(rows, `${measure}: elasticities`)}</figure>`;
  });
}

function bandsSection(input: ReportInput): readonly string[] {
  return Object.entries(input.bands ?? {}).map(([measure, { moments, designs }]) => {
    const rows = Object.entries(designs).map(([design, band]) => ({
      colour: colourOf(input.summary, design),
      ...band,
    }));
    const legend = Object.keys(designs).map((design) => `<li>${keyed(input.summary, design)}</li>`);
    return `<h2>${xmlText(measure)} over time</h2>
<p class="note">Mean of all futures; the inner band holds for each moment by itself, the outer one for all together.</p>
<figure><ul class="legend">${legend.join("")}</ul>${bandMark(rows, { moments, unit: unitOf(input, measure), title: `${measure} over time` })}</figure>`;
  });
}

function worstSection(input: ReportInput): string {
  const { summary, exhibits = [], showCommand } = input;
  const [baseline = ""] = Object.keys(summary.designs);
  const figures = summary.designs[baseline]?.measures ?? {};
  const measure = ordered(Object.keys(figures), input).find(
    (name) => (figures[name]?.greatest ?? 0) > 0,
  );
  if (measure === undefined) return "";
  const unit = unitOf(input, measure);
  const rows = (figures[measure]?.worst ?? []).map(
    ({ seed, value }) =>
      `<tr><td class="n">${String(seed)}</td><td class="n">${formatValue(value, unit)}</td><td><code>${xmlText(showCommand(baseline, seed))}</code></td></tr>`,
  );
  const pictures = exhibits.map(
    ({ design, seed, timelineSvg }) =>
      `<details open><summary>Future ${String(seed)} of ${xmlText(design)}</summary><figure>${timelineSvg}</figure></details>`,
  );
  return `<h2>Worst futures</h2>
<p class="note">Seeds of ${xmlText(baseline)} with the largest ${xmlText(measure)}: to look at, not to count.</p>
<div class="scroll"><table><tr><th class="n">seed</th><th class="n">${xmlText(measure)}</th><th>look at it</th></tr>${rows.join("")}</table></div>
${pictures.join("\n")}`;
}

function failuresSection({ summary, showCommand }: ReportInput): string {
  const failures = Object.entries(summary.designs).flatMap(([design, found]) =>
    found.failures.map((failure) => ({ design, ...failure })),
  );
  if (failures.length === 0) return "";
  const rows = failures
    .slice(0, 20)
    .map(
      ({ design, seed, error }) =>
        `<tr><td>${keyed(summary, design)}</td><td class="n">${String(seed)}</td><td>${xmlText(error)}<small>${xmlText(showCommand(design, seed))}</small></td></tr>`,
    );
  return `<h2>Futures that failed</h2>
<p>${formatCount(failures.length)} futures threw; no figure counts them.</p>
<div class="scroll"><table><tr><th>design</th><th class="n">seed</th><th>error</th></tr>${rows.join("")}</table></div>`;
}

function scenarioSection({ scenario, command, verdicts = [], measures }: ReportInput): string {
  const texts = verdicts.map(
    ({ name, expectation }) => `${name}: ${expectationText(expectation, measures)}`,
  );
  const expected = [...new Set(texts)].map((text) => `<li>${xmlText(text)}</li>`);
  return `<h2>Scenario</h2>
<p>Run it again; the same seeds give the same bytes:</p>
<pre>${xmlText(command)}</pre>
${expected.length === 0 ? "" : `<details><summary>Expectations in words</summary><ul>${expected.join("")}</ul></details>`}
<pre>${lines(scenario)}</pre>`;
}

/** Text of several lines; each is escaped, and the line ends stay. */
export function lines(text: string): string {
  return text.trimEnd().split("\n").map(xmlText).join("\n");
}

function footer({ ensemble, engine, seeds, seedRanges = [seeds] }: EnsembleSummary): string {
  return `<footer>replication-simulator ${xmlText(engine.version)}, behaviour ${xmlText(engine.fingerprint.slice(0, 8))}; ensemble ${xmlText(ensemble.slice(0, 8))}; seeds ${seedRangesText(seedRanges)}.</footer>`;
}
