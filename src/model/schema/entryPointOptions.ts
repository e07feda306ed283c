import { formatValue, type InputIssue, InvalidInputError } from "../errors.js";
import { documentedLimits } from "../limits.js";
import { boolean, enumOf, type Field, integer, string } from "./fields.js";
import { nearestHint } from "./nearest.js";
import { isRecord } from "./plainData.js";

/*
 * Validation of options that untyped callers pass to entry points. Each value is read once, and the validated copy is
 * used. A getter or proxy that throws counts as an invalid value.
 */

/** Validation of one option. */
export interface OptionRule {
  /** A phrase that follows "must be". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** A rule for each known option. */
export type OptionRules<T extends object> = { readonly [K in keyof T]-?: OptionRule };

/** Origin of a value: the name of the argument, and the rule that refuses it. */
export interface InputOrigin {
  readonly field: string;
  readonly rule: string;
}

/**
 * Returns a copy of the options, without undefined ones.
 * @throws InvalidInputError the given rule, with every invalid option; `known-field` for an unknown name
 */
export function parseOptions<T extends object>(
  given: T,
  demands: OptionRules<T>,
  { field, rule }: InputOrigin,
): T {
  if (!isRecord(given)) throw refused({ field, value: given, expected: "an object", rule });
  const entries = entriesOf(given, { field, rule });
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
 * Validates one value.
 * @throws InvalidInputError
 */
export function assertOption<T>(value: T, demand: OptionRule, { field, rule }: InputOrigin): T {
  if (fits(demand, value)) return value;
  throw refused({ field, value, expected: demand.expected, rule });
}

/** The names of all options of a type: a missing one is an error of types. */
export type OptionNames<T extends object> = { readonly [K in keyof T]-?: true };

/**
 * Refuses unknown options, where the values are checked elsewhere. Most are misspelt, and would be ignored in silence.
 * @throws InvalidInputError `known-field` for each unknown name, `options-object` for what is no object
 */
export function assertKnownOptions(
  options: object,
  known: Readonly<Record<string, true>> | readonly string[],
  field = "options",
): void {
  if (!isRecord(options)) {
    throw refused({ field, value: options, expected: "an object", rule: "options-object" });
  }
  const names = isNames(known) ? known : Object.keys(known);
  const issues = entriesOf(options, { field, rule: "options-object" })
    .filter(([name, value]) => value !== undefined && !names.includes(name))
    .map(([name]) => unknownName(name, name, names));
  if (issues.length > 0) throw new InvalidInputError(issues);
}

/** Returns the names and values of an object, unless a getter or a proxy throws. */
function entriesOf(given: object, { field, rule }: InputOrigin): readonly [string, unknown][] {
  try {
    return Object.entries(given);
  } catch {
    throw refused({ field, value: "unreadable", expected: "plain data", rule });
  }
}

function isNames(known: object): known is readonly string[] {
  return Array.isArray(known);
}

/** An object with these methods: a simulator, a clock, a store. */
export function hasMethods(expected: string, ...functions: readonly string[]): OptionRule {
  return {
    expected,
    accepts: (value) =>
      (typeof value === "object" || typeof value === "function") &&
      value !== null &&
      functions.every((name) => isFunction((value as Readonly<Record<string, unknown>>)[name])),
  };
}

/** An option that is a field of the schema, described by `expected` if given. */
export function fieldRule(field: Field<unknown>, expected?: string): OptionRule {
  return {
    expected: expected ?? field.expected(documentedLimits),
    accepts: (value) =>
      field.read(value, "", { limits: documentedLimits, issues: [] }) !== undefined,
  };
}

/** One of these strings. */
export function oneOf(...words: readonly string[]): OptionRule {
  return fieldRule(enumOf({ ...unnamed, of: words }));
}

/** An integer between two bounds. */
export function wholeFrom(min: number, max = Number.MAX_SAFE_INTEGER): OptionRule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return fieldRule(integer({ ...unnamed, min, max }), `an integer ${range}`);
}

// An entry point reports its own rule, so that these names are never visible.
const unnamed = { rule: "entry-point-option", source: "§11" };

/** A string as in every other entry point: not empty, not too long, without lone surrogates. */
export const nonEmptyString: OptionRule = fieldRule(string(unnamed));

/** A boolean. */
export const booleanRule: OptionRule = fieldRule(boolean(unnamed));

/** A function of the caller. */
export const anyFunction: OptionRule = { expected: "a function", accepts: isFunction };

/** Returns the issue of an unknown name; most are misspelt. */
export function unknownName(field: string, name: string, known: readonly string[]): InputIssue {
  const expected = `one of ${known.join(", ")}${nearestHint(name.slice(0, 64), known)}`;
  // A short name is shown unchanged.
  const shortName = name.length > 64 ? formatValue(name) : name;
  return {
    field: shortName === name ? field : shortName,
    value: shortName,
    expected,
    rule: "known-field",
  };
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
