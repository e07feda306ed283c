/**
 * For test authors: ready topologies, and assertions for any test runner. Needs no other package. Generators of random
 * scenarios and inputs are in `replication-simulator/testing/fast-check`.
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
