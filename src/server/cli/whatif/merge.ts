import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { mergeFiles, missingShards, writeMerged } from "../../../executors/resultFile.js";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { ScenarioInput } from "../../../scenario/format/scenario.js";
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
  const results = mergeFiles(files);
  const { scenario: reference } = results.spec;
  if (!("data" in reference)) {
    terminal.err("these are results of a module, not of a scenario file\n");
    return exitCodes.badFile;
  }
  const scenario = parseScenario(reference.data as unknown as ScenarioInput);
  const missing = missingShards(results);
  const isComplete = missing === undefined;
  if (!isComplete)
    terminal.err(`${missing}; figures are of the first ${String(results.prefix)} shards\n`);
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    writeMerged(files, join(flags.out, "results.ndjson"));
  }
  const shards = isComplete ? results.shards : results.prefix;
  if (shards === 0) return exitCodes.undecided;
  const answer = new WhatIfAnswer(scenario, results, { shards, isComplete });
  const code = await finish(answer, { ...flags, file: "FILE", terminal });
  return isComplete || code !== exitCodes.met ? code : exitCodes.undecided;
}
