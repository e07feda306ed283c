import type { CommandType } from "../../model/commandTypes.js";
import { rackField, zoneField } from "../../model/placementFields.js";
import { list, record } from "../../model/schema/compositeFields.js";
import {
  addIssue,
  boolean,
  enumOf,
  type Field,
  integer,
  optional,
  required,
  string,
} from "../../model/schema/fields.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { isRecord } from "../../model/schema/plainData.js";
import { commandFields } from "../../service/commands/commandFields.js";
import type { FaultKind } from "../../service/faults/fault.model.js";
import { eachPlace, faultField, randomRole } from "../../service/faults/faultFields.js";
import { type KeyedUnionField, type Members, recordByWord } from "./compositeFields.js";
import { distributionField } from "./distributions.js";
import { bytesField, durationField, flavorIdField, named, sizeGbField } from "./quantities.js";
import { idFields, referenceField, subjectFields } from "./references.js";
import type { ActionOf, CommandActionOf, FaultActionOf } from "./scenario.js";
import { forkedWorldField } from "./worldField.js";

type Member = Members[string];

/** The name of a command's or fault's field in a scenario, and its parser. */
export interface ActionMember {
  /** Its name in the input of the simulator. */
  readonly input: string;
  /** Its name in the scenario. */
  readonly name: string;
  readonly field: Field<unknown>;
  readonly required: boolean;
}

/** The places of a random process, in place of what it is about. */
const placeMembers: readonly ActionMember[] = [
  { input: "zone", name: "zone", field: zoneField, required: false },
  { input: "rack", name: "rack", field: rackField, required: false },
  { input: "each", name: "each", field: eachPlace, required: false },
];

/** Commands that a step may give. Faults have a form of their own. */
export const commandTypes = (Object.keys(commandFields) as CommandType[]).filter(
  (type): type is Exclude<CommandType, "injectFault"> => type !== "injectFault",
);

/** Kinds of faults. */
export const faultKinds = Object.keys(variantsOf(faultField)) as readonly FaultKind[];

/** The members of each command, by its type. */
export const commandMembers: Readonly<Record<string, readonly ActionMember[]>> = Object.fromEntries(
  commandTypes.map((type) => [type, membersOf(recordOf(commandFields[type] as Field<unknown>))]),
);

/** The members of each fault, by its kind. */
export const faultMembers: Readonly<Record<string, readonly ActionMember[]>> = Object.fromEntries(
  faultKinds.map((kind) => {
    const { kind: _, ...members } = recordOf(variantsOf(faultField)[kind] as Field<unknown>);
    return [kind, faultMembersOf(kind, members)];
  }),
);

/** A command as a step or an operator gives it. */
export const commandActionField = recordByWord<CommandActionOf<number>>({
  key: "command",
  words: commandTypes,
  rule: "scenario-action",
  membersOf: (type) => byName(commandMembers[type] ?? []),
});

/** A fault as a step or an operator injects it. */
export const faultActionField = recordByWord<FaultActionOf<number>>({
  key: "fault",
  words: faultKinds,
  rule: "scenario-action",
  membersOf: (kind) => ({ in: optional(durationField), ...byName(faultMembers[kind] ?? []) }),
});

const checkField = record({
  ...named("scenario-action"),
  of: {
    expect: required(referenceField),
    status: optional(string(named("scenario-action"))),
    role: optional(enumOf({ ...named("scenario-action"), of: ["source", "replica", "alone"] })),
    replicas: optional(integer({ ...named("scenario-action"), min: 0, max: 100 })),
    exists: optional(boolean(named("scenario-action"))),
  },
} as never) as Field<ActionOf<number>>;
const advanceField = record({
  ...named("scenario-action"),
  of: { advance: required(durationField) },
} as never) as Field<ActionOf<number>>;
const forkField = record({
  ...named("scenario-action"),
  of: { fork: required(forkedWorldField) },
} as never) as Field<ActionOf<number>>;
const moveField = enumOf({
  ...named("scenario-action"),
  of: ["settle", "step", "restore"],
}) as Field<ActionOf<number>>;

const actionDescription =
  "one of { command: ... }, { fault: ... }, { expect: ... }, { advance: ... }, { fork: ... }, settle, step, restore";

/** The action of a step. */
export const actionField: KeyedUnionField<ActionOf<number>> = oneOfActions<ActionOf<number>>(
  actionDescription,
  [
    ["command", commandActionField as Field<ActionOf<number>>],
    ["fault", faultActionField as Field<ActionOf<number>>],
    ["expect", checkField],
    ["advance", advanceField],
    ["fork", forkField],
  ],
  moveField,
);

