import type { Command, CommandInputs, CommandOf, CommandType } from "./commands.js";
import { type InputIssue, InvalidInputError } from "./errors.js";
import type { Field } from "./fields.js";
import type { Limits } from "./limits.js";
import { commandFields } from "./schema.js";

/**
 * Reads an untrusted input as a command of the type: every problem of every field at once, nothing else looked at.
 * @throws InvalidInputError with one issue for each field that does not hold what it must
 */
export function readCommand<K extends CommandType>(
  type: K,
  input: unknown,
  limits: Limits,
): CommandOf<K> {
  const issues: InputIssue[] = [];
  const accepted = readQuietly(commandFields[type] as Field<CommandInputs[K]>, input, {
    limits,
    issues,
  });
  if (accepted === undefined) throw new InvalidInputError(issues);
  // The schema of K was just applied; TypeScript cannot join the two halves of a generic union.
  return { type, ...accepted } as unknown as CommandOf<K>;
}

/**
 * Reads an untrusted value as a command, its type included.
 * @throws InvalidInputError where the type is unknown (rule `known-command`) or a field does not fit
 */
export function readAnyCommand(value: unknown, limits: Limits): Command {
  const type = typeOf(value);
  if (typeof type !== "string" || !Object.hasOwn(commandFields, type)) {
    throw new InvalidInputError([
      {
        field: "type",
        value: type,
        expected: `one of ${Object.keys(commandFields).join(", ")}`,
        rule: "known-command",
      },
    ]);
  }
  const { type: _, ...input } = value as { readonly type: CommandType };
  return readCommand(type as CommandType, input, limits);
}

/**
 * Reads one value by a field of the schema, where no command is involved (clock arguments, options).
 * @throws InvalidInputError
 */
export function readValue<T>(
  field: Field<T>,
  value: unknown,
  at: { readonly path: string; readonly limits: Limits },
): T {
  const issues: InputIssue[] = [];
  const accepted = field.read(value, at.path, { limits: at.limits, issues });
  if (accepted === undefined) throw new InvalidInputError(issues);
  return accepted;
}

/** A hostile input can throw from a getter or a proxy: for the caller that is one more malformed input. */
function readQuietly<T>(
  field: Field<T>,
  value: unknown,
  reading: { readonly limits: Limits; readonly issues: InputIssue[] },
): T | undefined {
  try {
    return field.read(value, "input", reading);
  } catch {
    reading.issues.push({
      field: "input",
      value: "unreadable",
      expected: "plain data",
      rule: "input-shape",
    });
    return undefined;
  }
}

function typeOf(value: unknown): unknown {
  try {
    return typeof value === "object" && value !== null ? (value as { type?: unknown }).type : value;
  } catch {
    return undefined;
  }
}
