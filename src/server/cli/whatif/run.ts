import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runWithFile } from "../../../executors/resultFile.js";
import {
  type ShardSelection,
  selectShards,
  shardsOfPart,
} from "../../../executors/shardSelection.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import { waitText } from "../../../whatif/answerText.js";
import type { Engine } from "../../../whatif/compiled/engine.js";
import { dataScenario } from "../../../whatif/dataScenario.js";
import { shardsOf } from "../../../whatif/ensemble/ensembleSpec.js";
import { type Executor, inline } from "../../../whatif/ensemble/executor.js";
import {
  type PreparedEnsemble,
  prepareEnsemble,
} from "../../../whatif/ensemble/prepareEnsemble.js";
import { headerLine, resultLine } from "../../../whatif/ensemble/resultLines.js";
import {
  type EnsembleRun,
  type RunOptions,
  runEnsemble,
  type StopRule,
} from "../../../whatif/ensemble/runEnsemble.js";
import { assertUntil, stopReport, stopRule, type Until } from "../../../whatif/until.js";
import { dataReference, enginesOf, WhatIfAnswer } from "../../../whatif/whatIf.js";
import type { CliIo } from "../terminal.js";
import { exitCodeOf, exitCodes } from "./exitCodes.js";
import { openScenarioFile, type ScenarioSource } from "./files.js";
import { folded } from "./folded.js";
import { Progress } from "./progress.js";
import { quotedWord, type VaryFlags, variedScenario, varyWords } from "./varyFlags.js";
import { type PrintedCommand, printAnswer, writeAnswer } from "./writeAnswer.js";

/** Flags of `whatif run`. */
export interface RunFlags extends VaryFlags {
  readonly futures: number;
  readonly seed: number;
  readonly design?: readonly string[];
  readonly workers?: number;
  readonly redis?: string;
  /** `i/n`; without it, the variables of a batch system. */
  readonly shard?: string;
  readonly engine: Engine;
  readonly until?: Until;
  readonly out?: string;
  readonly json: boolean;
}

/** Futures below which threads cost more than they give. */
const fewFutures = 2000;

/** The same where all designs are compiled: a thread would have to find the states again. */
const fewCompiledFutures = 200_000;

/** Runs many futures of a file. */
export async function runWhatIf(file: string, flags: RunFlags, terminal: CliIo): Promise<number> {
  const source = await openScenarioFile(file, terminal);
  const scenario = source && varied(source, flags, terminal);
  if (source === undefined || scenario === undefined) return exitCodes.badFile;
  const { module, own, isFunction } = source;
  if (module !== undefined && flags.engine === "compiled") {
    terminal.err(
      `${file} has functions, which no table of states holds: leave --engine out, or move the scenario into a YAML file\n`,
    );
    return exitCodes.badFile;
  }
  const part = selectShards(flags.shard, process.env);
  const unused = part === undefined ? undefined : unusedOfPart(flags);
  if (unused !== undefined) {
    terminal.err(folded(`${unused}\n`));
    return exitCodes.badFile;
  }
  const measures = [...Object.keys(scenario.measures ?? {}), ...Object.keys(own.measures ?? {})];
  assertUntil(flags.until, isFunction ? undefined : measures);
  const prepared = await prepareEnsemble(
    {
      scenario: module === undefined ? dataReference(scenario, flags.engine) : { module },
      futures: flags.futures,
      firstSeed: flags.seed,
      ...(flags.design === undefined ? {} : { designs: flags.design }),
    },
    async (reference) => {
      if (module === undefined) return dataScenario(scenario, {}, { engine: flags.engine });
      const { openScenario } = await import("../../../executors/openModule.js");
      return openScenario(reference);
    },
  );
  if (part !== undefined) return runPart(prepared, { ...flags, part }, terminal);
  const progress = new Progress(terminal, flags.futures);
  const isEnough = stopRule(scenario, flags.until);
  const stopWhen: StopRule | undefined =
    isEnough &&
    ((results, look) => {
      if (isEnough(results, look)) return true;
      const stop = stopReport(scenario, flags.until, { results, shards: look.shards });
      progress.waitFor(stop && waitText(stop));
      return false;
    });
  try {
    const ran = await run(prepared, flags.out, {
      executor: await executorOf(flags, terminal, fewOf(prepared)),
      signal: terminal.interrupted,
      onProgress: (seen) => {
        progress.show(seen);
      },
      ...(stopWhen === undefined ? {} : { stopWhen }),
    });
    progress.end();
    if (!ran.isComplete) return interrupted(ran, flags.out, terminal);
    const answer = new WhatIfAnswer(scenario, ran.results, {
      ...ran,
      engines: enginesOf(prepared),
      stop: stopReport(scenario, flags.until, ran),
    });
    return await finish(answer, {
      ...flags,
      file: quotedWord(file),
      varied: varyWords(flags),
      terminal,
    });
  } finally {
    progress.end();
  }
}

