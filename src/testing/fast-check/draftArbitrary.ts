import fc from "fast-check";
import type { CommandType } from "../../model/commandTypes.js";
import { documentedLimits, type Limits } from "../../model/limits.js";
import {
  booleanRule,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../../model/schema/entryPointOptions.js";
import type { Field } from "../../model/schema/fields.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { faultKinds } from "../../scenario/format/actionFields.js";
import { commandFields } from "../../service/commands/commandFields.js";
import type { Faults } from "../../service/faults/fault.model.js";
import { likelyNumber } from "./biasedInteger.js";
import { commandTypes, recordOf } from "./commandArbitraries.js";
import {
  type FieldContext,
  fieldArbitrary,
  optionalWith,
  partsOf,
  type RecordParts,
  recordArbitrary,
} from "./fieldArbitrary.js";
import { fragmentArbitrary } from "./fragments.js";
import { partsCount, spoiledRecordArbitrary } from "./invalidFieldArbitrary.js";
import type { ForkChanges, Reference, ReferenceKind, StepDraft, StepDrafts } from "./stepDrafts.js";

/** Selects the faults to inject, their share of the steps and their targets. */
export interface FaultChoice {
  /** Kinds of faults; default all. */
  readonly kinds?: readonly (keyof Faults)[];
  /** Share of the steps other than time steps that inject a fault, from 0 to 1. Default: the share by the weights. */
  readonly share?: number;
  /**
   * Targets: instances by role, or references to them. A fault that fits none of these, such as an outage, applies to
   * the service. Default: any instance.
   */
  readonly targets?: readonly (FaultTargetRole | (string & {}))[];
}

/** Instances by their role at the moment of the fault. */
export type FaultTargetRole = "instance" | "source" | "replica" | "member";

/** Options of generated drafts. */
export interface DraftOptions {
  /** Commands that occur. Default: all commands. */
  readonly commands?: readonly CommandType[];
  /** Maximum number of steps. Default 40. */
  readonly lengthMax?: number;
  /** Accounts that issue commands beside the simulator's own. Default: none. */
  readonly accounts?: readonly string[];
  /** Whether some commands are malformed. Default false. */
  readonly malformed?: boolean;
  /** Whether the service may refuse every request for a while, reads included. Default false. */
  readonly outages?: boolean;
  /** Whether a draft may continue in a fork or in a restored snapshot. Default false. */
  readonly worlds?: boolean;
  /** Limits of the simulator that the drafts are for. Default: the documented ones. */
  readonly limits?: Partial<Limits>;
  /** Faults to inject; needs the command `injectFault`. */
  readonly faults?: FaultChoice;
}

/**
 * Generates drafts: lists of steps that create instances, replicas, groups and schedules, advance time, and schedule
 * faults. A failing draft shrinks by removing steps at any position and by lowering numbers.
 */
export function draftArbitrary(given: DraftOptions = {}): fc.Arbitrary<StepDrafts> {
  const options = readDraftOptions(given);
  const { lengthMax = 40 } = options;
  const single = stepArbitrary(options).map((step): StepDrafts => [step]);
  // Fragments inject their own faults.
  const { faults } = options;
  const commands = options.commands ?? commandTypes;
  const fragment = fragmentArbitrary(
    faults === undefined ? commands : commands.filter((type) => !faultCommands.includes(type)),
  );
  const beginning = fc.option(fragment, { nil: [], freq: 10 });
  // Without "max", fast-check stops at ten, whatever length is allowed.
  const rest = fc.array(
    fc.oneof({ weight: 14, arbitrary: single }, { weight: 1, arbitrary: fragment }),
    { maxLength: lengthMax, size: "max" },
  );
  return fc
    .tuple(beginning, rest)
    .map(([first, others]) => [...first, ...others.flat()].slice(0, lengthMax));
}

const faultCommands: readonly CommandType[] = ["injectFault", "failTask"];

/** @throws InvalidInputError `draft-options`, `known-field` */
function readDraftOptions(given: DraftOptions): DraftOptions {
  const options = parseOptions(given, draftRules, { field: "options", rule: "draft-options" });
  if (options.faults === undefined) return options;
  return { ...options, faults: readFaultChoice(options.faults) };
}

/** @throws InvalidInputError `fault-choice`, `known-field` */
export function readFaultChoice(given: FaultChoice): FaultChoice {
  return parseOptions(given, faultRules, { field: "faults", rule: "fault-choice" });
}

/** Rules of each option. */
export const draftRules: OptionRules<DraftOptions> = {
  commands: listOf(commandTypes, "a list of commands"),
  lengthMax: wholeFrom(1),
  accounts: { expected: "a list of account ids", accepts: isStrings },
  malformed: booleanRule,
  outages: booleanRule,
  worlds: booleanRule,
  limits: { expected: "limits", accepts: isRecord },
  faults: { expected: "an object with kinds, share and targets", accepts: isRecord },
};

const faultRules: OptionRules<FaultChoice> = {
  kinds: listOf(faultKinds, `a list of ${faultKinds.join(", ")}`),
  share: {
    expected: "a number from 0 to 1",
    accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  targets: {
    expected: "a list of roles (instance, source, replica, member) or references",
    accepts: (value) => isStrings(value) && value.length > 0,
  },
};

function listOf(words: readonly string[], expected: string): OptionRule {
  return {
    expected,
    accepts: (value) => isStrings(value) && value.every((word) => words.includes(word)),
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return isList(value) && value.every((item) => typeof item === "string");
}

function stepArbitrary(options: DraftOptions): fc.Arbitrary<StepDraft> {
  const { commands = commandTypes, malformed = false, worlds = false } = options;
  const weights = weightsOf(commands, options.faults);
  const all = weights.reduce((sum, weight) => sum + weight, 1);
  const steps: fc.WeightedArbitrary<StepDraft>[] = [
    // Enough time steps for most tasks to end before the next command.
    { weight: Math.ceil(all / 4), arbitrary: advances },
    { weight: Math.ceil(all / 8), arbitrary: fc.constant("step") },
    { weight: Math.ceil(all / 12), arbitrary: fc.constant("settle") },
    ...commands.map((type, at) => ({
      weight: weights[at] ?? 0,
      arbitrary: commandStep(type, options),
    })),
  ];
  if (malformed && commands.length > 0) {
    steps.push({ weight: Math.ceil(all / 12), arbitrary: malformedStep(commands, options) });
  }
  if (worlds) {
    steps.push({ weight: Math.ceil(all / 30), arbitrary: fc.constant("restore") });
    steps.push({ weight: Math.ceil(all / 30), arbitrary: forks });
  }
  return fc.oneof(...steps);
}

/** Weights of commands. If a share of faults is requested, `injectFault` gets that share of the total. */
function weightsOf(
  commands: readonly CommandType[],
  faults: FaultChoice | undefined,
): readonly number[] {
  const share = faults?.share;
  if (share === undefined) return commands.map((type) => weightOf(type));
  // `failTask` injects a fault too.
  const others = commands.filter((type) => !faultCommands.includes(type));
  const rest = others.reduce((sum, type) => sum + weightOf(type), 0);
  const scale = 1000;
  return commands.map((type) => {
    if (type === "injectFault") {
      return rest === 0 ? scale : Math.round((scale * share * rest) / Math.max(1e-3, 1 - share));
    }
    return faultCommands.includes(type) ? 0 : share === 1 ? 0 : scale * weightOf(type);
  });
}

/** Commands that others depend on are more frequent. */
function weightOf(type: CommandType): number {
  const weights: Partial<Record<CommandType, number>> = {
    createInstance: 6,
    createReplica: 9,
    convertToHa: 4,
    failTask: 3,
    injectFault: 9,
    createSchedule: 3,
    deleteInstance: 3,
    renameInstance: 3,
  };
  return weights[type] ?? 2;
}

const dayMs = 86_400_000;
/** Durations of tasks and the same less 1 ms, where events coincide. A day reaches the hour of every schedule. */
const advances: fc.Arbitrary<StepDraft> = fc
  .oneof(
    {
      weight: 9,
      arbitrary: likelyNumber([1, 1_000, 3_000, 5_000, 10_000, 35_000, 60_000], {
        min: 0,
        max: 600_000,
      }),
    },
    { weight: 1, arbitrary: likelyNumber([dayMs], { min: 0, max: 2 * dayMs }) },
  )
  .map((ms) => ({ advance: ms }));

const forks: fc.Arbitrary<StepDraft> = fc
  .oneof(
    { weight: 9, arbitrary: fc.constant<ForkChanges>({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<ForkChanges>(
        { seed: 2 },
        { latency: "fast" },
        { jitter: 0.5 },
        { policy: { objectStorageAccess: false } },
        { policy: { databasesOnReplica: "ignore" } },
        { limits: { minReplicationRamMb: 2048 } },
      ),
    },
  )
  .map((changes) => ({ fork: changes }));

function commandStep(type: CommandType, options: DraftOptions): fc.Arbitrary<StepDraft> {
  const input = recordArbitrary(commandParts(type, options))
    .map(ownedByKind)
    .map((fields) => tamed(fields, options));
  return stepOf(
    input.map((fields) => ({ type, ...fields })),
    options,
  );
}

function commandParts(type: CommandType, options: DraftOptions): RecordParts {
  const context = contextOf(type, options);
  const parts = partsOf(recordOf(type), context);
  const { kinds } = options.faults ?? {};
  if (type !== "injectFault" || kinds === undefined || kinds.length === 0) return parts;
  const { fault } = recordOf(type) as Readonly<Record<string, { readonly field: Field<unknown> }>>;
  if (fault?.field.shape.kind !== "union") throw new TypeError("the faults form no union");
  const variants = fault.field.shape.of;
  const chosen = kinds.map((kind) =>
    fieldArbitrary(variants[kind] as Field<unknown>, "fault", context),
  );
  return { ...parts, fault: fc.oneof(...chosen) };
}

function malformedStep(
  commands: readonly CommandType[],
  options: DraftOptions,
): fc.Arbitrary<StepDraft> {
  const spoiled = commands.map((type) => ({
    weight: partsCount(commandFields[type]),
    arbitrary: spoiledRecordArbitrary(recordOf(type), contextOf(type, options)).map((fields) => ({
      type,
      ...fields,
    })),
  }));
  const type = fc.constantFrom<unknown>("rebuildReplica", "constructor", "", null, 7);
  return stepOf(
    fc.oneof(...spoiled, {
      weight: 3,
      arbitrary: fc.record({ type }, { noNullPrototype: true }),
    }),
    options,
  );
}

function stepOf(
  commands: fc.Arbitrary<{ readonly type: unknown }>,
  { accounts = [] }: DraftOptions,
): fc.Arbitrary<StepDraft> {
  if (accounts.length === 0) return commands.map((execute) => ({ execute }));
  const by = optionalWith(fc.constantFrom(...accounts), 5);
  return recordArbitrary({ execute: commands, by }) as unknown as fc.Arbitrary<StepDraft>;
}

/** References count by position, so that they stay valid in every shrunk draft. */
function contextOf(
  type: CommandType,
  { limits = {}, accounts = [], faults }: DraftOptions,
): FieldContext {
  const { targets } = type === "injectFault" ? (faults ?? {}) : {};
  return {
    limits: { ...documentedLimits, ...limits },
    idFor: (key) =>
      targets !== undefined && targetFields.includes(key)
        ? targetArbitrary(targets)
        : referenceArbitrary(kindsFor(type, key), accounts),
    words: wordsIn(type),
  };
}

/** Values that commands about changes and failures mostly use: targets absent, or the ones that most drafts contain. */
function wordsIn(type: CommandType): Readonly<Record<string, readonly unknown[]>> {
  switch (type) {
    case "resizeFlavor":
    case "resizeGroupFlavor":
      return { "flavor-id": ["3", "3", "2", "1", "42", 4] };
    case "resizeVolume":
    case "resizeGroupVolumes":
      return { "volume-size": [20, 30, 10, 300] };
    case "deleteDatabase":
      return { "lookup-name": ["orders", "orders", "audit_log", "a b"] };
    case "deleteUser":
      return { "lookup-name": ["app", "app", "j.doe"] };
    case "failTask":
      return { "task-kind": failableTasks() };
    case "injectFault":
      return { "task-kind": failableTasks(), distribution: longDistributions };
    default:
      return {};
  }
}

/** Long enough that a day of random faults has few events. */
const longDistributions: readonly unknown[] = [
  1_800_000,
  { from: 0, to: 7_200_000 },
  { kind: "exponential", meanMs: 3_600_000 },
  { kind: "weibull", scaleMs: 3_600_000, shape: 2 },
  { kind: "lognormal", medianMs: 1_800_000, sigma: 0.5 },
  { kind: "empirical", ms: [600_000, 3_600_000] },
];

/** Every kind of task; those that run in most drafts are more frequent. */
function failableTasks(): readonly string[] {
  const { task } = recordOf("failTask") as Record<string, { readonly field: Field<unknown> }>;
  const all = task?.field.shape.kind === "choice" ? task.field.shape.of : [];
  const often = ["build", "build", "convert", "restart", "reboot", "detach", "promote", "delete"];
  return [...often, ...often, ...often, ...all];
}

/** Fields of faults that refer to an instance. */
const targetFields: readonly string[] = ["instanceId", "replicaId", "sourceId", "of"];
const targetRoles: readonly string[] = ["instance", "source", "replica", "member"];

function targetArbitrary(targets: readonly string[]): fc.Arbitrary<unknown> {
  const nth = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(-1));
  return fc.tuple(fc.constantFrom(...targets), nth).map(([target, place]) => {
    return targetRoles.includes(target) ? { the: target, nth: place } : target;
  });
}

function referenceArbitrary(
  kinds: readonly ReferenceKind[],
  accounts: readonly string[],
): fc.Arbitrary<unknown> {
  const nth = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(-1));
  const the = fc.constantFrom(...kinds);
  const foreign = accounts.length === 0 ? fc.constant(undefined) : fc.constantFrom(...accounts);
  return fc.oneof(
    { weight: 20, arbitrary: fc.record<Reference>({ the, nth }, { noNullPrototype: true }) },
    { weight: 1, arbitrary: recordArbitrary({ the, nth, of: foreign }) },
    { weight: 1, arbitrary: fc.constant("nobody") },
  );
}

/** Kinds that an id field of a command can refer to; repeated kinds are more frequent. */
function kindsFor(type: CommandType, key: string): readonly ReferenceKind[] {
  switch (key) {
    case "groupId":
      return ["group"];
    case "scheduleId":
      return ["schedule"];
    case "backupId":
    case "parentId":
    case "restoreFrom":
      return ["backup"];
    case "configurationId":
      return ["configuration"];
    case "faultId":
      return ["fault"];
    case "sourceId":
      return ["source"];
    case "ownerId":
      return ["instance", "source", "replica", "group", "group", "member"];
    case "of":
      return ["instance", "replica", "source", "group"];
    case "replicaId":
      return ["replica", "replica", "replica", "member", "instance"];
    case "replicaOf":
      return type === "detachReplica" ? ["source"] : ["instance", "instance", "source", "replica"];
    default:
      if (type === "removeReplica") return ["member", "member", "replica", "instance"];
      if (type === "injectFault") return ["instance", "source", "replica", "member"];
      return type === "detachReplica" || type === "promoteReplica" || type === "convertToHa"
        ? ["replica", "replica", "replica", "source", "instance", "member"]
        : ["instance", "instance", "instance", "source", "replica", "member"];
  }
}

/** An id is looked up as a group's only where the owner kind is a group. */
function ownedByKind(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const owner = fields["ownerId"] as Partial<Reference> | undefined;
  return owner?.the === "group" && fields["ownerKind"] === undefined
    ? { ...fields, ownerKind: "ha" }
    : fields;
}

/**
 * A permanent outage leaves nothing to test, so each outage gets an end. If no outages are wanted, it becomes slowness.
 */
function tamed(
  fields: Readonly<Record<string, unknown>>,
  { outages = false }: DraftOptions,
): Readonly<Record<string, unknown>> {
  const fault = fields["fault"] as
    | { readonly kind?: unknown; readonly durationMs?: number }
    | undefined;
  if (fault?.kind !== "outage") return fields;
  const durationMs = fault.durationMs ?? 5_000;
  return {
    ...fields,
    fault: outages ? { ...fault, durationMs } : { kind: "slowTasks", factor: 5, durationMs },
  };
}
