import { documentedLimits, type Limits } from "../../model/limits.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import type { EntriesField, KeyedUnionField } from "./compositeFields.js";
import { namedParts, scenarioField } from "./scenarioField.js";

/** A part of a JSON Schema document. */
type SchemaPart = Readonly<Record<string, unknown>>;

/** Returns the JSON Schema of the format, for editors: closed objects, and each part that recurs stated once. */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  const definitions = Object.fromEntries(
    Object.entries(namedParts).map(([name, field]) => [name, schemaOf(field, field)]),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "scenario-1.schema.json",
    title: "A scenario of replication-simulator",
    ...schemaOf(scenarioField, scenarioField),
    $defs: definitions,
  };
}

/** @param whole - the field whose own schema is wanted, where it has a name elsewhere */
function schemaOf(field: Field<unknown>, whole?: Field<unknown>): SchemaPart {
  if (field !== whole) {
    const part = Object.entries(namedParts).find(([, known]) => known === field);
    if (part !== undefined) return { $ref: `#/$defs/${part[0]}` };
  }
  const description = shortened(field.expected(documentedLimits));
  if (isEntries(field)) {
    const { names } = field;
    return {
      type: "object",
      additionalProperties: schemaOf(field.entries),
      ...(names === undefined ? {} : { propertyNames: { pattern: names.source } }),
      description,
    };
  }
  if (isKeyedUnion(field))
    return { anyOf: field.variants.map((one) => schemaOf(one)), description };
  return { ...shapeSchema(field), description };
}

function shapeSchema({ shape }: Field<unknown>): SchemaPart {
  switch (shape.kind) {
    case "text":
      return {
        type: "string",
        minLength: 1,
        ...(shape.lengthMax === undefined ? {} : { maxLength: boundOf(shape.lengthMax) }),
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern.source }),
      };
    case "whole": {
      const maximum = boundOf(shape.max);
      return {
        type: "integer",
        minimum: boundOf(shape.min),
        ...(maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
      };
    }
    case "number": {
      const { min: minimum, max: maximum } = shape;
      return { type: "number", minimum, ...(maximum === undefined ? {} : { maximum }) };
    }
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { enum: [...shape.of] };
    case "list":
      return {
        type: "array",
        items: schemaOf(shape.of),
        ...(shape.countMin > 0 ? { minItems: shape.countMin } : {}),
        maxItems: shape.countMax,
      };
    case "record":
      return recordSchema(shape.of as RecordFields<Record<string, unknown>>);
    case "union":
      return { anyOf: Object.values(shape.of).map((one) => schemaOf(one)) };
    case "oneOf":
      return { anyOf: shape.of.map((one) => schemaOf(one)) };
    case "dictionary":
      return {};
  }
}

function recordSchema(of: RecordFields<Record<string, unknown>>): SchemaPart {
  const members = Object.entries(of);
  const required = members.filter(([, member]) => member.required).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(members.map(([name, { field }]) => [name, schemaOf(field)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function boundOf(limit: number | keyof Limits): number {
  return typeof limit === "number" ? limit : documentedLimits[limit];
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function isEntries(field: Field<unknown>): field is EntriesField<unknown> {
  return "entries" in field;
}

function isKeyedUnion(field: Field<unknown>): field is KeyedUnionField<unknown> {
  return "variants" in field;
}
