import type { InputIssue } from "../errors.js";
import type { Limits } from "../limits.js";

/**
 * A field of an input: what it may hold, said once. Reading, docs, arbitraries and JSON Schema come from it.
 * `read` returns the accepted value, or undefined after noting what is wrong.
 */
export interface Field<T> {
  readonly rule: string;
  /** Mark of the fact in the domain notes. */
  readonly source: string;
  readonly expected: (limits: Limits) => string;
  readonly read: (value: unknown, path: string, reading: ParseContext) => T | undefined;
  readonly shape: Shape;
}

/** What a field is made of, for everything that is generated from the schema. */
export type Shape =
  | {
      readonly kind: "text";
      readonly lengthMax?: keyof Limits | undefined;
      readonly pattern?: RegExp | undefined;
    }
  | {
      readonly kind: "whole";
      readonly min: number | keyof Limits;
      readonly max: number | keyof Limits;
    }
  | { readonly kind: "number"; readonly min: number; readonly max?: number | undefined }
  | { readonly kind: "flag" }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | {
      readonly kind: "list";
      readonly of: Field<unknown>;
      readonly countMin: number;
      readonly countMax: number;
    }
  | { readonly kind: "record"; readonly of: RecordFields<object> }
  /** One of several objects, selected by the value of `key`. */
  | {
      readonly kind: "union";
      readonly key: string;
      readonly of: Readonly<Record<string, Field<unknown>>>;
    }
  /** One of several forms, selected by the kind of the value. */
  | { readonly kind: "oneOf"; readonly of: readonly Field<unknown>[] }
  | { readonly kind: "dictionary"; readonly countMax: number };

/** Context and issues of one parsed input. */
export interface ParseContext {
  readonly limits: Limits;
  readonly issues: InputIssue[];
  /** The object that the outermost record is read into, which takes it from here; default a new one. */
  target?: object | undefined;
}

/** Fields of an object. An optional field may be omitted, but never null. */
export type RecordFields<T extends object> = {
  readonly [K in keyof T]-?: {
    readonly field: Field<Exclude<T[K], undefined>>;
    readonly required: boolean;
  };
};

/** Declaration of every field. */
export interface Named {
  readonly rule: string;
  readonly source: string;
}

/** Finds a lone surrogate, which no encoder can send. */
export const loneSurrogate = /\p{Surrogate}/u;

/** A string of 1 to `lengthMax` characters (code points), matching a pattern if one is given. */
export function string(
  named: Named & {
    readonly lengthMax?: keyof Limits;
    readonly pattern?: RegExp;
    readonly description?: string | ((limits: Limits) => string);
  },
): Field<string> {
  const { lengthMax, pattern, description } = named;
  const longest = (limits: Limits): number => (lengthMax === undefined ? 1024 : limits[lengthMax]);
  return leaf(named, {
    shape: { kind: "text", lengthMax, pattern },
    expected: (limits) => {
      if (typeof description === "function") return description(limits);
      return description ?? `a string of 1 to ${String(longest(limits))} characters`;
    },
    accepts: (value, limits): value is string =>
      typeof value === "string" &&
      value !== "" &&
      fits(value, longest(limits)) &&
      !loneSurrogate.test(value) &&
      (pattern?.test(value) ?? true),
  });
}

/** An integer between two bounds, each a number or the name of a limit. */
export function integer(
  named: Named & {
    readonly min: number | keyof Limits;
    readonly max: number | keyof Limits;
    readonly unit?: string;
  },
): Field<number> {
  const { min, max } = named;
  const unit = named.unit === undefined ? "" : ` of ${named.unit}`;
  return leaf(named, {
    shape: { kind: "whole", min, max },
    expected: (limits) => {
      const top = bound(max, limits);
      const range =
        top === Number.MAX_SAFE_INTEGER
          ? `${String(bound(min, limits))} on`
          : `${String(bound(min, limits))} to ${String(top)}`;
      return `an integer${unit} from ${range}`;
    },
    accepts: (value, limits): value is number =>
      Number.isSafeInteger(value) &&
      !Object.is(value, -0) &&
      (value as number) >= bound(min, limits) &&
      (value as number) <= bound(max, limits),
  });
}

/** A finite number of at least `min`, and at most `max` if given. */
export function number(
  named: Named & { readonly min: number; readonly max?: number },
): Field<number> {
  const { min, max = Number.MAX_VALUE } = named;
  return leaf(named, {
    shape: { kind: "number", min, max: named.max },
    expected: () =>
      named.max === undefined
        ? `a number that is not below ${String(min)}`
        : `a number from ${String(min)} to ${String(max)}`,
    accepts: (value): value is number =>
      Number.isFinite(value) &&
      !Object.is(value, -0) &&
      (value as number) >= min &&
      (value as number) <= max,
  });
}

/** A boolean. */
export function boolean(named: Named): Field<boolean> {
  return leaf(named, {
    shape: { kind: "flag" },
    expected: () => "a boolean (true or false)",
    accepts: (value): value is boolean => typeof value === "boolean",
  });
}

/** One of a fixed list of strings. */
export function enumOf<T extends string>(named: Named & { readonly of: readonly T[] }): Field<T> {
  return leaf(named, {
    shape: { kind: "choice", of: named.of },
    expected: () => `one of ${named.of.join(", ")}`,
    accepts: (value): value is T => named.of.includes(value as T),
  });
}

/** A field with an additional input form: `from` converts it to what the field accepts. */
export function preprocess<T>(field: Field<T>, from: (value: unknown) => unknown): Field<T> {
  return { ...field, read: (value, path, reading) => field.read(from(value), path, reading) };
}

/** A required field. */
export function required<T>(field: Field<T>): {
  readonly field: Field<T>;
  readonly required: true;
} {
  return { field, required: true };
}

/** An optional field. */
export function optional<T>(field: Field<T>): {
  readonly field: Field<T>;
  readonly required: false;
} {
  return { field, required: false };
}

/** A field with a single value: what it accepts, and the description of it. */
export function leaf<T>(
  named: Named,
  kind: {
    readonly shape: Shape;
    readonly expected: (limits: Limits) => string;
    readonly accepts: (value: unknown, limits: Limits) => value is T;
  },
): Field<T> {
  const { rule, source } = named;
  const { shape, expected, accepts } = kind;
  return {
    rule,
    source,
    shape,
    expected,
    read: (value, path, reading) => {
      if (accepts(value, reading.limits)) return value;
      addIssue(reading, { field: path, value, expected: expected(reading.limits), rule });
      return undefined;
    },
  };
}

/** Most issues of one input: a body of a megabyte can have a hundred thousand, and no reader wants them. */
const maxIssues = 100;

/** Records an issue of a field, up to a bound. */
export function addIssue(reading: ParseContext, issue: InputIssue): void {
  if (!hasEnoughIssues(reading)) reading.issues.push(issue);
}

/** Returns whether there are so many issues that the rest need not be looked for. */
export function hasEnoughIssues({ issues }: ParseContext): boolean {
  return issues.length >= maxIssues;
}

function bound(limit: number | keyof Limits, limits: Limits): number {
  return typeof limit === "number" ? limit : limits[limit];
}

/** Counts code points, but only where the count can matter. */
function fits(value: string, lengthMax: number): boolean {
  if (value.length <= lengthMax) return true;
  if (value.length > 2 * lengthMax) return false;
  let count = 0;
  for (const _ of value) count++;
  return count <= lengthMax;
}
