import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anyFunction, nonEmptyString, parseOptions } from "../../model/schema/entryPointOptions.js";
import { journalsIn, writeFailedWorld } from "../failedWorlds.js";

/** Options of the reporter's output. */
export interface SimulationReporterOptions {
  /** Folder for the files, created where it is missing. Default "test-results". */
  readonly outputDir?: string;
  /** Receives the paths of the files, one line for each test. Default `console.log`. */
  readonly print?: (line: string) => void;
}

/** The part of a Vitest test case that the reporter reads. */
export interface FailedTestCase {
  readonly fullName: string;
  readonly module: { readonly relativeModuleId: string };
  /** Returns the metadata of the test, with its simulations. */
  readonly meta: () => object;
  /** Returns the outcome of the test. */
  readonly result: () => { readonly state: string };
}

/**
 * A reporter for Vitest. For each failed test it writes the timeline as SVG and the simulation as a page: one of each for
 * every simulator that the test has given to `showOnFailure`.
 *
 * @example
 * ```ts no-run
 * import { defineConfig } from "vitest/config";
 *
 * export default defineConfig({
 *   test: { reporters: ["default", "replication-simulator/vitest"] },
 * });
 * ```
 */
export class SimulationReporter {
  readonly #outputDir: string;
  readonly #print: (line: string) => void;

  /**
   * @param options - the folder, as Vitest passes it: `["replication-simulator/vitest", { outputDir }]`
   * @throws InvalidInputError `reporter-options`
   */
  constructor(options: SimulationReporterOptions = {}) {
    const { outputDir = "test-results", print } = parseOptions(
      options,
      { outputDir: nonEmptyString, print: anyFunction },
      { field: "options", rule: "reporter-options" },
    );
    this.#outputDir = outputDir;
    this.#print =
      print ??
      ((line) => {
        console.log(line);
      });
  }

  /** Vitest calls it after each test. */
  onTestCaseResult(testCase: FailedTestCase): void {
    if (testCase.result().state !== "failed") return;
    const name = fileName(`${testCase.module.relativeModuleId} ${testCase.fullName}`);
    for (const [index, journal] of journalsIn(testCase.meta()).entries()) {
      mkdirSync(this.#outputDir, { recursive: true });
      const path = join(this.#outputDir, index === 0 ? name : `${name}-${String(index + 1)}`);
      const written = writeFailedWorld(journal, path, writeFileSync);
      this.#print(`${testCase.fullName}: ${written.join(", ")}`);
    }
  }
}

/** A name that every file system takes. */
function fileName(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  return plain.slice(0, maxNameLength);
}

const maxNameLength = 120;
