import type { Command, CommandOf, CommandType, InputOf } from "../../model/commandTypes.js";
import { type InputIssue, InvalidInputError } from "../../model/errors.js";
import type { Limits } from "../../model/limits.js";
import type { Field, ParseContext } from "../../model/schema/fields.js";
import { isRecord } from "../../model/schema/plainData.js";
import { commandFields } from "./commandFields.js";

/**
 * Parses untrusted input as a command of the given type and reports all issues at once.
 * @throws InvalidInputError with one issue for each invalid field
 */
export function readCommand<K extends CommandType>(
  type: K,
  input: unknown,
  limits: Limits,
): CommandOf<K> {
  const issues: InputIssue[] = [];
  const field = commandFields[type] as Field<InputOf<K>>;
  // Read into an object that has the type: to add it to a copy afterwards would cost as much as reading.
  const accepted = readQuietly(field, input, { limits, issues, target: { type } });
  if (accepted === undefined) throw new InvalidInputError(issues);
  // The schema of K was just applied. TypeScript cannot correlate the two unions.
  return accepted as unknown as CommandOf<K>;
}

/**
 * Parses an untrusted value as a command, its type included.
 * @throws InvalidInputError where the type is unknown (rule `known-command`) or a field is invalid
 */
export function readAnyCommand(value: unknown, limits: Limits): Command {
  const type = readCommandType(value);
  const { type: _, ...input } = copyUntrusted(value as object & { readonly type?: unknown });
  return readCommand(type, input, limits);
}

/**
 * Returns the type of an unvalidated command.
 * @throws InvalidInputError `known-command`
 */
export function readCommandType(value: unknown): CommandType {
  if (!isRecord(value)) {
    throw unknownCommand("command", value, "an object with a type and the fields of its command");
  }
  const type = typeOf(value);
  if (typeof type !== "string" || !Object.hasOwn(commandFields, type)) {
    throw unknownCommand("type", type, `one of ${Object.keys(commandFields).join(", ")}`);
  }
  return type as CommandType;
}

/**
 * Merges what a caller passed with additional fields into one unvalidated input. A value that is not an object, or
 * cannot be read, is returned unchanged, so that the schema refuses it.
 */
export function mergeUntrusted<T extends object, More extends object>(
  value: T,
  more: More,
): T & More {
  // Not validated yet: its type is only a promise of the caller.
  const unread = value as T & More;
  if (!isRecord(value)) return unread;
  try {
    return { ...unread, ...more };
  } catch {
    return unread;
  }
}

/**
 * Returns a copy of untrusted input, one level deep. A value that is not an object or cannot be read is malformed
 * input.
 * @throws InvalidInputError `input-shape`
 */
export function copyUntrusted<T extends object>(value: T, path = "input"): T {
  if (!isRecord(value)) {
    const expected = "an object";
    throw new InvalidInputError([{ field: path, value, expected, rule: "input-shape" }]);
  }
  try {
    return { ...value };
  } catch {
    throw new InvalidInputError([invalidWorldDataError]);
  }
}

/**
 * Parses one value by a field of the schema, for arguments that are not commands (time, options).
 * @throws InvalidInputError
 */
export function readValue<T>(
  field: Field<T>,
  value: unknown,
  at: { readonly path: string; readonly limits: Limits },
): T {
  const issues: InputIssue[] = [];
  const accepted = readQuietly(field, value, { limits: at.limits, issues }, at.path);
  if (accepted === undefined) throw new InvalidInputError(issues);
  return accepted;
}

/** Returns the issues of a value by a field of the schema: none, or one for each invalid part. */
export function issuesOf<T>(
  field: Field<T>,
  value: unknown,
  { path, limits }: { readonly path: string; readonly limits: Limits },
): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  readQuietly(field, value, { limits, issues }, path);
  return issues;
}

/** Returns whether a field of the schema accepts a value, if the reason does not matter. */
export function accepts<T>(field: Field<T>, value: unknown, limits: Limits): value is T {
  return readQuietly(field, value, { limits, issues: [] }) !== undefined;
}

/** Hostile input can throw from a getter or a proxy, which counts as malformed input. */
function readQuietly<T>(
  field: Field<T>,
  value: unknown,
  reading: ParseContext,
  path = "input",
): T | undefined {
  try {
    return field.read(value, path, reading);
  } catch {
    reading.issues.push(invalidWorldDataError);
    return undefined;
  }
}

const invalidWorldDataError: InputIssue = {
  field: "input",
  value: "unreadable",
  expected: "plain data",
  rule: "input-shape",
};

function typeOf(value: object): unknown {
  try {
    return (value as { type?: unknown }).type;
  } catch {
    return undefined;
  }
}

function unknownCommand(field: string, value: unknown, expected: string): InvalidInputError {
  return new InvalidInputError([{ field, value, expected, rule: "known-command" }]);
}
