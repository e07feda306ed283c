import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidInputError } from "../../../model/errors.js";
import { isRecord } from "../../../model/schema/plainData.js";
import { parseScenarioFile, ScenarioFileError } from "../../../scenario/file/parseScenarioFile.js";
import { type Design, designsOf } from "../../../scenario/format/designs.js";
import { scenarioJsonSchema } from "../../../scenario/format/jsonSchema.js";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../../../scenario/format/scenario.js";
import { prepareScenario } from "../../../scenario/run/prepare.js";
import { EnsembleError } from "../../../whatif/ensemble/ensembleError.js";
import type { OwnParts } from "../../../whatif/future/design.js";
import { problemText, stepProblems } from "../../../whatif/future/stepProblems.js";
import type { CliIo } from "../terminal.js";
import { exitCodes } from "./exitCodes.js";
import { folded } from "./folded.js";

/** A scenario, and what its file holds beside it. */
export interface ScenarioSource {
  /** Of a module that exports a function, a scenario without content. */
  readonly scenario: Scenario;
  /** Measures and properties that a module exports. */
  readonly own: OwnParts;
  /** URL of a module whose functions are needed to run it; undefined where data is enough. */
  readonly module: string | undefined;
  readonly isFunction: boolean;
}

/** Returns the scenario of a file; undefined after its problems were printed. */
export async function readScenarioFile(
  path: string,
  terminal: CliIo,
): Promise<Scenario | undefined> {
  return (await openDataFile(path, terminal))?.scenario;
}

/** Opens a scenario file or a module that exports a scenario; undefined after its problems were printed. */
export async function openDataFile(
  path: string,
  terminal: CliIo,
): Promise<ScenarioSource | undefined> {
  const source = await openScenarioFile(path, terminal);
  if (source?.isFunction !== true) return source;
  terminal.err(
    `${path} exports a function; only whatif run and merge take one, export a scenario\n`,
  );
  return undefined;
}

/** Opens a scenario file or a module; undefined after its problems were printed. */
export async function openScenarioFile(
  path: string,
  terminal: CliIo,
): Promise<ScenarioSource | undefined> {
  try {
    const text = await readFile(path, "utf8");
    if (/\.[cm]?[jt]s$/.test(path)) return await openModule(path);
    const scenario = parseScenarioFile(text, { file: path });
    return { scenario, own: {}, module: undefined, isFunction: false };
  } catch (error) {
    const isKnown =
      error instanceof ScenarioFileError ||
      error instanceof InvalidInputError ||
      error instanceof EnsembleError;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (isKnown) terminal.err(`${error.message}\n`);
    else if (syscall !== undefined) terminal.err(`${path} cannot be read: ${code ?? syscall}\n`);
    else throw error;
    return undefined;
  }
}

/** Opens a module that exports a scenario, perhaps with measures and properties, or a function. */
async function openModule(path: string): Promise<ScenarioSource> {
  const { importModule, ownPartsOf } = await import("../../../executors/openModule.js");
  const url = pathToFileURL(resolve(path)).href;
  const exports = await importModule(url);
  const exported = exports["default"];
  if (typeof exported === "function") {
    const scenario: Scenario = { scenario: 1, title: basename(path) };
    return { scenario, own: {}, module: url, isFunction: true };
  }
  if (!isRecord(exported)) {
    const message = `${path} has no default export; export a scenario, or a function (sim, params) => outcome`;
    throw new EnsembleError("scenario-module", message, { field: "export", value: "default" });
  }
  const scenario = parseScenario(exported as unknown as ScenarioInput);
  const own = ownPartsOf(exports);
  const needsModule = own.measures !== undefined || own.properties !== undefined;
  return { scenario, own, module: needsModule ? url : undefined, isFunction: false };
}

/** Checks a file, and prints what it asks. */
export async function checkFile(path: string, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(path, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const designs = designsOf(scenario);
  const unbuilt = designs.flatMap((design) => topologyProblems(path, design));
  if (unbuilt.length > 0) {
    terminal.err(unbuilt.join(""));
    return exitCodes.badFile;
  }
  const measures = Object.keys(scenario.measures ?? {}).length;
  const expectations = Object.keys(scenario.expect ?? {}).length;
  const counts = [
    counted(designs.length, "design"),
    counted(measures, "measure"),
    counted(expectations, "expectation"),
  ];
  await terminal.out(`${path}: ${counts.join(", ")}\n`);
  for (const { name, scenario: design } of designs) {
    for (const problem of stepProblems(design, 0)) {
      const text = `${name}: ${problemText(problem)}`;
      await terminal.out(folded(`WITHOUT EFFECT, although nothing fails at random: ${text}\n`));
    }
  }
  return exitCodes.met;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns what of the topology of a design a rule of the service refuses. */
function topologyProblems(path: string, { name, scenario }: Design): readonly string[] {
  try {
    prepareScenario(scenario);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return [`${path}: ${name}: ${error.message}\n`];
  }
}

/** Prints the JSON Schema of scenario files. */
export async function printSchema(terminal: CliIo): Promise<number> {
  await terminal.out(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
  return exitCodes.met;
}
