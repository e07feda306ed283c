import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { timelineSvg } from "../../../render/timelineSvg.js";
import { formatScenario } from "../../../scenario/file/formatScenario.js";
import { baseDesign } from "../../../scenario/format/designs.js";
import { measureUnit } from "../../../scenario/format/measureSets.js";
import { formatDuration } from "../../../scenario/format/quantities.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import {
  answerText,
  designFlag,
  engineLines,
  stopLines,
  withoutEffect,
} from "../../../whatif/answerText.js";
import { summaryJson } from "../../../whatif/ensemble/ensembleSummary.js";
import { problemText } from "../../../whatif/future/stepProblems.js";
import { futuresCsv } from "../../../whatif/report/futuresCsv.js";
import { reportHtml } from "../../../whatif/report/reportHtml.js";
import type { ReportInput } from "../../../whatif/report/reportInput.js";
import { isLevel, overTime } from "../../../whatif/sweep.js";
import { type WhatIfAnswer, whatIf } from "../../../whatif/whatIf.js";
import type { CliIo } from "../terminal.js";

/** How the commands that are printed name the scenario. */
export interface PrintedCommand {
  readonly file: string;
  /** Flags by which it varies the file, each after a space. Default none. */
  readonly varied?: string;
}

/** Prints an answer: a table of at most 80 columns, or JSON. */
export async function printAnswer(
  answer: WhatIfAnswer,
  {
    json,
    file,
    varied,
    terminal,
  }: PrintedCommand & { readonly json: boolean; readonly terminal: CliIo },
): Promise<void> {
  if (!json) {
    await terminal.out(answerText(answer, file, varied));
    return;
  }
  const summary: unknown = JSON.parse(summaryJson(answer.summary()));
  const verdicts = answer.expectations();
  // The number of states that a process has computed depends on its share of the futures, so it is left out.
  const engines = Object.fromEntries(
    Object.entries(answer.engines).map(([design, { engine, reason }]) => [
      design,
      reason === undefined ? { engine } : { engine, reason },
    ]),
  );
  const whole = { ...(summary as object), verdicts, engines, withoutEffect: withoutEffect(answer) };
  await terminal.out(`${JSON.stringify(whole, undefined, 2)}\n`);
}

/** Writes the figures and one line for each future. */
export async function writeAnswer(
  answer: WhatIfAnswer,
  { dir, ...command }: PrintedCommand & { readonly dir: string },
): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "summary.json"), `${summaryJson(answer.summary())}\n`);
  await writeFile(join(dir, "futures.csv"), futuresCsv(answer.results, answer.shards));
  await writeFile(join(dir, "report.html"), reportHtml(reportInput(answer, command)));
}

/** Maximum number of worst futures in a report. */
const maxExhibits = 3;

function reportInput(answer: WhatIfAnswer, { file, varied = "" }: PrintedCommand): ReportInput {
  const { scenario, results, shards, futures } = answer;
  const { first } = results.spec.seeds;
  const question = whatIf(scenario);
  const measures = Object.entries(scenario.measures ?? {}).map(
    ([name, { measure }]) => [name, { unit: measureUnit(measure) }] as const,
  );
  const [main] = measures;
  const worst = main === undefined ? [] : answer.worst(main[0]).filter(({ value }) => value > 0);
  const design = answer.designs[0] ?? baseDesign;
  const isPart = answer.designs.length < question.designs.length;
  const command = [
    `replication-simulator whatif run ${file}${varied} --futures ${String(futures)} --seed ${String(first)}`,
    ...(isPart ? answer.designs.map((each) => `--design "${each}"`) : []),
  ].join(" ");
  return {
    title: scenario.title ?? file,
    summary: answer.summary(),
    results,
    shards,
    measures: Object.fromEntries(measures),
    verdicts: answer.expectations(),
    sensitivity: sensitivityOfAll(answer),
    bands: bandsOf(answer),
    exhibits: (question.designs.includes(design) ? worst.slice(0, maxExhibits) : []).map(
      ({ seed }) => ({
        design,
        seed,
        timelineSvg: timelineSvg(question.future(seed, design).run.sim.journal()),
      }),
    ),
    notes: [
      ...notesOf(scenario),
      ...engineLines(answer),
      ...stopLines(answer),
      ...withoutEffectNotes(answer),
    ],
    scenario: formatScenario(scenario),
    command,
    showCommand: (shown, seed) =>
      `replication-simulator whatif show ${file}${varied} --seed ${String(seed)}${designFlag(shown)} --open`,
  };
}

function sensitivityOfAll(answer: WhatIfAnswer): NonNullable<ReportInput["sensitivity"]> {
  const found = Object.keys(answer.scenario.measures ?? {}).map(
    (name) => [name, answer.sensitivity(name)] as const,
  );
  return Object.fromEntries(found.filter(([, parameters]) => parameters.length > 0));
}

/** Maximum number of measures over time in a report, and of their designs. */
const [maxBands, maxBandDesigns] = [2, 4];

function bandsOf({ scenario, designs, results }: WhatIfAnswer): NonNullable<ReportInput["bands"]> {
  const { first, count } = results.spec.seeds;
  if (scenario.horizon === undefined || count < 20) return {};
  const options = { firstSeed: first, futures: Math.min(200, count) };
  const names = Object.keys(scenario.measures ?? {}).filter((name) => isLevel(scenario, name));
  return Object.fromEntries(
    names.slice(0, maxBands).map((name) => {
      const courses = designs
        .slice(0, maxBandDesigns)
        .map((design) => [design, overTime(scenario, name, { ...options, design })] as const);
      const moments = courses[0]?.[1].moments ?? [];
      return [
        name,
        {
          moments,
          designs: Object.fromEntries(courses.map(([design, { band }]) => [design, band])),
        },
      ];
    }),
  );
}

/** Steps that have no effect although nothing fails at random: figures are not about what the scenario says. */
function withoutEffectNotes(answer: WhatIfAnswer): readonly string[] {
  return Object.entries(withoutEffect(answer)).flatMap(([design, problems]) =>
    problems.map(
      (problem) =>
        `Without effect in ${design}, although nothing fails at random: ${problemText(problem)}`,
    ),
  );
}

function notesOf({ horizon, warmUp }: Scenario): readonly string[] {
  if (horizon === undefined) return [];
  const begin =
    warmUp === undefined
      ? "a topology at rest"
      : `${formatDuration(warmUp)} after a topology at rest`;
  return [`Each future lasts ${formatDuration(horizon)} and is measured from ${begin} on.`];
}
