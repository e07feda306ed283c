/**
 * For authors of tests: assertions about a simulation whose failures show the simulated world. Matchers for Vitest,
 * Jest and Bun, the same as functions that throw for every other runner, and a helper that shows the world when a test
 * fails.
 *
 * @module replication-simulator/matchers
 */
export {
  assertEqualWorld,
  assertInGroup,
  assertLost,
  assertRefusedBy,
  assertReplicas,
  assertReplicatesFrom,
  assertStatus,
} from "./assertions.js";
export type { LossExpectation } from "./checks.js";
export {
  type Coverage,
  type CoverageCollector,
  collectCoverage,
  coverageOf,
} from "./coverage.js";
export { type CoverageTableOptions, coverageTable } from "./coverageTable.js";
export { type OnTestFailed, withOnTestFailed } from "./failureHook.js";
export { type MatcherResult, matchers, type ReplicationMatchers } from "./matchers.js";
export { type ShowOnFailureOptions, showOnFailure } from "./showOnFailure.js";
export { worldReport } from "./worldReport.js";
