import { type Command, InvalidArgumentError, Option } from "commander";
import { engines } from "../../../whatif/compiled/engine.js";
import type { CliIo } from "../terminal.js";
import type { ExactFlags, ReachableFlags } from "./exact.js";
import type { RareFlags } from "./rare.js";
import type { RunFlags } from "./run.js";
import type { ShowFlags } from "./show.js";
import type { ShrinkFlags } from "./shrink.js";
import type { WorkerFlags } from "./worker.js";

/** Adds `whatif` and its commands. What they need is loaded when one of them runs. */
export function addWhatIf(all: Command, terminal: CliIo, exit: (code: number) => void): void {
  const whatIf = all
    .command("whatif")
    .description("Asks scenarios questions: many futures of each design, and what they came to.");
  const run = whatIf
    .command("run")
    .description("Runs many futures of a scenario and prints figures, verdicts and comparisons.")
    .argument("<file>", "a scenario in YAML or JSON")
    .option("--futures <number>", "futures of each design", parseCount, 1000)
    .option("--seed <number>", "seed of the first future", parseNatural, 0)
    .option("--design <name>", "only this design; may be given several times", append);
  addVary(run)
    .option(
      "--workers <number>",
      "threads; 0 runs in this one (default: by the machine)",
      parseNatural,
    )
    .addOption(
      new Option("--redis <url>", "run shards on workers over this Redis").conflicts("workers"),
    )
    .option(
      "--shard <i/n>",
      "only the i-th of n parts (default: as a batch system says); see whatif merge",
      parseShard,
    )
    .addOption(engineOption())
    .option(
      "--until <share>",
      "stop when each mean is known this well (5%), or: decided",
      parseUntil,
    )
    .option("--out <dir>", "write results.ndjson, summary.json, futures.csv and report.html there")
    .option("--json", "print the summary as JSON", false)
    .action(async (file: string, flags: RunFlags) => {
      const { runWhatIf } = await import("./run.js");
      exit(await runWhatIf(file, flags, terminal));
    });
  whatIf
    .command("worker")
    .description("Runs shards of any ensemble that comes over a Redis, until it is interrupted.")
    .requiredOption("--redis <url>", "the Redis that whatif run --redis uses")
    .option("--lock <ms>", "time after which a silent worker loses its shard", parseCount, 30_000)
    .action(async (flags: WorkerFlags) => {
      const { runWorker } = await import("./worker.js");
      exit(await runWorker(flags, terminal));
    });
  const show = whatIf
    .command("show")
    .description("Runs one future and prints its journal and what it came to.")
    .argument("<file>", "a scenario in YAML or JSON")
    .requiredOption("--seed <number>", "seed of the future", parseNatural)
    .option("--design <name>", "a design of the file (default: the scenario as it is)");
  addVary(show)
    .option("--out <dir>", "write journal.json, timeline.svg and page.html there")
    .option("--open", "open the page of the future in a browser", false)
    .option("--json", "print the outcome as JSON", false)
    .action(async (file: string, flags: ShowFlags) => {
      const { showFuture } = await import("./show.js");
      exit(await showFuture(file, flags, terminal));
    });
  whatIf
    .command("check")
    .description("Checks a scenario file and its designs.")
    .argument("<file>", "a scenario in YAML or JSON")
    .action(async (file: string) => {
      const { checkFile } = await import("./files.js");
      exit(await checkFile(file, terminal));
    });
  whatIf
    .command("schema")
    .description("Prints the JSON Schema of scenario files.")
    .action(async () => {
      const { printSchema } = await import("./files.js");
      exit(await printSchema(terminal));
    });
  whatIf
    .command("merge")
    .description("Merges files of results, as --shard and --out write them, in any order.")
    .argument("<files...>", "files of results")
    .option("--out <dir>", "write there what whatif run and whatif rare write")
    .option("--json", "print the summary as JSON", false)
    .action(async (files: readonly string[], flags: Pick<RunFlags, "out" | "json">) => {
      const { mergeResults } = await import("./merge.js");
      exit(await mergeResults(files, flags, terminal));
    });
  whatIf
    .command("rare")
    .description("Estimates how likely rare events are: what must never happen, or seldom.")
    .argument("<file>", "a scenario in YAML or JSON")
    .option("--event <name>", "only this expectation; may be given several times", append)
    .option("--design <name>", "a design of the file (default: the scenario as it is)")
    .option("--roots <number>", "natural paths at most", parseCount, 20_000)
    .option("--until <share>", "stop when it is known this well, or: all", parseRareUntil, 0.1)
    .option("--seed <number>", "seed of the first root", parseNatural, 0)
    .option(
      "--level <condition>",
      "rises on the way to the event: copies, lagAbove=10s, ...; may be given several times",
      append,
    )
    .addOption(
      new Option("--method <name>", "how paths are led to the event")
        .choices(["forced", "restart"])
        .default("forced"),
    )
    .addOption(engineOption())
    .option(
      "--workers <number>",
      "threads; 0 runs in this one (default: by the machine)",
      parseNatural,
    )
    .addOption(
      new Option("--redis <url>", "run shards on workers over this Redis").conflicts("workers"),
    )
    .option(
      "--shard <i/n>",
      "only the i-th of n parts (default: as a batch system says); see whatif merge",
      parseShard,
    )
    .option("--out <dir>", "write rare.json, report.html and the value of each root there")
    .option("--json", "print the figures as JSON", false)
    .action(async (file: string, flags: RareFlags) => {
      const { printRare } = await import("./rare.js");
      exit(await printRare(file, flags, terminal));
    });
  whatIf
    .command("reachable")
    .description(
      "Finds all states that faults and steps lead to, and the shortest way to a bad one.",
    )
    .argument("<file>", "a scenario in YAML or JSON")
    .option("--design <name>", "a design of the file (default: the scenario as it is)")
    .option("--states <number>", "refuse more states than this (default: 20000)", parseCount)
    .option("--faults <number>", "maximum number of faults (default: no limit)", parseNatural)
    .option("--commands <number>", "commands of steps at most (default: 2)", parseNatural)
    .option("--out <dir>", "write a scenario and a test for each broken expectation there")
    .option("--json", "print what was found as JSON", false)
    .action(async (file: string, flags: ReachableFlags) => {
      const { printReachable } = await import("./exact.js");
      exit(await printReachable(file, flags, terminal));
    });
  whatIf
    .command("exact")
    .description("Solves a small scenario with exponential durations, without playing futures.")
    .argument("<file>", "a scenario in YAML or JSON")
    .option("--design <name>", "a design of the file (default: the scenario as it is)")
    .option("--states <number>", "refuse more states than this (default: 300)", parseCount)
    .option("--json", "print the answer as JSON", false)
    .action(async (file: string, flags: ExactFlags) => {
      const { printExact } = await import("./exact.js");
      exit(await printExact(file, flags, terminal));
    });
  const shrink = whatIf
    .command("shrink")
    .description("Turns a failing future into the smallest scenario that still fails.")
    .argument("<file>", "a scenario in YAML or JSON")
    .requiredOption("--seed <number>", "seed of a future that breaks an expectation", parseNatural)
    .option("--design <name>", "a design of the file (default: the scenario as it is)")
    .option(
      "--expect <name>",
      "the expectation that it breaks (default: the one with the fewest steps)",
    );
  addVary(shrink)
    .option("--out <dir>", "write shrunk.yaml and shrunk.test.ts there")
    .action(async (file: string, flags: ShrinkFlags) => {
      const { shrinkFile } = await import("./shrink.js");
      exit(await shrinkFile(file, flags, terminal));
    });
}

