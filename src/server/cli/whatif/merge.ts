import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { missingShards, writeMerged } from "../../../executors/resultFile.js";
import type { CliIo } from "../terminal.js";
import { answerOfFiles } from "./answerOfFiles.js";
import { exitCodes } from "./files.js";
import { finish, type RunFlags } from "./run.js";

/** Merges files of results of one ensemble, in any order. */
export async function mergeResults(
  files: readonly string[],
  flags: Pick<RunFlags, "out" | "json">,
  terminal: CliIo,
): Promise<number> {
  const answer = await answerOfFiles(files, terminal);
  if (answer === undefined) {
    terminal.err(
      "these are results of something else than a scenario file or a module in a file\n",
    );
    return exitCodes.badFile;
  }
  const { results, shards, isComplete } = answer;
  const missing = missingShards(results);
  if (missing !== undefined)
    terminal.err(`${missing}; figures are of the first ${String(results.prefix)} shards\n`);
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    writeMerged(files, join(flags.out, "results.ndjson"));
  }
  if (shards === 0) return exitCodes.undecided;
  const code = await finish(answer, { ...flags, file: "FILE", terminal });
  return isComplete || code !== exitCodes.met ? code : exitCodes.undecided;
}
