import { record } from "../../model/schema/compositeFields.js";
import {
  addIssue,
  enumOf,
  type Field,
  type RecordFields,
  required,
} from "../../model/schema/fields.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { isRecord } from "../../model/schema/plainData.js";
import { named } from "./quantities.js";

/** Entries by name, each of one field. JSON Schema: `additionalProperties`. */
export interface EntriesField<T> extends Field<Readonly<Record<string, T>>> {
  readonly entries: Field<T>;
  /** Names that entries may have, as a regular expression; undefined for any. */
  readonly names: RegExp | undefined;
}

/** One of several closed records, each found by a key of its own with a word: `command: restartGroup`. */
export interface KeyedUnionField<T> extends Field<T> {
  readonly variants: readonly Field<unknown>[];
}

/** Fields of a record by name. */
export type Members = RecordFields<Record<string, unknown>>;

/** One closed record for each word, found by the word that `key` holds: each has the fields that its word uses. */
export function recordByWord<T>(spec: {
  readonly key: string;
  readonly words: readonly string[];
  readonly rule: string;
  readonly membersOf: (word: string) => Members;
}): KeyedUnionField<T> {
  const { key, words, rule, membersOf } = spec;
  const variants: Record<string, Field<T>> = {};
  const names = new Set([key]);
  for (const word of words) {
    const of: Members = {
      [key]: required(enumOf({ ...named(rule), of: [word] })),
      ...membersOf(word),
    };
    for (const name of Object.keys(of)) names.add(name);
    variants[word] = record<object>({ ...named(rule), of } as never) as Field<T>;
  }
  const expected = (): string => `an object whose ${key} is one of ${words.join(", ")}`;
  return {
    ...named(rule),
    variants: Object.values(variants),
    expected,
    shape: { kind: "union", key, of: variants },
    read: (value, path, reading) => {
      const word = isRecord(value) ? value[key] : undefined;
      const variant =
        typeof word === "string" && Object.hasOwn(variants, word) ? variants[word] : undefined;
      if (variant !== undefined) return variant.read(value, path, reading);
      const hint = typeof word === "string" ? nearestHint(word, words) : "";
      const allowed = `one of ${words.join(", ")}${hint}`;
      addIssue(reading, { field: `${path}.${key}`, value: word, expected: allowed, rule });
      // The key itself may be misspelt.
      for (const given of word === undefined && isRecord(value) ? Object.keys(value) : []) {
        const nearest = nearestHint(given, [key]);
        if (nearest === "" || names.has(given)) continue;
        const known = `one of ${[...names].join(", ")}${nearest}`;
        addIssue(reading, {
          field: `${path}.${given}`,
          value: given,
          expected: known,
          rule: "known-field",
        });
      }
      return undefined;
    },
  };
}

/** Any plain data: a merge patch, a value to try. It is checked where it is used. */
export function anyField(description: string): Field<unknown> {
  return {
    ...named("scenario-shape"),
    expected: () => description,
    shape: { kind: "dictionary", countMax: Number.MAX_SAFE_INTEGER },
    read: (value) => value,
  };
}

const names = /^[A-Za-z][A-Za-z0-9 _-]{0,62}$/;

/** Entries by name. A name has no dot, since references use it: `orders.source`. */
export function entriesByName<T>(
  of: Field<T>,
  {
    countMax = 100,
    path = false,
    reserved,
  }: {
    readonly countMax?: number;
    readonly path?: boolean;
    /** A name that no entry may have, and what has it. */
    readonly reserved?: { readonly name: string; readonly holder: string };
  } = {},
): EntriesField<T> {
  const rule = "scenario-names";
  const description = `at most ${String(countMax)} entries by ${path ? "path" : "name"}`;
  return {
    ...named(rule),
    entries: of,
    names: path ? undefined : namesBut(reserved?.name),
    expected: () => description,
    shape: { kind: "dictionary", countMax },
    read: (value, at, reading) => {
      if (!isRecord(value) || Object.keys(value).length > countMax) {
        addIssue(reading, { field: at, value, expected: description, rule });
        return undefined;
      }
      const before = reading.issues.length;
      const read: [string, T][] = [];
      for (const [name, part] of Object.entries(value)) {
        const field = memberPath(at, name);
        if (!path && !names.test(name)) {
          const expected = "a name: a letter, then letters, digits, blanks, _ or -";
          addIssue(reading, { field, value: name, expected, rule });
        }
        if (name === reserved?.name) {
          const expected = `another name, as "${name}" is ${reserved.holder}`;
          addIssue(reading, { field, value: name, expected, rule });
        }
        const accepted = of.read(part, field, reading);
        if (accepted !== undefined) read.push([name, accepted]);
      }
      return reading.issues.length === before ? Object.fromEntries(read) : undefined;
    },
  };
}

/** The pattern of all names but one. */
function namesBut(reserved: string | undefined): RegExp {
  return reserved === undefined ? names : new RegExp(`^(?!${reserved}$)${names.source.slice(1)}`);
}

/** The path of a member; names with other characters than letters and digits stand in brackets. */
export function memberPath(path: string, name: string): string {
  if (/^\w+$/.test(name)) return path === "" ? name : `${path}.${name}`;
  return `${path}[${JSON.stringify(name)}]`;
}
