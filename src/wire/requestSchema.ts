import { documentedLimits, type Limits } from "../domain/limits.js";
import type { JsonSchema } from "./json.js";
import type { Operation } from "./operation.js";

/** The JSON Schema of what an operation takes, with these limits; undefined where it takes no body. */
export function requestSchema(
  { body }: Operation,
  limits: Limits = documentedLimits,
): JsonSchema | undefined {
  return body?.form.schema(body.fields, limits);
}