/** A scenario with the parameters that the command line varies; undefined after what is wrong with them was printed. */
function varied(
  { scenario, module }: ScenarioSource,
  flags: VaryFlags,
  terminal: CliIo,
): Scenario | undefined {
  const changed = variedScenario(scenario, flags, terminal);
  if (module === undefined || changed === scenario || changed === undefined) return changed;
  terminal.err(
    "a module with functions is run as it is: write vary into the scenario that it exports\n",
  );
  return undefined;
}

/** Runs with a result file if there is an output folder: stored results are not computed again. */
async function run(
  prepared: PreparedEnsemble,
  dir: string | undefined,
  options: Omit<RunOptions, "results">,
): Promise<EnsembleRun> {
  if (dir === undefined) return runEnsemble(prepared, options);
  await mkdir(dir, { recursive: true });
  return runWithFile(prepared, join(dir, "results.ndjson"), options);
}

function interrupted({ results }: EnsembleRun, out: string | undefined, terminal: CliIo): number {
  const kept =
    out === undefined
      ? "nothing was kept; add --out to keep results"
      : `results are kept in ${out}; the same command goes on`;
  terminal.err(
    `interrupted after ${String(results.done)} of ${String(results.shards)} shards: ${kept}\n`,
  );
  return exitCodes.interrupted;
}

/** Prints and writes an answer, and returns the exit code that its verdicts have. */
export async function finish(
  answer: WhatIfAnswer,
  {
    out,
    json,
    terminal,
    ...command
  }: Pick<RunFlags, "out" | "json"> & PrintedCommand & { readonly terminal: CliIo },
): Promise<number> {
  await printAnswer(answer, { ...command, json, terminal });
  if (out !== undefined) await writeAnswer(answer, { ...command, dir: out });
  const hasFailures = answer.designs.some((design) => answer.results.failuresOf(design).length > 0);
  if (hasFailures) return exitCodes.notMet;
  return exitCodeOf(answer.expectations().map(({ verdict }) => verdict));
}

/** Returns why a part does not take a flag; undefined where it takes them all. */
function unusedOfPart({ until, json }: Pick<RunFlags, "until" | "json">): string | undefined {
  if (until !== undefined) {
    return "a part does not take --until, since only all parts together are known well enough: leave it out";
  }
  if (!json) return undefined;
  return "a part does not take --json, since it has results and no figures: give --json to whatif merge";
}

/** Runs one shard of an ensemble and prints its results; other machines run the others. */
async function runPart(
  prepared: PreparedEnsemble,
  flags: RunFlags & { readonly part: ShardSelection },
  terminal: CliIo,
): Promise<number> {
  const { part, out } = flags;
  const shards = shardsOfPart(shardsOf(prepared.spec, prepared.id), part);
  terminal.err(
    `part ${String(part.part + 1)} of ${String(part.parts)} (${part.from}): ${String(shards.length)} shards\n`,
  );
  if (out === undefined) await terminal.out(`${headerLine(prepared.spec)}\n`);
  let printed = 0;
  const futures = shards.reduce((sum, { count }) => sum + count, 0);
  const progress = new Progress(terminal, futures);
  const ran = await run(prepared, out, {
    executor: await executorOf(flags, terminal, fewOf(prepared)),
    signal: terminal.interrupted,
    shards,
    onProgress: (seen) => {
      progress.show(seen);
    },
    onResult: (result) => {
      if (out !== undefined) return;
      printed += 1;
      void terminal.out(`${resultLine(result)}\n`);
    },
  });
  progress.end();
  if (ran.isComplete) return exitCodes.met;
  if (out !== undefined) return interrupted(ran, out, terminal);
  terminal.err(folded(printedPartText({ printed, shards: shards.length })));
  return exitCodes.interrupted;
}

/** Returns what is left of a part that was interrupted while it was printed, and how to go on. */
export function printedPartText({
  printed,
  shards,
}: {
  readonly printed: number;
  readonly shards: number;
}): string {
  const what = `interrupted: ${String(printed)} of ${String(shards)} shards of this part were printed`;
  const again = "the same command prints the whole part; with --out DIR it goes on where it ended";
  if (printed === 0) return `${what}; ${again}\n`;
  return `${what}, and whatif merge takes them; ${again}. Shards that come twice count once.\n`;
}

/** Returns how many futures one thread runs sooner than several. */
function fewOf(prepared: PreparedEnsemble): number {
  const engines = Object.values(enginesOf(prepared));
  const isCompiled = engines.length > 0 && engines.every(({ engine }) => engine === "compiled");
  return isCompiled ? fewCompiledFutures : fewFutures;
}

/** Returns the executor that flags ask for. */
export async function executorOf(
  { workers, redis, futures }: Pick<RunFlags, "workers" | "redis" | "futures">,
  terminal: CliIo,
  few = fewFutures,
): Promise<Executor> {
  if (redis !== undefined) {
    const { bullmq } = await import("../../../executors/bullmq.js");
    return bullmq({
      connection: { url: redis },
      onError: (message) => {
        terminal.err(`${message}\n`);
      },
    });
  }
  const isInline = workers === 0 || (workers === undefined && futures < few);
  if (isInline) return inline();
  const { threads } = await import("../../../executors/threads.js");
  return threads(workers === undefined ? {} : { workers });
}
