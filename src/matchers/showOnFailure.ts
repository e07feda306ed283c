import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import type { ReplicationSimulator } from "../simulator.js";
import { attachJournal, writeFailedWorld } from "./failedWorlds.js";
import type { OnTestFailed } from "./failureHook.js";
import { worldReport } from "./worldReport.js";

/** Options of the report after a failed test. */
export interface ShowOnFailureOptions {
  /** Registers a function that runs when the test fails: `onTestFailed` of Vitest, or that of `withOnTestFailed`. */
  readonly onTestFailed: OnTestFailed;
  /** Receives the report as text. Default `console.error`. */
  readonly print?: (report: string) => void;
  /** Writes a file beside the test output, such as `writeFileSync`. Default: no files. */
  readonly writeFile?: (path: string, content: string) => void;
  /** Path of the files without their endings `.svg` and `.html`. Default "failed-simulation". */
  readonly path?: string;
}

const optionNames: OptionNames<ShowOnFailureOptions> = {
  onTestFailed: true,
  print: true,
  writeFile: true,
  path: true,
};

/**
 * Shows a simulation when the running test fails: its topology, last journal entries and seed as text, and with
 * `writeFile` the timeline as SVG and the whole simulation as a page. In Vitest, the reporter
 * `replication-simulator/vitest` writes these files for every failed test.
 *
 * @example
 * ```ts
 * import { writeFileSync } from "node:fs";
 * import { ReplicationSimulator } from "replication-simulator";
 * import { showOnFailure } from "replication-simulator/matchers";
 * import { onTestFailed, test } from "vitest";
 *
 * test("survives a failover", () => {
 *   const sim = new ReplicationSimulator();
 *   showOnFailure(sim, { onTestFailed, writeFile: writeFileSync, path: "failover" });
 * });
 * ```
 * @param sim - the simulator to show
 * @param options - `onTestFailed` of the test runner, and where to write files
 * @throws InvalidInputError for an unknown option
 */
export function showOnFailure(sim: ReplicationSimulator, options: ShowOnFailureOptions): void {
  assertKnownOptions(options, optionNames);
  const { onTestFailed, print, writeFile, path = "failed-simulation" } = options;
  onTestFailed((context) => {
    const lines = [worldReport(sim)];
    if (sim.settings.journal) {
      const journal = sim.journal();
      attachJournal(context, journal);
      if (writeFile !== undefined) {
        lines.push(`written: ${writeFailedWorld(journal, path, writeFile).join(", ")}`);
      }
    }
    const report = lines.join("\n");
    if (print === undefined) console.error(report);
    else print(report);
  });
}
