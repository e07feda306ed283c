import { fileURLToPath } from "node:url";
import { mergeFiles } from "../../../executors/resultFile.js";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../../../scenario/format/scenario.js";
import type { EngineReport } from "../../../whatif/compiled/engine.js";
import { dataScenario } from "../../../whatif/dataScenario.js";
import type { EnsembleSpec, ScenarioReference } from "../../../whatif/ensemble/ensembleSpec.js";
import { WhatIfAnswer } from "../../../whatif/whatIf.js";
import type { CliIo } from "../terminal.js";
import { openScenarioFile } from "./files.js";

/**
 * Reads files of results of one ensemble, in any order. The answer is about all shards, or about the first ones if some
 * are missing. Returns undefined for results of what no file describes. With a terminal, modules in files are opened.
 */
export async function answerOfFiles(
  files: readonly string[],
  terminal?: CliIo,
): Promise<WhatIfAnswer | undefined> {
  const results = mergeFiles(files);
  const scenario = await scenarioOf(results.spec.scenario, terminal);
  if (scenario === undefined) return undefined;
  const isComplete = results.done === results.shards;
  const shards = isComplete ? results.shards : results.prefix;
  const engines = enginesOfData(results.spec);
  return new WhatIfAnswer(scenario, results, { shards, isComplete, engines });
}

/** The engine of each design of results of data: the same scenario finds the same one again. */
function enginesOfData({
  scenario: reference,
  designs,
}: EnsembleSpec): Readonly<Record<string, EngineReport>> {
  if (!("data" in reference)) return {};
  const { data, engine = "auto" } = reference;
  const { engineOf } = dataScenario(data as unknown as ScenarioInput, {}, { engine });
  if (engineOf === undefined) return {};
  return Object.fromEntries(designs.map((design) => [design, engineOf(design)]));
}

/** The scenario of results: their own data, or that of the module in a file that they came from. */
async function scenarioOf(
  reference: ScenarioReference,
  terminal: CliIo | undefined,
): Promise<Scenario | undefined> {
  if ("data" in reference) return parseScenario(reference.data as unknown as ScenarioInput);
  const isInFile = "module" in reference && reference.module.startsWith("file:");
  if (!isInFile || terminal === undefined) return undefined;
  return (await openScenarioFile(fileURLToPath(reference.module), terminal))?.scenario;
}
