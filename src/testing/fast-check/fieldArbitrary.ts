import fc from "fast-check";
import type { Limits } from "../../model/limits.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import { likelyNumber } from "./biasedInteger.js";
import { greatestFor, likelyNumbers, likelyStrings, omissionWeight } from "./likelyValues.js";

/** Context of generated values: limits in force, and the source of ids. */
export interface FieldContext {
  readonly limits: Limits;
  /** Values for a field that holds an id, by its key. */
  readonly idFor: (key: string) => fc.Arbitrary<unknown>;
  /** Values for the strings of a rule, in place of the usual ones. */
  readonly words?: Readonly<Record<string, readonly unknown[]>>;
}

/** Returns whether a field holds the id of a resource, existing or not. */
export function isIdField(rule: string): boolean {
  return rule === "id-text" || rule === "configuration-id";
}

/**
 * Returns values that a field of the schema accepts, generated from its shape. They shrink to the first value, or the
 * least number.
 */
export function fieldArbitrary(
  { rule, shape }: Field<unknown>,
  key: string,
  context: FieldContext,
): fc.Arbitrary<unknown> {
  if (isIdField(rule)) return context.idFor(key);
  const words = context.words?.[rule];
  if (words !== undefined) return fc.constantFrom(...words);
  switch (shape.kind) {
    case "text": {
      const usual = likelyStrings(rule, key);
      if (usual !== undefined) return fc.constantFrom(...usual);
      return fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" });
    }
    case "whole": {
      const min = boundOf(shape.min, context.limits);
      const max = greatestFor(rule, boundOf(shape.max, context.limits));
      return likelyNumber([...likelyNumbers(rule), min, max], { min, max });
    }
    case "number":
      return likelyNumber(likelyNumbers(rule), {
        min: Math.ceil(shape.min * 10),
        max: Math.min(4000, (shape.max ?? 400) * 10),
      }).map((tenths) => tenths / 10);
    case "flag":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...shape.of);
    case "list":
      return fc.array(fieldArbitrary(shape.of, key, context), {
        minLength: shape.countMin,
        maxLength: Math.min(3, shape.countMax),
      });
    case "dictionary":
      return fc.dictionary(
        fc.constantFrom("max_connections", "innodb_log_file_size", "sql_mode"),
        fc.oneof(fc.boolean(), fc.nat(1000), fc.constant("ON")),
        { maxKeys: 3, noNullPrototype: true },
      );
    case "oneOf":
      return fc.oneof(...shape.of.map((one) => fieldArbitrary(one, key, context))).map(inOrder);
    case "union":
      return fc.oneof(...Object.values(shape.of).map((one) => fieldArbitrary(one, key, context)));
    case "record":
      return recordArbitrary(partsOf(shape.of, context));
  }
}

/** Bounds are generated separately; a field with both needs the lower one first. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("from" in value && "to" in value))
    return value;
  const { from, to } = value as { readonly from: number; readonly to: number };
  return from <= to ? value : { from: to, to: from };
}

/** Generators of a record's values by key; undefined leaves an optional key out. */
export type RecordParts = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Returns a generator for each key of a record. Optional keys are mostly left out, and shrink to that. */
export function partsOf(of: RecordFields<object>, context: FieldContext): RecordParts {
  return Object.fromEntries(
    fieldsIn(of).map(([key, { field, required }]) => {
      const value = fieldArbitrary(field, key, context);
      return [key, required ? value : optionalWith(value, omissionWeight(field.rule))];
    }),
  );
}

/** Returns the fields of a record by name; TypeScript knows no names of a generic record. */
export function fieldsIn(
  of: RecordFields<object>,
): readonly [string, { readonly field: Field<unknown>; readonly required: boolean }][] {
  return Object.entries(of);
}

/** Returns a record of the parts; undefined values are left out. */
export function recordArbitrary(parts: RecordParts): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(parts, { noNullPrototype: true })
    .map((record) =>
      Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)),
    );
}

/** Resolves the bound of a number: a figure, or the name of a limit. */
export function boundOf(bound: number | keyof Limits, limits: Limits): number {
  return typeof bound === "number" ? bound : limits[bound];
}

/** Leaves a value out `weight` times as often as it is given. */
export function optionalWith<T>(
  value: fc.Arbitrary<T>,
  absences: number,
): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: absences, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );
}
