/**
 * For authors of property tests: random sequences of events, inputs that are valid or nearly so, and a reporter that
 * prints a failing sequence as a test. Needs `fast-check`, which is an optional peer of this package.
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
