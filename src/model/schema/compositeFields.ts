import type { Limits } from "../limits.js";
import {
  addIssue,
  enumOf,
  type Field,
  hasEnoughIssues,
  leaf,
  loneSurrogate,
  type Named,
  type RecordFields,
  required,
} from "./fields.js";
import { nearestHint } from "./nearest.js";
import { isList, isRecord } from "./plainData.js";

/**
 * An array. Every item is parsed, so that all issues are reported at once. Bounded, so that no input can exhaust
 * memory.
 */
export function list<T>(
  named: Named & { readonly of: Field<T>; readonly countMin?: number; readonly countMax?: number },
): Field<readonly T[]> {
  const { of, countMin = 0, countMax = 1000 } = named;
  const expected = (limits: Limits): string =>
    countMin === 0
      ? `an array of at most ${String(countMax)}, each ${of.expected(limits)}`
      : `an array of ${String(countMin)} to ${String(countMax)}, each ${of.expected(limits)}`;
  return {
    rule: named.rule,
    source: named.source,
    expected,
    shape: { kind: "list", of, countMin, countMax },
    read: (value, path, reading) => {
      // Read once, because a proxy may return another value the next time.
      const length = isList(value) ? value.length : -1;
      if (!isList(value) || length < countMin || length > countMax) {
        addIssue(reading, {
          field: path,
          value,
          expected: expected(reading.limits),
          rule: named.rule,
        });
        return undefined;
      }
      const before = reading.issues.length;
      const items: T[] = [];
      for (let i = 0; i < length && !hasEnoughIssues(reading); i++) {
        const item = of.read(value[i], `${path}[${String(i)}]`, reading);
        if (item !== undefined) items.push(item);
      }
      return reading.issues.length === before ? items : undefined;
    },
  };
}

/** Values by name, with open names: strings, finite numbers or booleans. */
export function dictionary(
  named: Named & { readonly countMax: number },
): Field<Readonly<Record<string, string | number | boolean>>> {
  const { countMax } = named;
  const open = leaf(named, {
    shape: { kind: "dictionary", countMax },
    expected: () => `at most ${String(countMax)} strings, numbers or booleans by name`,
    accepts: (value): value is Readonly<Record<string, string | number | boolean>> => {
      if (!isRecord(value)) return false;
      const entries = Object.entries(value);
      return (
        entries.length <= countMax &&
        entries.every(
          ([key, part]) =>
            /^\w{1,64}$/.test(key) &&
            key !== "__proto__" &&
            (typeof part === "boolean" ||
              (typeof part === "number" && Number.isFinite(part) && !Object.is(part, -0)) ||
              (typeof part === "string" && part.length <= 1024 && !loneSurrogate.test(part))),
        )
      );
    },
  });
  return {
    ...open,
    // Copied before it is validated: the stored value must be the accepted one, and never the caller's own object.
    read: (value, path, reading) =>
      open.read(isRecord(value) ? { ...value } : value, path, reading),
  };
}

/** Maximum length of an unknown key in a message. */
const keyLengthMax = 64;

