import { Command, Option } from "commander";
import { version } from "../../domain/packageVersion.js";
import { initProject, type TestRunner, testRunners } from "./init.js";
import { printJournal } from "./journal.js";
import {
  collect,
  collectUser,
  parseNonEmpty,
  readFaultsFile,
  readJitter,
  readLines,
  readObject,
  readObjectFile,
  readPort,
  readRates,
  readSeed,
  readSpeed,
  type ServeFlags,
} from "./options.js";
import { replayFile } from "./replay.js";
import { serve } from "./serve.js";
import type { CliIo } from "./terminal.js";
import { type ViewFlags, viewFile } from "./view.js";
import { addWhatIf } from "./whatif/whatIfCommand.js";

/** The command line, ready to be parsed; `exit` is told the exit code of what was done. */
export function program(terminal: CliIo, exit: (code: number) => void): Command {
  const all = new Command("replication-simulator")
    .description("A simulated replication service for databases, over HTTP.")
    .version(version)
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => {
        terminal.err(text);
      },
    })
    .showHelpAfterError("(add --help for what there is)")
    .exitOverride();
  all
    .command("serve")
    .description("Answers the API on a port until it is interrupted. Its first line is its URL.")
    .option("--port <number>", "port to listen at; 0 for any that is free", readPort, 8779)
    .option("--host <host>", "address to listen at", parseNonEmpty, "127.0.0.1")
    .option("--account <id>", "account that everybody works in (default: 1234)", parseNonEmpty)
    .option(
      "--token <token>",
      "what lets a caller in; may be given several times (default: anybody comes in)",
      collect,
    )
    .option(
      "--user <name:secret[:role]>",
      "a user who logs in with the secret as password or API key; may be given several times",
      collectUser,
    )
    .option("--region <name>", "region that the service stands in (default: ORD)", parseNonEmpty)
    .option("--speed <factor>", "seconds of the world in a real one; 0 stands still", readSpeed, 1)
    .option("--seed <seed>", "decides ids and all luck (default: 1)", readSeed)
    .addOption(
      new Option("--profile <name>", "how long work takes (default: documented)").choices([
        "documented",
        "fast",
        "instant",
      ]),
    )
    .option("--jitter <share>", "how far durations vary, from 0 to 1 (default: 0)", readJitter)
    .option("--limits <json>", "limits of the service, as JSON or @FILE", readObject)
    .option("--rates <rates>", "off, documented, or rates as JSON or @FILE", readRates)
    .option("--faults <file>", "JSON array of faults to inject, with their times", readFaultsFile)
    .option("--world <file>", "JSON object with options of the simulator", readObjectFile)
    .addOption(
      new Option("--timestamp-style <style>", "how moments are written").choices([
        "documented",
        "zulu",
      ]),
    )
    .addOption(
      new Option("--address-style <style>", "how instances are reached").choices([
        "documented",
        "ip",
        "hostname",
        "both",
      ]),
    )
    .option(
      "--cors-origin <origin>",
      "origin of web pages that may call; may be given several times",
      collect,
    )
    .option(
      "--allowed-host <name>",
      "name by which /_simulator may be reached without credentials; may be given several times",
      collect,
    )
    .option(
      "--control",
      "answer under /_simulator: a page, clock, faults, snapshots, journal",
      false,
    )
    .option("--control-read-only", "with --control: show the world, and change nothing", false)
    .option(
      "--state <file>",
      "keep the world in this SQLite file, and go on from it",
      parseNonEmpty,
    )
    .option(
      "--snapshot-every <lines>",
      "lines of the journal after which the state file gets a snapshot, for a quick start",
      readLines,
      10_000,
    )
    .option(
      "--allow-unauthenticated",
      "listen beyond this machine although there is no token",
      false,
    )
    .option("--quiet", "print no line for each request", false)
    .action(async (flags: ServeFlags) => {
      exit(await serve(flags, terminal));
    });
  all
    .command("init")
    .description("Writes a first test for the test runner of a project; overwrites nothing.")
    .argument("[folder]", "folder of the project", ".")
    .addOption(
      new Option("--runner <name>", "test runner (default: the one found)").choices(testRunners),
    )
    .action(async (folder: string, flags: { readonly runner?: TestRunner }) => {
      exit(await initProject(folder, flags, terminal));
    });
  addWhatIf(all, terminal, exit);
  all
    .command("journal")
    .description("Prints the journal of a state file: a line of JSON for each thing that happened.")
    .argument("<file>", "a state file that no server holds")
    .action(async (file: string) => {
      exit(await printJournal(file, terminal));
    });
  all
    .command("view")
    .description("Makes a page to look at: of a journal, a snapshot, a state file or futures.")
    .argument(
      "<file>",
      "a journal or a snapshot as JSON, a state file that no server holds, or futures",
    )
    .option("--compare <file>", "another one, to be compared with the first", parseNonEmpty)
    .option("--title <text>", "heading of the page (default: the name of the file)")
    .option("--out <file>", "file to write (default: print it)", parseNonEmpty)
    .option("--open", "open the page in a browser", false)
    .action(async (file: string, flags: ViewFlags) => {
      exit(await viewFile(file, flags, terminal));
    });
  all
    .command("replay")
    .description("Lets everything in a state file happen again, and compares.")
    .argument("<file>", "a state file that no server holds")
    .action(async (file: string) => {
      exit(await replayFile(file, terminal));
    });
  return all;
}
