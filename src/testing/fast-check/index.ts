/**
 * For property tests: random scenarios, inputs that are valid or nearly so, and a reporter that prints a failing
 * scenario as a test. Needs `fast-check`, an optional peer of this package.
 *
 * @module replication-simulator/testing/fast-check
 */

export type { ScenarioTestOptions } from "../scenarioAsTest.js";
export {
  commandTypes,
  type InputOptions,
  inputArbitrary,
  malformedInputArbitrary,
} from "./commandArbitraries.js";
export {
  type FaultChoice,
  type FaultTargetRole,
} from "./draftArbitrary.js";
export { type RandomScenarioOptions, scenarioArbitrary } from "./scenarioArbitrary.js";
export { scenarioReporter } from "./scenarioReporter.js";
