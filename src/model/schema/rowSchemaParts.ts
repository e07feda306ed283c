import { maxTime } from "../time.js";
import { list } from "./compositeFields.js";
import { boolean, type Field, integer, leaf, loneSurrogate, number } from "./fields.js";

/* Parts of rows, as in a file. */

export const named = { rule: "snapshot-rows", source: "§11" };
export const max = Number.MAX_SAFE_INTEGER;

export const text = leaf(named, {
  shape: { kind: "text" },
  expected: () => "a string",
  accepts: (value): value is string => typeof value === "string" && !loneSurrogate.test(value),
});
export const key = leaf(named, {
  shape: { kind: "text" },
  expected: () => "32 hexadecimal digits",
  accepts: (value): value is string => typeof value === "string" && /^[0-9a-f]{32}$/.test(value),
});
export const count = integer({ ...named, min: 0, max });
export const size = integer({ ...named, min: 1, max });
export const moment = integer({ ...named, min: 0, max: maxTime, unit: "ms" });
export const amount = number({ ...named, min: 0 });
export const booleanField = boolean(named);

export const texts = listOf(text);

/** An array of what a field accepts. */
export function listOf<T>(of: Field<T>): Field<readonly T[]> {
  return list({ ...named, of, countMax: max });
}

/** What a field accepts, or null. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    ...field,
    expected: (limits) => `${field.expected(limits)}, or null`,
    read: (value, path, reading) => (value === null ? null : field.read(value, path, reading)),
  };
}

/** Target of a task. */
export function textOrAmount(): Field<string | number> {
  return {
    ...text,
    expected: () => "a string or a number of at least 0",
    read: (value, path, reading) =>
      typeof value === "number"
        ? amount.read(value, path, reading)
        : text.read(value, path, reading),
  };
}
