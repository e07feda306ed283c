import type { InputIssue } from "../model/errors.js";
import { type OptionRule, unknownName, wholeFrom } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";

/** Validation of one option. */
export interface OptionReader {
  /** Returns the issues of a value. */
  readonly flaws: (value: unknown, name: string) => readonly InputIssue[];
}

/** An option that is valid or invalid as a whole. */
export function whole(option: OptionRule): OptionReader {
  return {
    flaws: (value, name) => {
      const isFlawed = [issue(name, value, option.expected)];
      try {
        return option.accepts(value) ? [] : isFlawed;
      } catch {
        // A hostile value can throw on access.
        return isFlawed;
      }
    },
  };
}

/** An option with values by name, each validated on its own. */
export function named(
  option: OptionRule & {
    readonly known: object;
    /** Rule of each value. */
    readonly part: OptionRule;
  },
): OptionReader {
  const all = whole(option);
  const part = whole(option.part);
  return {
    flaws: (value, name) => {
      const found = all.flaws(value, name);
      if (found.length === 0 || !isRecord(value)) return found;
      const inside = entriesOf(value).flatMap(([key, each]) =>
        Object.hasOwn(option.known, key)
          ? part.flaws(each, `${name}.${key}`)
          : [unknownName(`${name}.${key}`, key, Object.keys(option.known))],
      );
      return inside.length === 0 ? found : inside;
    },
  };
}

/** An option with named parts, each with a rule of its own and each optional. */
export function parts(rules: Readonly<Record<string, OptionRule>>): OptionReader {
  const names = Object.keys(rules);
  return {
    flaws: (value, name) => {
      if (!isRecord(value)) return [issue(name, value, `an object with ${names.join(", ")}`)];
      return entriesOf(value).flatMap(([key, each]) => {
        const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
        return rule === undefined
          ? [unknownName(`${name}.${key}`, key, names)]
          : whole(rule).flaws(each, `${name}.${key}`);
      });
    },
  };
}

/** Returns the readable entries of an object; none of a hostile one. */
function entriesOf(value: Readonly<Record<string, unknown>>): readonly [string, unknown][] {
  try {
    return Object.entries(value);
  } catch {
    return [];
  }
}

/** Returns the issue of an invalid option. */
export function issue(field: string, value: unknown, expected: string): InputIssue {
  return { field, value, expected, rule: "simulator-options" };
}

/** Returns whether a value is an object of counts with known names. */
export function areCountsOf(known: object): (value: unknown) => boolean {
  return (value) =>
    isRecord(value) &&
    Object.entries(value).every(([key, count]) => Object.hasOwn(known, key) && isCount(count));
}

/** Returns whether a value is an integer of at least 1. */
export function isCount(value: unknown): boolean {
  return wholeFrom(1).accepts(value);
}

/** Returns a check for an integer from 0 to a bound. */
export function isWholeUpTo(max: number): (value: unknown) => boolean {
  return wholeFrom(0, max).accepts;
}
