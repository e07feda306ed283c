import type fc from "fast-check";
import { isRecord } from "../../model/schema/plainData.js";
import type { Scenario } from "../../scenario/index.js";
import {
  assertScenarioTestOptions,
  type ScenarioTestOptions,
  scenarioAsTest,
} from "../scenarioAsTest.js";

/**
 * A reporter for `fc.assert`: a property that fails throws an Error whose message holds the shrunk scenario as a test to
 * paste, and the seed and path that replay the search.
 *
 * @param options - how the test is printed
 * @throws Error when the property failed
 */
export function scenarioReporter<Ts extends readonly unknown[]>(
  options: ScenarioTestOptions = {},
): (run: fc.RunDetails<Ts>) => void {
  assertScenarioTestOptions(options);
  return (run) => {
    if (!run.failed) return;
    const { counterexample, seed, counterexamplePath, numRuns, numShrinks, errorInstance } = run;
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    const scenario = counterexample?.find(isScenario);
    if (scenario === undefined) {
      throw new Error(`no scenario failed in ${String(numRuns)} runs: ${why}`, {
        cause: errorInstance,
      });
    }
    const replay = `{ seed: ${String(seed)}, path: ${JSON.stringify(counterexamplePath)} }`;
    throw new Error(
      [
        `a scenario failed after ${String(numRuns)} runs and was shrunk ${String(numShrinks)} times: ${why}`,
        `fc.assert(..., ${replay}) searches the same way again; this test runs the scenario:`,
        "",
        scenarioAsTest(scenario, options),
      ].join("\n"),
      { cause: errorInstance },
    );
  };
}

function isScenario(value: unknown): value is Scenario {
  return isRecord(value) && value["scenario"] === 1;
}
