import { type Demand, oneOf, readGiven } from "../domain/doorOptions.js";
import { type FaultName, ReplicationError } from "../domain/errors.js";
import { isRecord } from "../domain/plainData.js";
import type { JsonObject } from "./json.js";
import { present } from "./json.js";
import type { WireResponse } from "./messages.js";

/** The status number of each fault ("response codes" of the API document). No other file knows them. */
export const faultStatus: Readonly<Record<FaultName, number>> = {
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

/** Status of the fault that stays on an object whose accepted operation went wrong (§5). */
export const operationFaultStatus = faultStatus.instanceFault;

/** What a fault says, besides its name. */
export interface FaultWords {
  readonly message: string;
  readonly details?: string | undefined;
}

/**
 * A fault as the API words it: one root member, named like the fault, with `code`, `message` and `details`.
 * @throws InvalidInputError `wire-fault` for a fault that there is not, and for words that are no texts
 */
export function faultBody(fault: FaultName, words: FaultWords): JsonObject {
  readGiven(fault, aFault, { field: "fault", rule });
  const { message, details } = readGiven(words, someWords, { field: "words", rule });
  return { [fault]: present({ code: faultStatus[fault], message, details }) };
}

/**
 * The answer to a request that was refused.
 * @throws InvalidInputError `wire-fault` for an error that is no refusal
 */
export function faultResponse(error: ReplicationError): WireResponse {
  const { fault, message } = readGiven(error, aRefusal, { field: "error", rule });
  const headers = headersOf(error);
  return {
    status: faultStatus[fault],
    ...(headers === undefined ? {} : { headers }),
    body: faultBody(fault, { message, details: detailsOf(error) }),
  };
}

const rule = "wire-fault";

const aFault = oneOf(...Object.keys(faultStatus));

const aRefusal: Demand = {
  expected: "a ReplicationError",
  accepts: (value) => value instanceof ReplicationError,
};

const someWords: Demand = {
  expected: "an object with a message and details, both texts",
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
  const { fault, allowed } = error;
  if (fault === "badMethod" && Array.isArray(allowed)) return { Allow: allowed.join(", ") };
  if ("retryAfterMs" in error && typeof error.retryAfterMs === "number") {
    return { "Retry-After": String(Math.ceil(error.retryAfterMs / 1000)) };
  }
  return undefined;
}
