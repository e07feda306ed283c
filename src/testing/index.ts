/**
 * For authors of tests: topologies to begin with, and checks that any test runner understands. Needs no other package;
 * what generates random sequences and inputs is in `replication-simulator/testing/fast-check`.
 *
 * @module replication-simulator/testing
 */

export { expectNoBrokenInvariants, expectRefused, expectSettled } from "./assertions.js";
export {
  type ActiveHaGroup,
  createActiveHaGroup,
  createReplicationSet,
  type HaGroupOptions,
  type ReplicationSet,
  type ReplicationSetOptions,
} from "./fixtures.js";
export { type ScenarioTestOptions, scenarioAsTest } from "./scenarioAsTest.js";
export {
  createScenarioWorld,
  type ScenarioWorld,
  type ScenarioWorldOptions,
} from "./scenarioWorld.js";
export {
  createFullAccount,
  createGroupInFailover,
  createGroupWithLaggingReplica,
  createLoneInstance,
  createScheduledGroup,
  createSetWithLostSource,
  type FullAccount,
  type LaggingGroup,
  type LaggingGroupOptions,
  type LoneInstanceOptions,
  type ScheduledGroup,
  type ScheduledGroupOptions,
} from "./situations.js";
