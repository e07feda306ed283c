import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runWithFile } from "../../../executors/resultFile.js";
import { ReplicationError } from "../../../model/errors.js";
import { baseDesign } from "../../../scenario/format/designs.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import type { Engine } from "../../../whatif/compiled/engine.js";
import {
  type EnsembleRun,
  type RunOptions,
  runEnsemble,
} from "../../../whatif/ensemble/runEnsemble.js";
import {
  answerOf,
  type PreparedRare,
  prepareRare,
  type RareAnswer,
  rareVerdict,
} from "../../../whatif/rare/estimateRare.js";
import { parseLevel } from "../../../whatif/rare/parseLevel.js";
import { type RareEvent, rareEventsOf } from "../../../whatif/rare/rareEvent.js";
import { type RareMethod, scenarioOfDesign } from "../../../whatif/rare/rareScenario.js";
import { rareText } from "../../../whatif/rare/rareText.js";
import type { CliIo } from "../terminal.js";
import { exitCodes, readScenarioFile } from "./files.js";
import { Progress } from "./progress.js";
import { executorOf } from "./run.js";

/** Flags of `whatif rare`. */
export interface RareFlags {
  readonly event?: readonly string[];
  readonly design?: string;
  readonly roots: number;
  /** Half the width of an interval, as a share of the probability; null: all roots. */
  readonly until: number | null;
  readonly seed: number;
  readonly level?: readonly string[];
  readonly method: RareMethod;
  readonly engine: Engine;
  readonly workers?: number;
  readonly out?: string;
  readonly json: boolean;
}

/** Estimates the rare events of a file, one after the other. */
export async function printRare(file: string, flags: RareFlags, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const answers: RareAnswer[] = [];
  try {
    for (const event of eventsOf(scenario, flags)) {
      const answer = await estimate(scenario, event, { flags, terminal, place: answers.length });
      if (answer === undefined) return exitCodes.interrupted;
      answers.push(answer);
      if (!flags.json) await terminal.out(`${answers.length > 1 ? "\n" : ""}${rareText(answer)}`);
    }
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodes.badFile;
  }
  const json = `${JSON.stringify({ rare: answers.map(jsonOf) }, undefined, 2)}\n`;
  if (flags.json) await terminal.out(json);
  if (flags.out !== undefined) await writeFile(join(flags.out, "rare.json"), json);
  return exitCodeOf(answers);
}

function eventsOf(scenario: Scenario, flags: RareFlags): readonly RareEvent[] {
  const design = scenarioOfDesign(scenario, flags.design ?? baseDesign);
  return flags.event === undefined
    ? rareEventsOf(design)
    : flags.event.flatMap((name) => rareEventsOf(design, name));
}

/** Returns an answer; undefined where the run was interrupted. */
async function estimate(
  scenario: Scenario,
  event: RareEvent,
  {
    flags,
    terminal,
    place,
  }: { readonly flags: RareFlags; readonly terminal: CliIo; readonly place: number },
): Promise<RareAnswer | undefined> {
  const { roots, until, seed: firstSeed, method, engine, design = baseDesign } = flags;
  const level = parseLevel(flags.level ?? [], event.things[0] ?? "");
  const plan = { event: event.name, design, level, method, roots, until, firstSeed, engine };
  const rare = await prepareRare(scenario, plan);
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  if (rare.pilot.departures === 0) return answerOf(rare, null);
  const progress = new Progress(terminal, roots, "roots");
  try {
    const ran = await run(rare, fileOf(flags.out, place), {
      executor: await executorOf({ ...flags, futures: roots }, terminal),
      signal: terminal.interrupted,
      onProgress: (seen) => {
        progress.show(seen);
      },
      ...(rare.stopWhen === undefined ? {} : { stopWhen: rare.stopWhen }),
    });
    progress.end();
    if (ran.isComplete) return answerOf(rare, ran);
    const kept =
      flags.out === undefined
        ? "nothing was kept; add --out to keep roots"
        : `roots are kept in ${flags.out}; the same command goes on`;
    terminal.err(`interrupted in ${event.name}: ${kept}\n`);
    return undefined;
  } finally {
    progress.end();
  }
}

function fileOf(out: string | undefined, place: number): string | undefined {
  return out === undefined ? undefined : join(out, `roots-${String(place + 1)}.ndjson`);
}

function run(
  { ensemble }: PreparedRare,
  path: string | undefined,
  options: Omit<RunOptions, "results">,
): Promise<EnsembleRun> {
  return path === undefined ? runEnsemble(ensemble, options) : runWithFile(ensemble, path, options);
}

function jsonOf(answer: RareAnswer): unknown {
  const { event, figure, setup, scenario } = answer;
  const { design, level, method, copies, scaleMs, factors } = setup;
  const { engine, reason } = answer.engine;
  return {
    event: event.name,
    what: event.text,
    horizonMs: scenario.horizon,
    design,
    level,
    figure,
    verdict: rareVerdict(answer),
    engine: reason === undefined ? { engine } : { engine, reason },
    setup: method === "forced" ? { method, copies, scaleMs } : { method, factors },
  };
}

function exitCodeOf(answers: readonly RareAnswer[]): number {
  const verdicts = answers.map(rareVerdict);
  if (verdicts.includes("not met")) return exitCodes.notMet;
  const isKnown = answers.every(({ figure }) => figure.kind === "estimate");
  return isKnown && !verdicts.includes("undecided") ? exitCodes.met : exitCodes.undecided;
}
