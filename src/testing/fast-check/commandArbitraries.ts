import fc from "fast-check";
import type { CommandType, InputOf } from "../../model/commandTypes.js";
import { InvalidInputError } from "../../model/errors.js";
import { documentedLimits, type Limits } from "../../model/limits.js";
import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import { commandFields } from "../../service/commands/commandFields.js";
import { readValue } from "../../service/commands/parseCommand.js";
import { type FieldContext, partsOf, recordArbitrary } from "./fieldArbitrary.js";
import { spoiledRecordArbitrary } from "./invalidFieldArbitrary.js";

/** Options of input generators. */
export interface InputOptions {
  /** Ids of instances, groups and schedules. Default: random UUIDs, which no resource has. */
  readonly ids?: fc.Arbitrary<string>;
  /** Limits in force. Default: the documented ones. */
  readonly limits?: Partial<Limits>;
}

/** The names of all commands, sorted. */
export const commandTypes: readonly CommandType[] = (
  Object.keys(commandFields) as CommandType[]
).sort((a, b) => (a < b ? -1 : 1));

/**
 * Returns inputs that the schema of a command accepts. They are well-formed, but a rule may refuse them. Generated from
 * the schema that parses them, so every field is covered.
 * @throws InvalidInputError for an unknown option
 */
export function inputArbitrary<K extends CommandType>(
  type: K,
  options: InputOptions = {},
): fc.Arbitrary<InputOf<K>> {
  const parts = partsOf(recordOf(type), contextOf(options));
  // The parts were made from the schema of K.
  return recordArbitrary(parts) as unknown as fc.Arbitrary<InputOf<K>>;
}

/**
 * Returns inputs that the schema of a command refuses, each for exactly one reason: a value just outside its range, of
 * another type, missing, or unknown. All are JSON.
 * @throws InvalidInputError for an unknown option
 */
export function malformedInputArbitrary(
  type: CommandType,
  options: InputOptions = {},
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { limits } = contextOf(options);
  // An input that one variant of a union refuses may be valid for another variant.
  return spoiledRecordArbitrary(recordOf(type), contextOf(options)).filter(
    (input) => !isAccepted(type, input, limits),
  );
}

function isAccepted(type: CommandType, input: unknown, limits: Limits): boolean {
  try {
    readValue(commandFields[type] as Field<unknown>, input, { path: "input", limits });
    return true;
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

/** The fields of a command's input, by name. */
export function recordOf(type: CommandType): RecordFields<object> {
  const field: Field<unknown> = commandFields[type];
  if (field.shape.kind !== "record") throw new TypeError(`the input of ${type} is no record`);
  return field.shape.of;
}

function contextOf(options: InputOptions): FieldContext {
  assertKnownOptions(options, ["ids", "limits"]);
  const { ids = fc.uuid(), limits = {} } = options;
  return { limits: { ...documentedLimits, ...limits }, idFor: () => ids };
}
