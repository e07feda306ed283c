import type { Command, CommandType } from "../../model/commandTypes.js";
import { durationMsMax } from "../../model/distributions.js";
import { isList } from "../../model/schema/plainData.js";
import type { InjectOptions, RandomRole, RandomTarget } from "../../service/faults/fault.model.js";
import { commandMembers, faultMembers } from "../format/actionFields.js";
import { toDistribution } from "../format/distributions.js";
import { idFields, idPrefix } from "../format/references.js";
import type { CommandActionOf, DistributionOf, FaultActionOf } from "../format/scenario.js";
import { creates } from "./created.js";
import type { NameTable } from "./nameTable.js";

type Action = CommandActionOf<number> | FaultActionOf<number>;
type Plain = Readonly<Record<string, unknown>>;

/**
 * Returns the commands that an action stands for at this moment: one for each id that it is about, none where its
 * reference stands for nothing.
 */
export function commandsOf(
  action: Action,
  names: NameTable,
  options: { readonly label?: string | undefined } = {},
): readonly Command[] {
  if ("fault" in action) return faultCommands(action, names, options.label);
  const { command: type, ...members } = action;
  const input = inputsOf(members, commandMembers[type] ?? [], names);
  return spread(input).map((one, index) =>
    completed({ type, ...one }, names, index === 0 ? options.label : undefined),
  );
}

function faultCommands(
  action: FaultActionOf<number>,
  names: NameTable,
  label: string | undefined,
): readonly Command[] {
  const { fault: kind, in: delay, ...members } = action;
  const timing = timingOf(delay, names.sim.now);
  const faults =
    kind === "random" || kind === "randomAmong"
      ? [randomFault(kind, members, names)]
      : spread(inputsOf(members, faultMembers[kind] ?? [], names));
  return faults.map(
    (fault, index) =>
      ({
        type: "injectFault",
        fault: { kind, ...fault },
        ...timing,
        ...(label === undefined || index > 0 ? {} : { label }),
      }) as unknown as Command,
  );
}

/** A delay that is longer than any duration of the simulator is a moment. */
function timingOf(delay: number | undefined, now: number): InjectOptions {
  if (delay === undefined) return {};
  return delay > durationMsMax ? { at: now + delay } : { afterMs: delay };
}

function randomFault(kind: "random" | "randomAmong", members: Plain, names: NameTable): Plain {
  const { effect, of, role, every, timeToRepair, for: durationMs } = members;
  const whole =
    of === undefined
      ? randomPlaces(members)
      : of === "all"
        ? "all"
        : randomTarget(of as string, names);
  const narrow = whole === "all" ? { role } : { ...whole, role };
  return {
    fault: effect,
    target: role === undefined ? whole : narrow,
    [kind === "random" ? "timeToFailure" : "timeBetweenFailures"]: toDistribution(
      every as DistributionOf<number>,
    ),
    timeToRepair: toDistribution(timeToRepair as DistributionOf<number>),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** The places that a random process strikes. Exactly one is named, as `checkNames` asks. */
export function randomPlaces({
  zone,
  rack,
  each,
}: {
  readonly zone?: unknown;
  readonly rack?: unknown;
  readonly each?: unknown;
}): RandomTarget {
  const target = zone !== undefined ? { zone } : rack !== undefined ? { rack } : { each };
  return target as RandomTarget;
}

/**
 * Returns the target of a random process: a thing at the time of each fault, its instances of a role, or one instance.
 */
export function randomTarget(reference: string, names: NameTable): RandomTarget {
  if (reference.startsWith(idPrefix) && reference.endsWith(".group")) {
    return { groupId: reference.slice(idPrefix.length, -".group".length) };
  }
  const [, name = reference, part] = /^(.*)\.(any|all|source|replicas)$/.exec(reference) ?? [];
  const [id = name] = names.resolve(name);
  const thing = names.thing(name);
  const role = part === "source" ? "source" : part === "replicas" ? "replica" : undefined;
  const inRole = role === undefined ? {} : { role: role as RandomRole };
  if (thing === undefined)
    return part === undefined ? { instanceId: id } : { sourceId: id, ...inRole };
  if (thing.groupId !== undefined && (thing.isFixture || thing.groupId === id)) {
    return { groupId: thing.groupId, ...inRole };
  }
  const isSet = thing.isFixture ? thing.plannedCopies > 1 : part !== undefined;
  return isSet ? { sourceId: id, ...inRole } : { instanceId: id };
}

/** Input fields with every reference replaced by the ids that it stands for. */
function inputsOf(
  members: Plain,
  known: readonly { readonly name: string; readonly input: string }[],
  names: NameTable,
): ReadonlyMap<string, unknown> {
  const inputs = new Map<string, unknown>();
  for (const { name, input } of known) {
    const value = members[name];
    if (value === undefined) continue;
    const isReference = typeof value === "string" && (name === "of" || idFields.has(input));
    inputs.set(input, isReference ? names.resolve(value) : value);
  }
  return inputs;
}

/** One input for each combination of ids. */
function spread(inputs: ReadonlyMap<string, unknown>): readonly Plain[] {
  let all: Plain[] = [{}];
  for (const [input, value] of inputs) {
    const values = isList(value) && isReferenceInput(input) ? value : [value];
    all = all.flatMap((one) => values.map((part) => ({ ...one, [input]: part })));
  }
  return all;
}

function isReferenceInput(input: string): boolean {
  return idFields.has(input);
}

/** Fields of a command that follow from names: the kind of a backup's owner, and the label of what it creates. */
function completed(command: Plain, names: NameTable, label: string | undefined): Command {
  const { ownerId, ownerKind, type } = command;
  const isGroup =
    typeof ownerId === "string" && names.things.some(({ groupId }) => groupId === ownerId);
  const owner = ownerKind === undefined && isGroup ? { ownerKind: "ha" } : {};
  const isLabelled = label !== undefined && creates(type as CommandType) !== undefined;
  const named = isLabelled ? { label } : {};
  return { ...command, ...owner, ...named } as unknown as Command;
}
