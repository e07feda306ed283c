import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataScenario } from "../../../whatif/dataScenario.js";
import { EnsembleResults } from "../../../whatif/ensemble/ensembleResults.js";
import { type Shard, shardsOf } from "../../../whatif/ensemble/ensembleSpec.js";
import { type Executor, inline } from "../../../whatif/ensemble/executor.js";
import {
  type PreparedEnsemble,
  prepareEnsemble,
} from "../../../whatif/ensemble/prepareEnsemble.js";
import { headerLine, parseResultLines, resultLine } from "../../../whatif/ensemble/resultLines.js";
import { runEnsemble } from "../../../whatif/ensemble/runEnsemble.js";
import { stopRule, WhatIfAnswer, type WhatIfRunOptions } from "../../../whatif/whatIf.js";
import type { Json } from "../../../wire/json.js";
import type { CliIo } from "../terminal.js";
import { exitCodes, readScenarioFile } from "./files.js";
import { Progress } from "./progress.js";
import { printAnswer, writeAnswer } from "./writeAnswer.js";

/** One part of an ensemble, for machines that share the work. */
export interface ShardFlag {
  readonly index: number;
  readonly of: number;
}

/** Flags of `whatif run`. */
export interface RunFlags {
  readonly futures: number;
  readonly seed: number;
  readonly design?: readonly string[];
  readonly workers?: number;
  readonly redis?: string;
  readonly shard?: ShardFlag;
  readonly until?: NonNullable<WhatIfRunOptions["until"]>;
  readonly out?: string;
  readonly json: boolean;
}

/** Futures below which threads cost more than they give. */
const fewFutures = 2000;

/** Plays many futures of a file. */
export async function runWhatIf(file: string, flags: RunFlags, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const prepared = await prepareEnsemble(
    {
      scenario: { data: scenario as unknown as Json },
      futures: flags.futures,
      firstSeed: flags.seed,
      ...(flags.design === undefined ? {} : { designs: flags.design }),
    },
    () => dataScenario(scenario),
  );
  if (flags.shard !== undefined)
    return runPart(prepared, { ...flags, shard: flags.shard }, terminal);
  const store = await ResultFile.open(prepared, flags.out);
  const progress = new Progress(terminal, flags.futures);
  const stopWhen = stopRule(scenario, flags.until);
  try {
    const ran = await runEnsemble(prepared, {
      executor: await executorOf(flags),
      signal: terminal.interrupted,
      results: store.results,
      onResult: (result) => {
        store.write(resultLine(result));
      },
      onProgress: (seen) => {
        progress.show(seen);
      },
      ...(stopWhen === undefined ? {} : { stopWhen }),
    });
    progress.end();
    if (!ran.isComplete) {
      await store.close();
      const kept =
        flags.out === undefined
          ? "nothing was kept; add --out to keep results"
          : `results are kept in ${flags.out}; the same command goes on`;
      terminal.err(
        `interrupted after ${String(ran.results.done)} of ${String(ran.results.shards)} shards: ${kept}\n`,
      );
      return exitCodes.interrupted;
    }
    return await finish(new WhatIfAnswer(scenario, ran.results, ran), {
      ...flags,
      file,
      terminal,
    });
  } finally {
    progress.end();
    await store.close();
  }
}

/** Prints and writes an answer, and returns the exit code that its verdicts have. */
export async function finish(
  answer: WhatIfAnswer,
  {
    out,
    json,
    file,
    terminal,
  }: Pick<RunFlags, "out" | "json"> & { readonly file: string; readonly terminal: CliIo },
): Promise<number> {
  await printAnswer(answer, { json, file, terminal });
  if (out !== undefined) await writeAnswer(answer, { dir: out, file });
  const verdicts = answer.expectations().map(({ verdict }) => verdict);
  if (verdicts.includes("not met")) return exitCodes.notMet;
  const hasFailures = answer.designs.some((design) => answer.results.failuresOf(design).length > 0);
  if (hasFailures) return exitCodes.notMet;
  return verdicts.includes("undecided") ? exitCodes.undecided : exitCodes.met;
}

/** Plays one part of an ensemble and prints its results: other machines play the others. */
async function runPart(
  prepared: PreparedEnsemble,
  flags: RunFlags & { readonly shard: ShardFlag },
  terminal: CliIo,
): Promise<number> {
  const { index, of } = flags.shard;
  const all = shardsOf(prepared.spec, prepared.id);
  const own: readonly Shard[] = all.filter((shard) => shard.index % of === index - 1);
  const store = await ResultFile.open(prepared, flags.out);
  const lines: string[] = [headerLine(prepared.spec)];
  const ran = await runEnsemble(prepared, {
    executor: await executorOf(flags),
    signal: terminal.interrupted,
    results: store.results,
    shards: own,
    onResult: (result) => {
      const line = resultLine(result);
      lines.push(line);
      store.write(line);
    },
  });
  await store.close();
  if (flags.out === undefined) await terminal.out(`${lines.join("\n")}\n`);
  return ran.isComplete ? exitCodes.met : exitCodes.interrupted;
}

async function executorOf({ workers, redis, futures }: RunFlags): Promise<Executor> {
  if (redis !== undefined) {
    const { bullmq } = await import("../../../executors/bullmq.js");
    return bullmq({ connection: { url: redis } });
  }
  const isInline = workers === 0 || (workers === undefined && futures < fewFutures);
  if (isInline) return inline();
  const { threads } = await import("../../../executors/threads.js");
  return threads(workers === undefined ? {} : { workers });
}

/** The file of results: read first, so that a run goes on where an earlier one ended. */
class ResultFile {
  readonly results: EnsembleResults;
  readonly #lines: string[] = [];
  readonly #append: ((text: string) => Promise<unknown>) | undefined;
  readonly #end: (() => Promise<void>) | undefined;
  #written: Promise<unknown> = Promise.resolve();

  private constructor(
    results: EnsembleResults,
    file?: {
      readonly append: (text: string) => Promise<unknown>;
      readonly end: () => Promise<void>;
    },
  ) {
    this.results = results;
    this.#append = file?.append;
    this.#end = file?.end;
  }

  static async open(prepared: PreparedEnsemble, dir: string | undefined): Promise<ResultFile> {
    const results = new EnsembleResults(prepared.spec);
    if (dir === undefined) return new ResultFile(results);
    const { mkdir } = await import("node:fs/promises");
    await mkdir(dir, { recursive: true });
    const path = join(dir, "results.ndjson");
    const known = await readFile(path, "utf8").catch(() => "");
    const parsed = known === "" ? undefined : parseResultLines(known, path);
    if (parsed !== undefined) {
      for (const result of parsed.results) {
        // Results of another question stay where they are until this one is written over them.
        if (result.ensemble !== results.id) {
          return ResultFile.#create(results, path, `${headerLine(prepared.spec)}\n`);
        }
        results.add(result);
      }
      return ResultFile.#create(results, path, known.slice(0, parsed.wholeLength));
    }
    return ResultFile.#create(results, path, `${headerLine(prepared.spec)}\n`);
  }

  static async #create(results: EnsembleResults, path: string, begin: string): Promise<ResultFile> {
    const handle = await open(path, "w");
    await handle.writeFile(begin);
    return new ResultFile(results, {
      append: (text) => handle.appendFile(text),
      end: () => handle.close(),
    });
  }

  write(line: string): void {
    this.#lines.push(line);
    const append = this.#append;
    if (append !== undefined) this.#written = this.#written.then(() => append(`${line}\n`));
  }

  #isClosed = false;

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#written;
    await this.#end?.();
  }
}
