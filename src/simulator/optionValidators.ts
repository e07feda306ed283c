import { type OptionRule, unknownName, wholeFrom } from "../domain/entryPointOptions.js";
import type { InputIssue } from "../domain/errors.js";
import { isRecord } from "../domain/plainData.js";

/** How an option is read. */
export interface OptionReader {
  /** What is wrong with a value of the option of that name. */
  readonly flaws: (value: unknown, name: string) => readonly InputIssue[];
}

/** An option that is accepted or not, as a whole. */
export function whole(option: OptionRule): OptionReader {
  return {
    flaws: (value, name) => {
      const isFlawed = [issue(name, value, option.expected)];
      try {
        return option.accepts(value) ? [] : isFlawed;
      } catch {
        // A hostile value can throw when it is looked at.
        return isFlawed;
      }
    },
  };
}

/** An option that may hold values by name: each of them is looked at by itself. */
export function named(
  option: OptionRule & {
    readonly known: object;
    /** What each value may be. */
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

/** What can be read of a record; nothing of a hostile one. */
function entriesOf(value: Readonly<Record<string, unknown>>): readonly [string, unknown][] {
  try {
    return Object.entries(value);
  } catch {
    return [];
  }
}

/** An option that does not hold what it must. */
export function issue(field: string, value: unknown, expected: string): InputIssue {
  return { field, value, expected, rule: "simulator-options" };
}

/** A record of counts, each by a name that is known. */
export function areCountsOf(known: object): (value: unknown) => boolean {
  return (value) =>
    isRecord(value) &&
    Object.entries(value).every(([key, count]) => Object.hasOwn(known, key) && isCount(count));
}

/** A whole number of at least 1. */
export function isCount(value: unknown): boolean {
  return wholeFrom(1).accepts(value);
}

/** A whole number from 0 to a bound. */
export function isWholeUpTo(max: number): (value: unknown) => boolean {
  return wholeFrom(0, max).accepts;
}
