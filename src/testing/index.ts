/**
 * For authors of tests: topologies to begin with, stories to try, inputs that are nearly right, and checks that any
 * test runner understands. Needs `fast-check`, which is an optional peer of this package.
 *
 * @module replication-simulator/testing
 */

export { expectNoBrokenInvariants, expectRefused, expectSettled } from "./assertions.js";
export {
  commandTypes,
  type InputOptions,
  inputArbitrary,
  malformedInputArbitrary,
} from "./commandArbitraries.js";
export {
  type ActiveHaGroup,
  createActiveHaGroup,
  createReplicationSet,
  type HaGroupOptions,
  type ReplicationSet,
  type ReplicationSetOptions,
} from "./fixtures.js";
export { type PlayedScene, type PlayOptions, play, type Scene } from "./play.js";
export type {
  Act,
  ForkChanges,
  IdField,
  MalformedCommand,
  Reference,
  ReferenceKind,
  Referring,
  ReferringEach,
  Story,
  StoryCommand,
} from "./story.js";
export { type StoryOptions, storyArbitrary } from "./storyArbitrary.js";
export {
  type PrintOptions,
  type SerializableOptions,
  type StorySetup,
  storyAsTest,
} from "./storyAsTest.js";
export { type ReporterOptions, storyReporter } from "./storyReporter.js";
