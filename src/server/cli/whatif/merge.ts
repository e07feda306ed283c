import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  mergeFiles,
  missingShards,
  specOfFile,
  writeMerged,
} from "../../../executors/resultFile.js";
import type { EnsembleResults } from "../../../whatif/ensemble/ensembleResults.js";
import { idOfEnsemble } from "../../../whatif/ensemble/ensembleSpec.js";
import { type RareAnswer, rareAnswerOf } from "../../../whatif/rare/estimateRare.js";
import type { RareSetup } from "../../../whatif/rare/rareScenario.js";
import type { CliIo } from "../terminal.js";
import { answerOfFiles } from "./answerOfFiles.js";
import { exitCodes } from "./exitCodes.js";
import { folded } from "./folded.js";
import { finish, type RunFlags } from "./run.js";
import { finishRare, printRareAnswer, rootsFile } from "./writeRare.js";

type MergeFlags = Pick<RunFlags, "out" | "json">;

/** Merges files of results of one ensemble, or of rare events of one scenario, in any order. */
export async function mergeResults(
  files: readonly string[],
  flags: MergeFlags,
  terminal: CliIo,
): Promise<number> {
  const events = eventsOf(files);
  if (events !== undefined) return mergeRoots(events, flags, terminal);
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
    terminal.err(folded(`${missing}; ${incompleteText(results.prefix)}\n`));
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    writeMerged(files, join(flags.out, "results.ndjson"));
  }
  if (shards === 0) return exitCodes.undecided;
  const code = await finish(answer, { ...flags, file: "FILE", terminal });
  return isComplete || code !== exitCodes.met ? code : exitCodes.undecided;
}

/** Returns what figures of incomplete results are about, and how to complete them. */
function incompleteText(prefix: number): string {
  const figures =
    prefix === 0
      ? "there are no figures, since the first one is missing"
      : `figures are of the first ${String(prefix)} shards`;
  return `${figures}; run the parts of these seeds again, and merge all files`;
}

/** Files of one rare event. */
type FilesOfEvent = readonly string[];

/** Groups files by the rare event that they are about; undefined where any is about something else. */
function eventsOf(files: readonly string[]): readonly FilesOfEvent[] | undefined {
  const events = new Map<string, string[]>();
  for (const file of files) {
    const spec = specOfFile(file);
    if (!("rare" in spec.scenario)) return undefined;
    const id = idOfEnsemble(spec);
    events.set(id, [...(events.get(id) ?? []), file]);
  }
  return [...events.values()];
}

function eventOf({ spec: { scenario } }: EnsembleResults): string {
  return "rare" in scenario ? (scenario.rare as unknown as RareSetup).event : "";
}

async function mergeRoots(
  events: readonly FilesOfEvent[],
  { out, json }: MergeFlags,
  terminal: CliIo,
): Promise<number> {
  const answers: RareAnswer[] = [];
  let isComplete = true;
  for (const [place, files] of events.entries()) {
    const results = mergeFiles(files);
    const missing = missingShards(results);
    const shards = missing === undefined ? results.shards : results.prefix;
    if (missing !== undefined) {
      isComplete = false;
      terminal.err(folded(`${eventOf(results)}: ${missing}; ${incompleteText(results.prefix)}\n`));
    }
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      writeMerged(files, rootsFile(out, place));
    }
    if (shards === 0) continue;
    const answer = await rareAnswerOf(results, { shards, isComplete: missing === undefined });
    if (!json) await printRareAnswer(answer, { place: answers.length, terminal });
    answers.push(answer);
  }
  if (answers.length === 0) return exitCodes.undecided;
  const code = await finishRare(answers, { file: "FILE", out, json, until: "all", terminal });
  return isComplete || code !== exitCodes.met ? code : exitCodes.undecided;
}
