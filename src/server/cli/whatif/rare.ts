import { mkdir } from "node:fs/promises";
import { runWithFile } from "../../../executors/resultFile.js";
import {
  type ShardSelection,
  selectShards,
  shardsOfPart,
} from "../../../executors/shardSelection.js";
import { ReplicationError } from "../../../model/errors.js";
import { baseDesign } from "../../../scenario/format/designs.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import type { Engine } from "../../../whatif/compiled/engine.js";
import { shardsOf } from "../../../whatif/ensemble/ensembleSpec.js";
import { headerLine, resultLine } from "../../../whatif/ensemble/resultLines.js";
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
} from "../../../whatif/rare/estimateRare.js";
import { parseLevel } from "../../../whatif/rare/parseLevel.js";
import { type RareEvent, rareEventsOf } from "../../../whatif/rare/rareEvent.js";
import { type RareMethod, scenarioOfDesign } from "../../../whatif/rare/rareScenario.js";
import type { CliIo } from "../terminal.js";
import { exitCodes } from "./exitCodes.js";
import { readScenarioFile } from "./files.js";
import { folded } from "./folded.js";
import { Progress } from "./progress.js";
import { executorOf, printedPartText } from "./run.js";
import { finishRare, printRareAnswer, rootsFile } from "./writeRare.js";

/** Flags of `whatif rare`. */
export interface RareFlags {
  readonly event?: readonly string[];
  readonly design?: string;
  readonly roots: number;
  /** Half the width of an interval, as a share of the probability, or all roots. */
  readonly until: number | "all";
  readonly seed: number;
  readonly level?: readonly string[];
  readonly method: RareMethod;
  readonly engine: Engine;
  readonly workers?: number;
  readonly redis?: string;
  /** `i/n`; without it, the variables of a batch system. */
  readonly shard?: string;
  readonly out?: string;
  readonly json: boolean;
}

/** Estimates the rare events of a file, one after the other. */
export async function printRare(file: string, flags: RareFlags, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  try {
    const part = selectShards(flags.shard, process.env);
    const events = eventsOf(scenario, flags);
    if (part !== undefined) return await runParts(scenario, events, { flags, part, terminal });
    const answers: RareAnswer[] = [];
    for (const event of events) {
      const answer = await estimate(scenario, event, { flags, terminal, place: answers.length });
      if (answer === undefined) return exitCodes.interrupted;
      if (!flags.json) await printRareAnswer(answer, { place: answers.length, terminal });
      answers.push(answer);
    }
    const { out, json, until } = flags;
    return await finishRare(answers, { file, out, json, until, terminal });
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodes.badFile;
  }
}

function eventsOf(scenario: Scenario, flags: RareFlags): readonly RareEvent[] {
  const design = scenarioOfDesign(scenario, flags.design ?? baseDesign);
  return flags.event === undefined
    ? rareEventsOf(design)
    : flags.event.flatMap((name) => rareEventsOf(design, name));
}

async function prepare(
  scenario: Scenario,
  event: RareEvent,
  flags: RareFlags,
): Promise<PreparedRare> {
  const { roots, seed: firstSeed, method, engine, design = baseDesign } = flags;
  const until = flags.until === "all" ? null : flags.until;
  const level = parseLevel(flags.level ?? [], event.things[0] ?? "");
  const plan = { event: event.name, design, level, method, roots, until, firstSeed, engine };
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  return prepareRare(scenario, plan);
}

/** Where a run of roots says how far it is, and keeps them. */
interface RootsRun {
  readonly flags: RareFlags;
  readonly terminal: CliIo;
  /** Place of the event. */
  readonly place: number;
}

/** Returns an answer; undefined where the run was interrupted. */
async function estimate(
  scenario: Scenario,
  event: RareEvent,
  about: RootsRun,
): Promise<RareAnswer | undefined> {
  const rare = await prepare(scenario, event, about.flags);
  if (rare.pilot.departures === 0) return answerOf(rare, null);
  const ran = await runRoots(
    rare,
    about,
    rare.stopWhen === undefined ? {} : { stopWhen: rare.stopWhen },
  );
  return ran.isComplete ? answerOf(rare, ran) : undefined;
}

/** Runs roots; where it is interrupted, it says what is kept. */
async function runRoots(
  { ensemble, event, engine }: PreparedRare,
  { flags, terminal, place }: RootsRun,
  options: Pick<RunOptions, "stopWhen" | "shards" | "onResult">,
  keptText?: () => string,
): Promise<EnsembleRun> {
  const { out, roots } = flags;
  const progress = new Progress(terminal, roots, "roots");
  const few = engine.engine === "compiled" ? fewCompiledRoots : fewRoots;
  const run: RunOptions = {
    executor: await executorOf({ ...flags, futures: roots }, terminal, few),
    signal: terminal.interrupted,
    onProgress: (seen) => {
      progress.show(seen);
    },
    ...options,
  };
  try {
    const ran =
      out === undefined
        ? await runEnsemble(ensemble, run)
        : await runWithFile(ensemble, rootsFile(out, place), run);
    progress.end();
    if (!ran.isComplete && keptText !== undefined) {
      terminal.err(folded(`${event.name}: ${keptText()}`));
    } else if (!ran.isComplete) {
      const kept =
        out === undefined
          ? "nothing was kept; add --out to keep roots"
          : `roots are kept in ${out}; the same command goes on`;
      terminal.err(`interrupted in ${event.name}: ${kept}\n`);
    }
    return ran;
  } finally {
    progress.end();
  }
}

/** Roots below which one thread is done sooner than several: run by the simulator, or computed from tables. */
const [fewRoots, fewCompiledRoots] = [2000, 50_000];

/** Runs a part of the roots of each event; other machines run the others. */
async function runParts(
  scenario: Scenario,
  events: readonly RareEvent[],
  { flags, part, terminal }: Omit<RootsRun, "place"> & { readonly part: ShardSelection },
): Promise<number> {
  const { out } = flags;
  if (out === undefined && events.length > 1) {
    const names = events.map(({ name }) => name).join(", ");
    terminal.err(
      `a part prints the roots of one event: name it with --event (${names}), or write all with --out\n`,
    );
    return exitCodes.badFile;
  }
  for (const [place, event] of events.entries()) {
    const rare = await prepare(scenario, event, flags);
    const { spec, id } = rare.ensemble;
    const shards = shardsOfPart(shardsOf(spec, id), part);
    terminal.err(
      `${event.name}: part ${String(part.part + 1)} of ${String(part.parts)} (${part.from}): ${String(shards.length)} shards\n`,
    );
    if (out === undefined) await terminal.out(`${headerLine(spec)}\n`);
    let printed = 0;
    const ran = await runRoots(
      rare,
      { flags, terminal, place },
      {
        shards,
        onResult: (result) => {
          if (out !== undefined) return;
          printed += 1;
          void terminal.out(`${resultLine(result)}\n`);
        },
      },
      out === undefined ? () => printedPartText({ printed, shards: shards.length }) : undefined,
    );
    if (!ran.isComplete) return exitCodes.interrupted;
  }
  return exitCodes.met;
}