/** An object with named fields. Unknown keys are refused, because most are misspellings. */
export function record<T extends object>(
  named: Named & {
    readonly of: RecordFields<T>;
    /** Former names of fields, with their current names. */
    readonly renamed?: Readonly<Record<string, string>> | undefined;
  },
): Field<T> {
  const { of, renamed = {} } = named;
  const keys = Object.keys(of) as (keyof T & string)[];
  const parts = keys.map((key) => ({ key, ...of[key] }));
  const placeOf: ReadonlyMap<string, number> = new Map(keys.map((key, at) => [key, at]));
  const expected = (): string => `an object with ${keys.join(", ")}`;
  return {
    rule: named.rule,
    source: named.source,
    expected,
    shape: { kind: "record", of: of as RecordFields<object> },
    read: (value, path, reading) => {
      if (!isRecord(value)) {
        addIssue(reading, { field: path, value, expected: expected(), rule: named.rule });
        return undefined;
      }
      const before = reading.issues.length;
      const prefix = path === "" || path === "input" ? "" : `${path}.`;
      const { given, unknown } = valuesOf(value, placeOf);
      const isPlain = isPlainObject(value);
      const result: Partial<T> = reading.target ?? {};
      if (reading.target !== undefined) reading.target = undefined;
      for (let at = 0; at < parts.length; at++) {
        const { key, field, required } = parts[at] as (typeof parts)[number];
        // V8 looks slowly for an absent key at a place where it looks for many, so an optional key has to be an own one.
        let part = given[at];
        if (part === undefined && (required || !isPlain)) {
          part = (value as Partial<Record<keyof T, unknown>>)[key];
        }
        if (part === undefined) {
          if (required) {
            addIssue(reading, {
              field: prefix + key,
              value: part,
              expected: field.expected(reading.limits),
              rule: field.rule,
            });
          }
          continue;
        }
        const accepted = field.read(part, prefix + key, reading);
        if (accepted !== undefined) result[key] = accepted;
      }
      for (const name of unknown) {
        if (hasEnoughIssues(reading)) break;
        const key = name.length > keyLengthMax ? `${name.slice(0, keyLengthMax)}...` : name;
        addIssue(reading, {
          field: prefix + key,
          value: key,
          expected: Object.hasOwn(renamed, name)
            ? `called ${renamed[name] ?? ""} now`
            : `one of ${keys.join(", ")}${nearestHint(key, keys)}`,
          rule: "known-field",
        });
      }
      return reading.issues.length === before ? (result as T) : undefined;
    },
  };
}

const none: readonly string[] = [];

/** Returns the values of an object by the place of their key, and its other keys that have a value. */
function valuesOf(
  value: Readonly<Record<string, unknown>>,
  placeOf: ReadonlyMap<string, number>,
): { readonly given: readonly unknown[]; readonly unknown: readonly string[] } {
  const given: unknown[] = [];
  for (let at = 0; at < placeOf.size; at++) given.push(undefined);
  let unknown = none;
  for (const key of Object.keys(value)) {
    const place = placeOf.get(key);
    if (place !== undefined) given[place] = value[key];
    else if (value[key] !== undefined) unknown = [...unknown, key];
  }
  return { given, unknown };
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** One of several objects, selected by the value of `kind`. */
export function union<T extends { readonly kind: string }>(
  named: Named & {
    readonly of: {
      readonly [K in T["kind"]]: RecordFields<Omit<Extract<T, { readonly kind: K }>, "kind">>;
    };
    readonly renamed?: Readonly<Partial<Record<T["kind"], Readonly<Record<string, string>>>>>;
  },
): Field<T> {
  const kinds = Object.keys(named.of) as T["kind"][];
  const word = { rule: named.rule, source: named.source };
  const fields: Record<string, Field<T>> = {};
  for (const kind of kinds) {
    const parts: RecordFields<object> = named.of[kind];
    fields[kind] = record<T>({
      ...word,
      renamed: named.renamed?.[kind],
      of: { kind: required(enumOf({ ...word, of: [kind] })), ...parts } as RecordFields<T>,
    });
  }
  const expected = (): string => `an object whose kind is one of ${kinds.join(", ")}`;
  return {
    ...word,
    expected,
    shape: { kind: "union", key: "kind", of: fields },
    read: (value, path, reading) => {
      const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
      const field = typeof kind === "string" && Object.hasOwn(fields, kind) && fields[kind];
      if (field) return field.read(value, path, reading);
      const isObject = isRecord(value);
      addIssue(reading, {
        ...(isObject
          ? { field: `${path}.kind`, value: kind, expected: `one of ${kinds.join(", ")}` }
          : { field: path, value, expected: expected() }),
        rule: named.rule,
      });
      return undefined;
    },
  };
}

/** One of several forms: `form` returns which one a value is meant to be, if any. */
export function oneOf<T>(
  named: Named & {
    readonly description: string;
    readonly of: readonly Field<T>[];
    readonly form: (value: unknown) => Field<T> | undefined;
  },
): Field<T> {
  const { rule, source, description, of, form } = named;
  return {
    rule,
    source,
    expected: () => description,
    shape: { kind: "oneOf", of },
    read: (value, path, reading) => {
      const meant = form(value);
      if (meant !== undefined) return meant.read(value, path, reading);
      addIssue(reading, { field: path, value, expected: description, rule });
      return undefined;
    },
  };
}
