import { mergeFiles } from "../../../executors/resultFile.js";
import { scenario as parseScenario } from "../../../scenario/format/parseScenario.js";
import type { ScenarioInput } from "../../../scenario/format/scenario.js";
import { WhatIfAnswer } from "../../../whatif/whatIf.js";

/**
 * Reads files of results of one ensemble, in any order. The answer is about all shards, or about the first ones if some
 * are missing. Returns undefined for results of a module, which no file describes.
 */
export function answerOfFiles(files: readonly string[]): WhatIfAnswer | undefined {
  const results = mergeFiles(files);
  const { scenario: reference } = results.spec;
  if (!("data" in reference)) return undefined;
  const scenario = parseScenario(reference.data as unknown as ScenarioInput);
  const isComplete = results.done === results.shards;
  const shards = isComplete ? results.shards : results.prefix;
  return new WhatIfAnswer(scenario, results, { shards, isComplete });
}