/** Adds the flags that make designs of values of a parameter. */
function addVary(command: Command): Command {
  return command
    .option(
      "--vary <path=values>",
      "try values of a parameter: FROM..TO or VALUE,VALUE; may be given several times",
      append,
    )
    .option("--grid <number>", "values of each range (default: 5)", parseCount)
    .option("--samples <number>", "points of a Latin hypercube instead of a grid", parseCount);
}

function engineOption(): Option {
  const text = "compiled: from tables of states; simulator: step by step; auto: as the file allows";
  return new Option("--engine <name>", text).choices([...engines]).default("auto");
}

function parseCount(text: string): number {
  const count = parseNatural(text);
  if (count === 0) throw new InvalidArgumentError("must be an integer of at least 1");
  return count;
}

function parseNatural(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("must be an integer of at least 0");
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function parseShard(text: string): string {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(of)) return text;
  throw new InvalidArgumentError("must be i/n with i from 1 to n");
}

function parseRareUntil(text: string): number | "all" {
  const until = text === "all" ? text : parseUntil(text);
  if (until === "decided") throw new InvalidArgumentError("must be a share such as 5%, or all");
  return until === "all" ? until : until.halfWidth;
}

function parseUntil(text: string): { readonly halfWidth: number } | "decided" {
  if (text === "decided") return text;
  const [, share] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  const halfWidth = Number(share) / 100;
  if (halfWidth > 0 && halfWidth < 1) return { halfWidth };
  throw new InvalidArgumentError("must be a share such as 5%, or decided");
}
