import type { Limits } from "../model/limits.js";
import type { Field, RecordFields } from "../model/schema/fields.js";
import type { JsonSchema } from "./json.js";

/** The JSON Schema of what a field of a command accepts: its figures come from the field, never from here. */
export function fieldSchema(field: Field<unknown>, limits: Limits): JsonSchema {
  return { ...shapeSchema(field, limits), description: field.expected(limits) };
}

function shapeSchema({ shape }: Field<unknown>, limits: Limits): JsonSchema {
  const figure = (limit: number | keyof Limits): number =>
    typeof limit === "number" ? limit : limits[limit];
  switch (shape.kind) {
    case "text":
      return {
        type: "string",
        minLength: 1,
        ...(shape.lengthMax === undefined ? {} : { maxLength: figure(shape.lengthMax) }),
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern.source }),
      };
    case "whole": {
      const max = figure(shape.max);
      const open = max === Number.MAX_SAFE_INTEGER;
      return { type: "integer", minimum: figure(shape.min), ...(open ? {} : { maximum: max }) };
    }
    case "number":
      return {
        type: "number",
        minimum: shape.min,
        ...(shape.max === undefined ? {} : { maximum: shape.max }),
      };
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { type: "string", enum: [...shape.of] };
    case "list":
      return {
        type: "array",
        items: fieldSchema(shape.of, limits),
        ...(shape.countMin > 0 ? { minItems: shape.countMin } : {}),
        maxItems: shape.countMax,
      };
    case "union":
      return { oneOf: Object.values(shape.of).map((one) => fieldSchema(one, limits)) };
    case "oneOf":
      return { oneOf: shape.of.map((one) => fieldSchema(one, limits)) };
    case "record": {
      const fields = Object.entries(shape.of as RecordFields<Record<string, unknown>>);
      return {
        type: "object",
        properties: Object.fromEntries(
          fields.map(([name, { field }]) => [name, fieldSchema(field, limits)]),
        ),
        required: fields.filter(([, { required }]) => required).map(([name]) => name),
      };
    }
    case "dictionary":
      return {
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean"] },
        maxProperties: shape.countMax,
      };
  }
}
