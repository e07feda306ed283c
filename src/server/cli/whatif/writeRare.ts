import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { timelineSvg } from "../../../render/timelineSvg.js";
import { formatScenario } from "../../../scenario/file/formatScenario.js";
import { baseDesign } from "../../../scenario/format/designs.js";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { UnansweredExpectation } from "../../../whatif/exact/stateSpace.js";
import {
  expectationsBesideEvents,
  type RareAnswer,
  rareVerdict,
} from "../../../whatif/rare/estimateRare.js";
import { levelTexts } from "../../../whatif/rare/parseLevel.js";
import { rareExhibits } from "../../../whatif/rare/rareExhibits.js";
import { cautionOf, rareText } from "../../../whatif/rare/rareText.js";
import { type RarePicture, rareReportHtml } from "../../../whatif/report/rareReport.js";
import type { CliIo } from "../terminal.js";
import { exitCodeOf, undecidedLines } from "./exitCodes.js";

/** Where answers on rare events go. */
export interface RareOutput {
  readonly file: string;
  readonly out?: string | undefined;
  readonly json: boolean;
  /** As it was asked for. */
  readonly until: number | "all";
  readonly terminal: CliIo;
}

/** Prints the answer on one of several events as text. */
export async function printRareAnswer(
  answer: RareAnswer,
  { place, terminal }: { readonly place: number; readonly terminal: CliIo },
): Promise<void> {
  await terminal.out(`${place > 0 ? "\n" : ""}${rareText(answer)}`);
}

/** Prints the JSON of answers, writes them, and returns the exit code that they have. */
export async function finishRare(
  answers: readonly RareAnswer[],
  { file, out, json, until, terminal }: RareOutput,
): Promise<number> {
  const undecided = undecidedOf(answers);
  const text = `${JSON.stringify({ rare: answers.map(jsonOf), undecided }, undefined, 2)}\n`;
  await terminal.out(json ? text : undecidedLines(undecided));
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, "rare.json"), text);
    await writeFile(join(out, "report.html"), reportOf(answers, { file, until }));
  }
  const verdicts = answers.map((answer) => rareVerdict(answer) ?? "undecided");
  return exitCodeOf([...verdicts, ...undecided.map(() => "undecided" as const)]);
}

/** Expectations of the file that no answer is about. */
function undecidedOf(answers: readonly RareAnswer[]): readonly UnansweredExpectation[] {
  const [first] = answers;
  if (first === undefined) return [];
  const names = answers.map(({ event }) => event.name);
  return expectationsBesideEvents(first.scenario, names);
}

/** Name of the file in which roots of an event are kept, by its place. */
export function rootsFile(out: string, place: number): string {
  return join(out, `roots-${String(place + 1)}.ndjson`);
}

function jsonOf(answer: RareAnswer): unknown {
  const { event, figure, setup, scenario } = answer;
  const { design, level, method, copies, scaleMs, factors } = setup;
  const { engine, reason } = answer.engine;
  const caution = cautionOf(answer);
  return {
    event: event.name,
    what: event.text,
    horizonMs: scenario.horizon,
    design,
    level,
    figure,
    verdict: rareVerdict(answer),
    ...(caution === undefined ? {} : { caution }),
    engine: reason === undefined ? { engine } : { engine, reason },
    setup: method === "forced" ? { method, copies, scaleMs } : { method, factors },
  };
}

function reportOf(
  answers: readonly RareAnswer[],
  about: Pick<RareOutput, "file" | "until">,
): string {
  const [first] = answers;
  if (first === undefined) throw new RangeError("a report is about at least one event");
  const whole = parseScenario(first.setup.scenario);
  return rareReportHtml({
    title: whole.title ?? about.file,
    answers,
    pictures: answers.map(picturesOf),
    scenario: formatScenario(whole),
    command: commandOf(answers, about),
  });
}

/** Time before and after a way to the event that a picture shows. */
const [beforeMs, afterMs] = [5 * 60_000, 60_000];

function picturesOf(answer: RareAnswer): readonly RarePicture[] {
  return rareExhibits(answer).map(({ journal, ...exhibit }) => {
    const { seed, departedAt, happenedAt } = exhibit;
    const [since, until] = [Math.max(exhibit.start, departedAt - beforeMs), happenedAt + afterMs];
    const title = `Root ${String(seed)}: ${answer.event.name}`;
    return { ...exhibit, timelineSvg: timelineSvg(journal, { title, since, until }) };
  });
}

function commandOf(
  answers: readonly RareAnswer[],
  { file, until }: Pick<RareOutput, "file" | "until">,
): string {
  const [{ setup, results } = {}] = answers;
  const { design = baseDesign, method = "forced", level = "copies", engine = "auto" } = setup ?? {};
  const { first = 0, count } = results?.spec.seeds ?? {};
  const words = [
    "replication-simulator whatif rare",
    file,
    ...answers.map(({ event }) => `--event "${event.name}"`),
    ...(design === baseDesign ? [] : [`--design "${design}"`]),
    ...(method === "forced" ? [] : [`--method ${method}`]),
    ...(level === "copies" ? [] : levelTexts(level).map((text) => `--level ${text}`)),
    ...(engine === "auto" ? [] : [`--engine ${engine}`]),
    ...(count === undefined ? [] : [`--roots ${String(count)}`]),
    `--seed ${String(first)}`,
    `--until ${until === "all" ? until : `${String(Number((100 * until).toPrecision(6)))}%`}`,
  ];
  return words.join(" ");
}
