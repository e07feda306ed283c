import { pageHtml } from "../page/index.js";
import { timelineSvg } from "../render/index.js";
import type { ReplicationSimulator } from "../simulator.js";
import { worldReport } from "./worldReport.js";

/** How to show a simulation when a test fails. */
export interface ShowOnFailureOptions {
  /** Registers a function that runs when the test fails: `onTestFailed` of Vitest, or of the test's context. */
  readonly onTestFailed: (show: () => void) => unknown;
  /** Receives the report as text. Default `console.error`. */
  readonly print?: (report: string) => void;
  /** Writes a file beside the test output, such as `writeFileSync`. Default: no files. */
  readonly writeFile?: (path: string, content: string) => void;
  /** Path of the files without their endings `.svg` and `.html`. Default "failed-simulation". */
  readonly path?: string;
}

/**
 * Shows a simulation when the running test fails: its topology, last journal entries and seed as text, and with
 * `writeFile` the timeline as SVG and the whole simulation as a page.
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
 */
export function showOnFailure(sim: ReplicationSimulator, options: ShowOnFailureOptions): void {
  const { onTestFailed, print, writeFile, path = "failed-simulation" } = options;
  onTestFailed(() => {
    const written: string[] = [];
    if (writeFile !== undefined && sim.settings.journal) {
      const journal = sim.journal();
      writeFile(`${path}.svg`, timelineSvg(journal));
      writeFile(`${path}.html`, pageHtml({ world: journal, title: path }));
      written.push(`written: ${path}.svg, ${path}.html`);
    }
    const report = [worldReport(sim), ...written].join("\n");
    if (print === undefined) console.error(report);
    else print(report);
  });
}
