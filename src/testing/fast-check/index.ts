/**
 * For authors of property tests: random sequences of events, inputs that are valid or nearly so, and a reporter that
 * prints a failing sequence as a test. Needs `fast-check`, which is an optional peer of this package.
 *
 * @module replication-simulator/testing/fast-check
 */

export type { ScenarioTestOptions } from "../scenarioAsTest.js";
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
} from "../story.js";
export type { PrintOptions, SerializableOptions, StorySetup } from "../storyAsTest.js";
export {
  commandTypes,
  type InputOptions,
  inputArbitrary,
  malformedInputArbitrary,
} from "./commandArbitraries.js";
export { type RandomScenarioOptions, scenarioArbitrary } from "./scenarioArbitrary.js";
export { scenarioReporter } from "./scenarioReporter.js";
export {
  type FaultChoice,
  type FaultTargetRole,
  type StoryOptions,
  storyArbitrary,
} from "./storyArbitrary.js";
export { type ReporterOptions, storyReporter } from "./storyReporter.js";
