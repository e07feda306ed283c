import fc from "fast-check";
import type { CommandType, InputOf } from "../../model/commandTypes.js";
import { InvalidInputError } from "../../model/errors.js";
import { documentedLimits, type Limits } from "../../model/limits.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import { commandFields } from "../../service/commands/commandFields.js";
import { readValue } from "../../service/commands/parseCommand.js";
import { type FieldContext, partsOf, recordArbitrary } from "./fieldArbitrary.js";
import { spoiledRecordArbitrary } from "./invalidFieldArbitrary.js";

/** What inputs are made for. */
export interface InputOptions {
  /** Ids of instances, groups and schedules; default random UUIDs, which nothing has. */
  readonly ids?: fc.Arbitrary<string>;
  /** The limits that hold; default the documented ones. */
  readonly limits?: Partial<Limits>;
}

/** The names of all commands, sorted. */
export const commandTypes: readonly CommandType[] = (
  Object.keys(commandFields) as CommandType[]
).sort((a, b) => (a < b ? -1 : 1));

/**
 * Inputs that the schema of a command accepts: well-formed, though a rule may refuse them at the moment.
 * Made from the same schema that reads them, so that it knows every field there is.
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
 * Inputs that the schema of a command refuses, each for one reason only: a value just outside its range, of another
 * type, missing, or unknown. All are JSON.
 */
export function malformedInputArbitrary(
  type: CommandType,
  options: InputOptions = {},
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { limits } = contextOf(options);
  // What one form of a union refuses, another may take.
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

function contextOf({ ids = fc.uuid(), limits = {} }: InputOptions): FieldContext {
  return { limits: { ...documentedLimits, ...limits }, idFor: () => ids };
}
