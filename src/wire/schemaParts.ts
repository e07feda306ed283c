import type { JsonSchema } from "./json.js";

/** Refers to one of the definitions. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

/** An answer with one thing under its name. */
export function answer(member: string, name: string): JsonSchema {
  return closedObject({ [member]: ref(name) });
}

/** An answer with a list of things under their name, all of them on one page. */
export function answerAll(member: string, name: string): JsonSchema {
  return closedObject({ [member]: list(ref(name)) });
}

/** An answer with a page of things under their name, and a link to the next page where there is one. */
export function answerPage(member: string, name: string): JsonSchema {
  return closedObject({ [member]: list(ref(name)) }, { links: ref("NextLinks") });
}

/** Members of an object by name. */
export type Properties = Readonly<Record<string, JsonSchema>>;

/** An object with these members and no others. */
export function closedObject(required: Properties, optional: Properties = {}): JsonSchema {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A list. */
export function list(items: JsonSchema, minItems = 0, maxItems?: number): JsonSchema {
  return { type: "array", items, minItems, ...(maxItems === undefined ? {} : { maxItems }) };
}

/** A text. */
export function text(): JsonSchema {
  return { type: "string" };
}

/** A whole number from 1 on. */
export function positive(): JsonSchema {
  return { type: "integer", minimum: 1 };
}

/** A value, or null where there is none yet. */
export function nullable(type: "string" | "number" | "integer"): JsonSchema {
  return { type: [type, "null"] };
}
