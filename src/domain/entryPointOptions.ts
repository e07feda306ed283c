import { formatValue, type InputIssue, InvalidInputError } from "./errors.js";
import { boolean, enumOf, type Field, integer, string } from "./fields.js";
import { documentedLimits } from "./limits.js";
import { isRecord } from "./plainData.js";

/*
 * What the doors around the simulator are given by callers without types. Each value is looked at once, and what is
 * used is what was looked at; what a getter or a proxy throws is one more value that does not do.
 */

/** What an option must be. */
export interface OptionRule {
  /** In words that follow on "must be". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** A demand for each option that there is. */
export type OptionRules<T extends object> = { readonly [K in keyof T]-?: OptionRule };

/** Where a value came in: the name of the argument, and the rule that refuses. */
export interface InputOrigin {
  readonly field: string;
  readonly rule: string;
}

/**
 * A copy of the options that were given, without those that are undefined.
 * @throws InvalidInputError the given rule, with every option that does not hold what it must; `known-field` for a name
 * that nobody knows
 */
export function parseOptions<T extends object>(
  given: T,
  demands: OptionRules<T>,
  { field, rule }: InputOrigin,
): T {
  if (!isRecord(given)) throw refused({ field, value: given, expected: "an object", rule });
  let entries: readonly [string, unknown][];
  try {
    entries = Object.entries(given);
  } catch {
    throw refused({ field, value: "unreadable", expected: "plain data", rule });
  }
  const issues: InputIssue[] = [];
  const read: [string, unknown][] = [];
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const demand = Object.hasOwn(demands, name) ? demands[name as keyof T] : undefined;
    if (demand === undefined) issues.push(unknownName(name, name, Object.keys(demands)));
    else if (fits(demand, value)) read.push([name, value]);
    else issues.push({ field: name, value, expected: demand.expected, rule });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
  return Object.fromEntries(read) as T;
}

/**
 * One value that was given.
 * @throws InvalidInputError
 */
export function assertOption<T>(value: T, demand: OptionRule, { field, rule }: InputOrigin): T {
  if (fits(demand, value)) return value;
  throw refused({ field, value, expected: demand.expected, rule });
}

/** Something that has these functions: a simulator, a clock, a store. */
export function hasMethods(expected: string, ...functions: readonly string[]): OptionRule {
  return {
    expected,
    accepts: (value) =>
      (typeof value === "object" || typeof value === "function") &&
      value !== null &&
      functions.every((name) => isFunction((value as Readonly<Record<string, unknown>>)[name])),
  };
}

/** An option that is a field of the schema kit, said in other words where `expected` is given. */
export function fieldRule(field: Field<unknown>, expected?: string): OptionRule {
  return {
    expected: expected ?? field.expected(documentedLimits),
    accepts: (value) =>
      field.read(value, "", { limits: documentedLimits, issues: [] }) !== undefined,
  };
}

/** One of these words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return fieldRule(enumOf({ ...unnamed, of: words }));
}

/** A whole number between two bounds. */
export function wholeFrom(min: number, max = Number.MAX_SAFE_INTEGER): OptionRule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return fieldRule(integer({ ...unnamed, min, max }), `an integer ${range}`);
}

// An entry point refuses by its own rule, so that these names are never seen.
const unnamed = { rule: "entry-point-option", source: "§11" };

/** A string as every other entry point takes one: not empty, not too long, no half of a character. */
export const nonEmptyString: OptionRule = fieldRule(string(unnamed));

/** True or false. */
export const booleanRule: OptionRule = fieldRule(boolean(unnamed));

/** A function, which is the caller's own: nobody knows what it does. */
export const anyFunction: OptionRule = { expected: "a function", accepts: isFunction };

/** A name that nobody knows: most are misspelt. */
export function unknownName(field: string, name: string, known: readonly string[]): InputIssue {
  const expected = `one of ${known.join(", ")}`;
  // A short name is told as it is.
  const told = name.length > 64 ? formatValue(name) : name;
  return { field: told === name ? field : told, value: told, expected, rule: "known-field" };
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function fits({ accepts }: OptionRule, value: unknown): boolean {
  try {
    return accepts(value);
  } catch {
    return false;
  }
}

function refused(issue: InputIssue): InvalidInputError {
  return new InvalidInputError([issue]);
}
