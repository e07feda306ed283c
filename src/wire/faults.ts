import { type ErrorCode, ReplicationError } from "../model/errors.js";
import { assertOption, type OptionRule, oneOf } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import type { ErrorFormat, ErrorText } from "./dialectWords.js";
import type { JsonObject } from "./json.js";
import { omitUndefined } from "./json.js";
import type { WireResponse } from "./wireRequest.js";

/** The status number of each fault ("response codes" of the API document). No other file knows them. */
export const httpStatusByCode: Readonly<Record<ErrorCode, number>> = {
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  itemNotFound: 404,
  badMethod: 405,
  overLimit: 413,
  badMediaType: 415,
  unprocessableEntity: 422,
  instanceFault: 500,
  notImplemented: 501,
  serviceUnavailable: 503,
};

/**
 * A fault as the API words it: one root member, named like the fault, with `code`, `message` and `details`.
 * @throws InvalidInputError `wire-fault` for a fault that there is not, and for words that are no texts
 */
export function errorBody(code: ErrorCode, words: ErrorText): JsonObject {
  assertOption(code, aFault, { field: "fault", rule });
  const { message, details } = assertOption(words, someWords, { field: "words", rule });
  return { [code]: omitUndefined({ code: httpStatusByCode[code], message, details }) };
}

const errorsRule: OptionRule = {
  expected: "a dialect, as defineDialect() returns one",
  accepts: (value) => isRecord(value) && isRecord(value["errors"]),
};

/**
 * The answer to a request that was refused.
 * @throws InvalidInputError `wire-fault` for an error that is no refusal
 */
export function errorResponse(
  error: ReplicationError,
  dialect: { readonly errors: ErrorFormat } = { errors: documentedErrors },
): WireResponse {
  const { errors } = assertOption(dialect, errorsRule, { field: "dialect", rule });
  const { code, message } = assertOption(error, aRefusal, { field: "error", rule });
  const headers = headersOf(error);
  return {
    status: errors.statusByCode[code],
    ...(headers === undefined ? {} : { headers }),
    body: errors.body(code, { message, details: detailsOf(error) }),
  };
}

/** Errors in the form of the API document. */
export const documentedErrors: ErrorFormat = { statusByCode: httpStatusByCode, body: errorBody };

const rule = "wire-fault";

const aFault = oneOf(...Object.keys(httpStatusByCode));

const aRefusal: OptionRule = {
  expected: "a ReplicationError",
  accepts: (value) => value instanceof ReplicationError,
};

const someWords: OptionRule = {
  expected: "an object with message and details (strings)",
  accepts: (value) => {
    if (!isRecord(value)) return false;
    const { message, details } = value;
    return typeof message === "string" && (details === undefined || typeof details === "string");
  },
};

/** Rule, field, and what would have been allowed: what a caller needs to do better, where there is any of it. */
function detailsOf({ rule, field, allowed }: ReplicationError): string | undefined {
  if (field === undefined && allowed === undefined) return undefined;
  const parts = [`rule ${rule}`];
  if (field !== undefined) parts.push(`field ${field}`);
  if (allowed !== undefined && allowed.length > 0) {
    parts.push(`allowed: ${typeof allowed === "string" ? allowed : allowed.join(", ")}`);
  }
  return parts.join("; ");
}

function headersOf(error: ReplicationError): Readonly<Record<string, string>> | undefined {
  const { code: fault, allowed } = error;
  if (fault === "badMethod" && Array.isArray(allowed)) return { Allow: allowed.join(", ") };
  if ("retryAfterMs" in error && typeof error.retryAfterMs === "number") {
    return { "Retry-After": String(Math.ceil(error.retryAfterMs / 1000)) };
  }
  return undefined;
}
