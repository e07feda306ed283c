import { Command, Option } from "commander";
import { version } from "../../model/packageVersion.js";
import { initProject, type TestRunner, testRunners } from "./init.js";
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
import type { CliIo } from "./terminal.js";
import type { ViewFlags } from "./view.js";
import { addWhatIf } from "./whatif/whatIfCommand.js";

/**
 * Returns the command-line parser. It calls `exit` with the exit code of the command that ran. Each command loads its code
 * when it runs, so that `--help` does not wait for a simulator.
 */
export function program(terminal: CliIo, exit: (code: number) => void): Command {
  const all = new Command("replication-simulator")
    .description(
      "Simulates the Cloud Databases replication API: HTTP server, what-if runs, journals.",
    )
    .version(version)
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => {
        terminal.err(text);
      },
    })
    .showHelpAfterError("Run with --help for usage.")
    .exitOverride();
  all
    .command("serve")
    .description("Serves the API over HTTP until interrupted. The first line of output is the URL.")
    .option("--port <number>", "port to listen on; 0 picks a free one", readPort, 8779)
    .option("--host <host>", "address to listen on", parseNonEmpty, "127.0.0.1")
    .option("--account <id>", "account id of all requests (default: 1234)", parseNonEmpty)
    .option(
      "--token <token>",
      "auth token to accept; repeatable (default: no authentication)",
      collect,
    )
    .option(
      "--user <name:secret[:role]>",
      "user who logs in with the secret as password or API key; repeatable",
      collectUser,
    )
    .option("--region <name>", "region of the service (default: ORD)", parseNonEmpty)
    .option("--speed <factor>", "virtual seconds per real second; 0 pauses time", readSpeed, 1)
    .option("--seed <seed>", "random seed (default: 1)", readSeed)
    .addOption(
      new Option("--profile <name>", "latency profile (default: documented)").choices([
        "documented",
        "fast",
        "instant",
      ]),
    )
    .option(
      "--jitter <share>",
      "random variation of durations, from 0 to 1 (default: 0)",
      readJitter,
    )
    .option("--limits <json>", "limits of the service, as JSON or @FILE", readObject)
    .option("--rates <rates>", "off, documented, or rates as JSON or @FILE", readRates)
    .option("--faults <file>", "JSON array of faults to inject, with their times", readFaultsFile)
    .option("--world <file>", "JSON object with options of the simulator", readObjectFile)
    .addOption(
      new Option("--timestamp-style <style>", "format of timestamps (default: documented)").choices(
        ["documented", "zulu"],
      ),
    )
    .addOption(
      new Option(
        "--address-style <style>",
        "addresses in instance details (default: documented)",
      ).choices(["documented", "ip", "hostname", "both"]),
    )
    .option("--cors-origin <origin>", "origin allowed by CORS; repeatable", collect)
    .option(
      "--allowed-host <name>",
      "host name accepted for /_simulator without credentials; repeatable",
      collect,
    )
    .option(
      "--control",
      "serve the control endpoint /_simulator: page, clock, faults, snapshots, journal",
      false,
    )
    .option("--control-read-only", "with --control: allow reading only", false)
    .option(
      "--state <file>",
      "SQLite file to persist the state in, and to resume from",
      parseNonEmpty,
    )
    .option(
      "--snapshot-every <lines>",
      "journal entries between two snapshots in the state file",
      readLines,
      10_000,
    )
    .option("--allow-unauthenticated", "allow a public --host without --token or --user", false)
    .option("--quiet", "do not log requests", false)
    .action(async (flags: ServeFlags) => {
      const { serve } = await import("./serve.js");
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
    .description("Prints the journal of a state file as NDJSON, one entry per line.")
    .argument("<file>", "state file that no server has open")
    .action(async (file: string) => {
      const { printJournal } = await import("./journal.js");
      exit(await printJournal(file, terminal));
    });
  all
    .command("view")
    .description(
      "Creates an HTML page from a journal, a snapshot, a state file or what-if results.",
    )
    .argument(
      "<file>",
      "journal or snapshot (JSON), state file that no server has open, or what-if results",
    )
    .option("--compare <file>", "second file to compare with the first", parseNonEmpty)
    .option("--title <text>", "heading of the page (default: the name of the file)")
    .option("--out <file>", "file to write (default: print it)", parseNonEmpty)
    .option("--open", "open the page in a browser", false)
    .action(async (file: string, flags: ViewFlags) => {
      const { viewFile } = await import("./view.js");
      exit(await viewFile(file, flags, terminal));
    });
  all
    .command("replay")
    .description("Replays the journal of a state file and verifies the result.")
    .argument("<file>", "state file that no server has open")
    .action(async (file: string) => {
      const { replayFile } = await import("./replay.js");
      exit(await replayFile(file, terminal));
    });
  return all;
}