/** The action of an operator. */
export const reactionField = oneOfActions<CommandActionOf<number> | FaultActionOf<number>>(
  "one of { command: ... }, { fault: ... }",
  [
    ["command", commandActionField],
    ["fault", faultActionField],
  ],
);

function oneOfActions<T>(
  description: string,
  forms: readonly (readonly [key: string, field: Field<T>])[],
  word?: Field<T>,
): KeyedUnionField<T> {
  const rule = "scenario-action";
  return {
    ...named(rule),
    variants: [...forms.map(([, field]) => field), ...(word === undefined ? [] : [word])],
    expected: () => description,
    shape: { kind: "oneOf", of: forms.map(([, field]) => field) },
    read: (value, path, reading) => {
      if (typeof value === "string" && word !== undefined) return word.read(value, path, reading);
      const found = isRecord(value) && forms.find(([key]) => Object.hasOwn(value, key));
      if (found) return found[1].read(value, path, reading);
      const keys = isRecord(value) ? Object.keys(value) : [];
      const hint = keys
        .map((key) =>
          nearestHint(
            key,
            forms.map(([form]) => form),
          ),
        )
        .join("");
      addIssue(reading, { field: path, value, expected: `${description}${hint}`, rule });
      return undefined;
    },
  };
}

function byName(members: readonly ActionMember[]): Members {
  return Object.fromEntries(members.map((member) => [member.name, member]));
}

function membersOf(members: Members): readonly ActionMember[] {
  const subject = subjectFields.find((name) => members[name]?.required === true);
  // The label of what a command creates stands at its step.
  const entries = Object.entries(members).filter(([input]) => input !== "label");
  return entries.map(([input, { field, required: isRequired }]) => {
    if (input === subject) {
      return { input, name: "of", field: referenceField, required: true };
    }
    return { input, required: isRequired, ...memberOf(input, field) };
  });
}

function faultMembersOf(kind: FaultKind, members: Members): readonly ActionMember[] {
  if (kind !== "random" && kind !== "randomAmong") return membersOf(members);
  const role: ActionMember = { input: "role", name: "role", field: randomRole, required: false };
  const own = Object.entries(members).map(([input, { field, required: isRequired }]) => {
    switch (input) {
      case "fault":
        return { input, name: "effect", field, required: isRequired };
      case "target":
        return { input, name: "of", field: referenceField, required: false };
      case "timeToFailure":
      case "timeBetweenFailures":
        return { input, name: "every", field: distributionField, required: isRequired };
      case "timeToRepair":
        return { input, name: input, field: distributionField, required: isRequired };
      default:
        return { input, required: isRequired, ...memberOf(input, field) };
    }
  });
  return [...own, role, ...placeMembers];
}

function memberOf(
  input: string,
  field: Field<unknown>,
): { readonly name: string; readonly field: Field<unknown> } {
  if (idFields.has(input)) return { name: input, field: referenceField };
  if (input === "durationMs") return { name: "for", field: durationField };
  if (input.endsWith("Ms")) return { name: input.slice(0, -2), field: durationField };
  if (input.endsWith("Gb")) return { name: input, field: sizeGbField };
  if (input === "flavorId") return { name: input, field: flavorIdField };
  if (input === "bytesPerTransaction") return { name: input, field: bytesField };
  const { shape } = field;
  if (shape.kind === "record") return { name: input, field: nested(field) };
  if (shape.kind === "list" && shape.of.shape.kind === "record") {
    const { countMin, countMax } = shape;
    return {
      name: input,
      field: list({
        rule: field.rule,
        source: field.source,
        of: nested(shape.of),
        countMin,
        countMax,
      }),
    };
  }
  return { name: input, field };
}

/** A record inside a command: its quantities may be text, too. */
function nested(field: Field<unknown>): Field<unknown> {
  const of: Record<string, Member> = {};
  for (const [input, { field: part, required: isRequired }] of Object.entries(recordOf(field))) {
    of[input] = {
      field: memberOf(input, part).field,
      required: isRequired,
    };
  }
  return record<object>({ rule: field.rule, source: field.source, of } as never);
}

function recordOf({ shape }: Field<unknown>): Members {
  if (shape.kind !== "record") throw new TypeError("the fields of a command form no record");
  return shape.of as Members;
}

function variantsOf({ shape }: Field<unknown>): Readonly<Record<string, Field<unknown>>> {
  if (shape.kind !== "union") throw new TypeError("the faults form no union");
  return shape.of;
}
