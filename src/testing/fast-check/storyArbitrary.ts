import fc from "fast-check";
import type { CommandType } from "../../domain/commandTypes.js";
import type { Field } from "../../domain/fields.js";
import { documentedLimits, type Limits } from "../../domain/limits.js";
import { commandFields } from "../../domain/schema.js";
import type { Act, ForkChanges, Reference, ReferenceKind, Story } from "../story.js";
import { likelyNumber } from "./biasedInteger.js";
import { commandTypes, recordOf } from "./commandArbitraries.js";
import { type FieldContext, optionalWith, partsOf, recordArbitrary } from "./fieldArbitrary.js";
import { fragmentArbitrary } from "./fragments.js";
import { partsCount, spoiledRecordArbitrary } from "./invalidFieldArbitrary.js";

/** Which stories are told. */
export interface StoryOptions {
  /** Commands that occur; default all that there are. */
  readonly commands?: readonly CommandType[];
  /** Most acts of a story; default 40. */
  readonly lengthMax?: number;
  /** Accounts that act beside the simulator's own; default none. */
  readonly accounts?: readonly string[];
  /** Whether some commands are malformed; default false. */
  readonly malformed?: boolean;
  /** Whether the service may refuse everything for a while, so that looking is refused, too; default false. */
  readonly outages?: boolean;
  /** Whether a story may go on in a fork or in a restored snapshot; default false. */
  readonly worlds?: boolean;
  /** The limits of the simulator that the stories are for; default the documented ones. */
  readonly limits?: Partial<Limits>;
}

/**
 * Stories: lists of acts that make instances, replicas, groups and schedules, let time pass, and plan failures.
 * A failing story shrinks by leaving acts out, wherever they stand, and by lowering numbers.
 */
export function storyArbitrary(options: StoryOptions = {}): fc.Arbitrary<Story> {
  const { lengthMax = 40 } = options;
  const single = actArbitrary(options).map((act): Story => [act]);
  const phrase = fragmentArbitrary(options.commands ?? commandTypes);
  const beginning = fc.option(phrase, { nil: [], freq: 10 });
  // Without "max" fast-check stops at ten, whatever the length allowed.
  const rest = fc.array(
    fc.oneof({ weight: 14, arbitrary: single }, { weight: 1, arbitrary: phrase }),
    { maxLength: lengthMax, size: "max" },
  );
  return fc
    .tuple(beginning, rest)
    .map(([first, others]) => [...first, ...others.flat()].slice(0, lengthMax));
}

function actArbitrary(options: StoryOptions): fc.Arbitrary<Act> {
  const { commands = commandTypes, malformed = false, worlds = false } = options;
  const weights = commands.map((type) => weightOf(type));
  const all = weights.reduce((sum, weight) => sum + weight, 1);
  const acts: fc.WeightedArbitrary<Act>[] = [
    // As many moves of time as it takes for most work to end before the next command meets it.
    { weight: Math.ceil(all / 4), arbitrary: advances },
    { weight: Math.ceil(all / 8), arbitrary: fc.constant("step") },
    { weight: Math.ceil(all / 12), arbitrary: fc.constant("settle") },
    ...commands.map((type, at) => ({
      weight: weights[at] ?? 0,
      arbitrary: commandAct(type, options),
    })),
  ];
  if (malformed && commands.length > 0) {
    acts.push({ weight: Math.ceil(all / 12), arbitrary: malformedAct(commands, options) });
  }
  if (worlds) {
    acts.push({ weight: Math.ceil(all / 30), arbitrary: fc.constant("restore") });
    acts.push({ weight: Math.ceil(all / 30), arbitrary: forks });
  }
  return fc.oneof(...acts);
}

/** Commands that others stand on come oftener. */
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
/** Durations of work, whose last ms is where things meet; a day brings schedules to their hour. */
const advances: fc.Arbitrary<Act> = fc
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

const forks: fc.Arbitrary<Act> = fc
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

function commandAct(type: CommandType, options: StoryOptions): fc.Arbitrary<Act> {
  const input = recordArbitrary(partsOf(recordOf(type), contextOf(type, options)))
    .map(ownedByKind)
    .map((fields) => tamed(fields, options));
  return actOf(
    input.map((fields) => ({ type, ...fields })),
    options,
  );
}

function malformedAct(commands: readonly CommandType[], options: StoryOptions): fc.Arbitrary<Act> {
  const spoiled = commands.map((type) => ({
    weight: partsCount(commandFields[type]),
    arbitrary: spoiledRecordArbitrary(recordOf(type), contextOf(type, options)).map((fields) => ({
      type,
      ...fields,
    })),
  }));
  const type = fc.constantFrom<unknown>("rebuildReplica", "constructor", "", null, 7);
  return actOf(
    fc.oneof(...spoiled, {
      weight: 3,
      arbitrary: fc.record({ type }, { noNullPrototype: true }),
    }),
    options,
  );
}

function actOf(
  commands: fc.Arbitrary<{ readonly type: unknown }>,
  { accounts = [] }: StoryOptions,
): fc.Arbitrary<Act> {
  if (accounts.length === 0) return commands.map((execute) => ({ execute }));
  const by = optionalWith(fc.constantFrom(...accounts), 5);
  return recordArbitrary({ execute: commands, by }) as unknown as fc.Arbitrary<Act>;
}

/** Who is named is told by a place, so that it means something in every story that it is shrunk into. */
function contextOf(type: CommandType, { limits = {}, accounts = [] }: StoryOptions): FieldContext {
  return {
    limits: { ...documentedLimits, ...limits },
    idFor: (key) => referenceArbitrary(kindsFor(type, key), accounts),
    words: wordsIn(type),
  };
}

/** What commands about changes and failures say oftenest: what is not there yet, what most stories do. */
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

/** Long enough that a day of random faults is no long story. */
const longDistributions: readonly unknown[] = [
  1_800_000,
  { from: 0, to: 7_200_000 },
  { kind: "exponential", meanMs: 3_600_000 },
  { kind: "weibull", scaleMs: 3_600_000, shape: 2 },
  { kind: "lognormal", medianMs: 1_800_000, sigma: 0.5 },
  { kind: "empirical", ms: [600_000, 3_600_000] },
];

/** Every kind of work, and what is under way in most stories oftener. */
function failableTasks(): readonly string[] {
  const { task } = recordOf("failTask") as Record<string, { readonly field: Field<unknown> }>;
  const all = task?.field.shape.kind === "choice" ? task.field.shape.of : [];
  const often = ["build", "build", "convert", "restart", "reboot", "detach", "promote", "delete"];
  return [...often, ...often, ...often, ...all];
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

/** What an id field of a command names; repeated kinds are likelier. */
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

/** An id of a group is looked up as one only where the kind says so. */
function ownedByKind(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const owner = fields["ownerId"] as Partial<Reference> | undefined;
  return owner?.the === "group" && fields["ownerKind"] === undefined
    ? { ...fields, ownerKind: "ha" }
    : fields;
}

/** A story in which the service never answers again has little to tell; where nobody expects an outage, it is slow. */
function tamed(
  fields: Readonly<Record<string, unknown>>,
  { outages = false }: StoryOptions,
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
