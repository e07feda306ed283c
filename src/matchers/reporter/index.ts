/**
 * For authors of tests with Vitest: a reporter that writes the timeline and the page of every simulation in a failed test
 * beside the test output. Needs Node.
 *
 * @module replication-simulator/vitest
 */
export {
  type FailedTestCase,
  SimulationReporter,
  SimulationReporter as default,
  type SimulationReporterOptions,
} from "./simulationReporter.js";
