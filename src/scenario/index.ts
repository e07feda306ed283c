/**
 * Scenarios as data: what exists, what happens, what is measured. Build them with `scenario`, run them with
 * `runScenario`, and turn a journal into one with `journalToScenario`. No Node built-ins, no YAML.
 *
 * @module
 */

export { baseDesign, type Design, designsOf, mergePatch } from "./format/designs.js";
export { scenarioJsonSchema } from "./format/jsonSchema.js";
export { type CheckedScenario, checkScenario, scenario } from "./format/parseScenario.js";
export { formatDuration, parseDuration } from "./format/quantities.js";
export {
  type ActionOf,
  type BoundOf,
  type CheckAction,
  type CommandActionOf,
  type ConditionKind,
  type ConditionOf,
  conditionKinds,
  type DistributionOf,
  type ExpectationOf,
  type FaultActionOf,
  type FaultInputOf,
  type FixtureOf,
  type ForkedWorldOf,
  type MeasureKind,
  type MeasureSpecOf,
  type MergePatch,
  type MoveAction,
  measureKinds,
  type NestedInputOf,
  type OperatorOf,
  type PropertyKind,
  propertyKinds,
  type RandomProcessOf,
  type RangeOf,
  type Scenario,
  type ScenarioInput,
  type ScenarioOf,
  type StepInputOf,
  type StepOf,
  type SubjectKey,
  scenarioVersion,
  type WorldOf,
} from "./format/scenario.js";
export { maxDesigns, type Parameter } from "./format/vary.js";
export { journalToScenario } from "./run/journalToScenario.js";
export { type NamedThing, NameTable } from "./run/nameTable.js";
export type { PlannedStep } from "./run/planSteps.js";
export { type PreparedScenario, prepareScenario, type WorldStorage } from "./run/prepare.js";
export {
  type FailedCheck,
  type Refusal,
  type RunScenarioOptions,
  runPrepared,
  runScenario,
  type ScenarioRun,
  type StepOutcome,
  type StepResult,
} from "./run/runScenario.js";
