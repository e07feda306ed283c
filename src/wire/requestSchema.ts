import { documentedLimits, type Limits } from "../model/limits.js";
import { assertOption, type OptionRule } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import type { JsonSchema } from "./json.js";
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";

/**
 * The JSON Schema of what an operation takes, with these limits; undefined where it takes no body.
 * @throws InvalidInputError `wire-schema` for an operation or limits that are none
 */
export function requestSchema(
  operation: Operation,
  limits: Limits = documentedLimits,
): JsonSchema | undefined {
  const { body } = assertOption(operation, anOperation, { field: "operation", rule });
  assertOption(limits, allLimits, { field: "limits", rule });
  return body?.form.schema(body.fields, limits);
}

const rule = "wire-schema";

const anOperation: OptionRule = {
  expected: "an operation of the route table",
  accepts: (value) => operations.includes(value as Operation),
};

/** Every limit, as schemas state them. */
export const allLimits: OptionRule = {
  expected: `integers of at least 1 by name: ${Object.keys(documentedLimits).join(", ")}`,
  accepts: (value) =>
    isRecord(value) &&
    Object.keys(documentedLimits).every((name) => {
      const limit = value[name];
      return Number.isSafeInteger(limit) && (limit as number) >= 1;
    }),
};
