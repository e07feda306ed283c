import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { ScenarioInput } from "../../../scenario/format/scenario.js";
import { EnsembleResults } from "../../../whatif/ensemble/ensembleResults.js";
import { headerLine, parseResultLines, resultLine } from "../../../whatif/ensemble/resultLines.js";
import type { ShardResult } from "../../../whatif/ensemble/shardResult.js";
import { WhatIfAnswer } from "../../../whatif/whatIf.js";
import type { CliIo } from "../terminal.js";
import { exitCodes } from "./files.js";
import { finish, type RunFlags } from "./run.js";

/** Merges files of results of one ensemble, in any order. */
export async function mergeResults(
  files: readonly string[],
  flags: Pick<RunFlags, "out" | "json">,
  terminal: CliIo,
): Promise<number> {
  let results: EnsembleResults | undefined;
  const kept = new Map<number, ShardResult>();
  for (const file of files) {
    const parsed = parseResultLines(await readFile(file, "utf8"), file);
    if (parsed === undefined) continue;
    results ??= new EnsembleResults(parsed.spec);
    for (const result of parsed.results) {
      results.add(result);
      kept.set(result.index, result);
    }
  }
  if (results === undefined) {
    terminal.err("no file holds results\n");
    return exitCodes.badFile;
  }
  const { scenario: reference } = results.spec;
  if (!("data" in reference)) {
    terminal.err("these are results of a module, not of a scenario file\n");
    return exitCodes.badFile;
  }
  const scenario = parseScenario(reference.data as unknown as ScenarioInput);
  const isComplete = results.done === results.shards;
  if (!isComplete) {
    const missing = results.shards - results.done;
    terminal.err(
      `${String(missing)} of ${String(results.shards)} shards are missing; figures are of the first ${String(results.prefix)}\n`,
    );
  }
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    const lines = [...kept].sort(([a], [b]) => a - b).map(([, result]) => resultLine(result));
    await writeFile(
      join(flags.out, "results.ndjson"),
      `${[headerLine(results.spec), ...lines].join("\n")}\n`,
    );
  }
  const shards = isComplete ? results.shards : results.prefix;
  if (shards === 0) return exitCodes.undecided;
  const answer = new WhatIfAnswer(scenario, results, { shards, isComplete });
  return finish(answer, { ...flags, file: "FILE", terminal });
}
