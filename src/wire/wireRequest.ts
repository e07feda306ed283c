import { InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import type { JsonObject } from "./json.js";

/** Methods of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request without HTTP: what is left of it when it has been received, authenticated and parsed. */
export interface WireRequest {
  readonly method: string;
  /** Below `/v1.0/{accountId}`, percent-encoded as in a URL: `/instances/{id}/action`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Result of `JSON.parse`; undefined without a body. */
  readonly body?: unknown;
}

/** An answer without HTTP. */
export interface WireResponse {
  readonly status: number;
  /** Headers that belong to the answer itself: `Allow` of a 405, `Retry-After` of a limited rate. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where the API answers with an empty body. */
  readonly body?: JsonObject;
}

/**
 * Validates an untrusted request, each part once. The body is left to the operation.
 * @throws InvalidInputError `wire-request`
 */
export function readRequest(given: WireRequest): WireRequest {
  const { method, path, query = {}, body } = partsOf(given);
  if (typeof method !== "string") throw wrong("method", method, "a string");
  if (typeof path !== "string") throw wrong("path", path, "a string");
  return { method, path, query: readQuery(query), body };
}

function partsOf(given: unknown): Readonly<Record<keyof WireRequest, unknown>> {
  if (!isRecord(given)) throw wrong("request", given, "an object with method and path");
  try {
    const { method, path, query, body } = given;
    return { method, path, query, body };
  } catch {
    throw wrong("request", "unreadable", "plain data");
  }
}

function readQuery(given: unknown): Readonly<Record<string, string | undefined>> {
  const expected = "an object that holds strings by name";
  if (!isRecord(given)) throw wrong("query", given, expected);
  let entries: readonly [string, unknown][];
  try {
    entries = Object.entries(given);
  } catch {
    throw wrong("query", "unreadable", expected);
  }
  const flawed = entries.find(([, value]) => value !== undefined && typeof value !== "string");
  // Some frameworks pass a list for a parameter that was sent twice.
  if (flawed !== undefined) throw wrong(`query.${flawed[0].slice(0, 64)}`, flawed[1], "a string");
  return Object.fromEntries(entries) as Readonly<Record<string, string | undefined>>;
}

function wrong(field: string, value: unknown, expected: string): InvalidInputError {
  return new InvalidInputError([{ field, value, expected, rule: "wire-request" }]);
}
