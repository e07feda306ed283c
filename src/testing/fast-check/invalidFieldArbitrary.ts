import fc from "fast-check";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import { isRecord } from "../../model/schema/plainData.js";
import {
  boundOf,
  type FieldContext,
  fieldArbitrary,
  fieldsIn,
  partsOf,
  recordArbitrary,
} from "./fieldArbitrary.js";

/**
 * Returns values that a field of the schema just refuses: one character too long, one below the minimum, one unknown
 * key, another type. All of them are JSON, so that they can be a part of a scenario.
 */
export function invalidFieldArbitrary(
  { shape }: Field<unknown>,
  key: string,
  context: FieldContext,
): fc.Arbitrary<unknown> {
  const { limits } = context;
  switch (shape.kind) {
    case "text": {
      const longest = shape.lengthMax === undefined ? 1024 : limits[shape.lengthMax];
      const tooLong = "x".repeat(longest + 1);
      const strange = shape.pattern === undefined ? [] : ["\n", "10.0.0.0/33", "root\u0000", "-"];
      return fc.constantFrom<unknown>("", tooLong, loneSurrogate, ...strange, ...notText);
    }
    case "whole":
      return spoiledWhole({ min: boundOf(shape.min, limits), max: boundOf(shape.max, limits) });
    case "number":
      return fc.constantFrom<unknown>(
        shape.min - 1,
        ...(shape.max === undefined ? [] : [shape.max + 1]),
        "1",
        ...notNumber,
      );
    case "flag":
      return fc.constantFrom<unknown>(0, 1, "true", "false", null, {});
    case "choice":
      return fc.constantFrom<unknown>(
        "",
        `${shape.of[0] ?? ""} `,
        shape.of[0]?.toLowerCase() === shape.of[0]
          ? shape.of[0]?.toUpperCase()
          : shape.of[0]?.toLowerCase(),
        "constructor",
        ...notText,
      );
    case "list": {
      const item = fieldArbitrary(shape.of, key, context);
      const { countMax } = shape;
      const spoiledItem = invalidFieldArbitrary(shape.of, key, context);
      return fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom<unknown>("", 0, true, null, {}) },
        {
          weight: 1,
          arbitrary: item.map((one) => Array.from({ length: countMax + 1 }, () => one)),
        },
        {
          weight: partsCount(shape.of),
          arbitrary: fc
            .tuple(fc.array(item, { maxLength: 2 }), spoiledItem)
            .map(([sound, spoiled]) => [...sound, spoiled]),
        },
      );
    }
    case "dictionary":
      return fc.constantFrom<unknown>("", 0, null, [], { "a b": 1 }, { a: {} }, { a: null });
    case "oneOf": {
      // Only results that still match their own variant; another variant might accept them.
      const records = shape.of.filter(
        (one) => one.shape.kind === "record" || one.shape.kind === "union",
      );
      return fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom<unknown>(null, "", -1, 0.5, true, {}) },
        ...records.map((one) => ({
          weight: partsCount(one),
          arbitrary: invalidFieldArbitrary(one, key, context).filter(isRecord),
        })),
      );
    }
    case "union": {
      const records = Object.values(shape.of);
      return fc.oneof(
        {
          weight: 1,
          arbitrary: fc.constantFrom<unknown>(null, [], "", 0, { kind: "constructor" }),
        },
        ...records.map((one) => ({
          weight: partsCount(one),
          arbitrary: invalidFieldArbitrary(one, key, context),
        })),
      );
    }
    case "record":
      return fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom<unknown>(null, [], "", 0, true) },
        {
          weight: fieldsIn(shape.of).length,
          arbitrary: spoiledRecordArbitrary(shape.of, context),
        },
      );
  }
}

/** Returns records with exactly one error: a key too many, one too few, or one value. */
export function spoiledRecordArbitrary(
  of: RecordFields<object>,
  context: FieldContext,
): fc.Arbitrary<Record<string, unknown>> {
  const parts = partsOf(of, context);
  const fields = fieldsIn(of);
  const spoiled = fields.map(([key, { field }]) => ({
    weight: partsCount(field),
    arbitrary: recordArbitrary({ ...parts, [key]: invalidFieldArbitrary(field, key, context) }),
  }));
  const short = fields
    .filter(([, { required }]) => required)
    .map(([key]) => ({
      weight: 1,
      arbitrary: recordArbitrary({ ...parts, [key]: fc.constant(undefined) }),
    }));
  const unknownKey = fc.constantFrom("flavour", "constructor", "toString", "replica_of");
  const long = fc
    .tuple(recordArbitrary(parts), unknownKey)
    .map(([record, key]) => ({ ...record, [key]: "x" }));
  return fc.oneof(...spoiled, ...short, { weight: 1, arbitrary: long });
}

/** Returns the number of possible errors in a field: a field of many parts is spoiled as often as many fields. */
export function partsCount({ shape }: Field<unknown>): number {
  if (shape.kind === "list") return 1 + partsCount(shape.of);
  if (shape.kind === "oneOf") {
    return shape.of.reduce((sum, one) => sum + partsCount(one), 1);
  }
  if (shape.kind === "union") {
    return Object.values(shape.of).reduce((sum, one) => sum + partsCount(one), 1);
  }
  if (shape.kind !== "record") return 1;
  return fieldsIn(shape.of).reduce((sum, [, { field }]) => sum + partsCount(field), 1);
}

const loneSurrogate = "half \uD83D";
// Integers are accepted in place of strings for flavor ids, so no integer is listed here.
const notText: readonly unknown[] = [1.5, true, null, [], {}];
const notNumber: readonly unknown[] = ["", true, null, [], {}];

function spoiledWhole({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): fc.Arbitrary<unknown> {
  return fc.constantFrom<unknown>(min - 1, max + 1, min + 0.5, String(min), 1e300, ...notNumber);
}
