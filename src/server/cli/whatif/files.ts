import { readFile } from "node:fs/promises";
import { parseScenarioFile, ScenarioFileError } from "../../../scenario/file/parseScenarioFile.js";
import { designsOf } from "../../../scenario/format/designs.js";
import { scenarioJsonSchema } from "../../../scenario/format/jsonSchema.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import type { CliIo } from "../terminal.js";

/** Exit codes of `whatif`. */
export const exitCodes = { met: 0, notMet: 1, badFile: 2, undecided: 3, interrupted: 130 } as const;

/** Returns the scenario of a file; undefined after its problems were printed. */
export async function readScenarioFile(
  path: string,
  terminal: CliIo,
): Promise<Scenario | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    terminal.err(
      `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}\n`,
    );
    return undefined;
  }
  try {
    return parseScenarioFile(text, { file: path });
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Checks a file, and prints what it asks. */
export async function checkFile(path: string, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(path, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const designs = designsOf(scenario);
  const measures = Object.keys(scenario.measures ?? {}).length;
  const expectations = Object.keys(scenario.expect ?? {}).length;
  await terminal.out(
    `${path}: ${String(designs.length)} designs, ${String(measures)} measures, ${String(expectations)} expectations\n`,
  );
  return exitCodes.met;
}

/** Prints the JSON Schema of scenario files. */
export async function printSchema(terminal: CliIo): Promise<number> {
  await terminal.out(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
  return exitCodes.met;
}
