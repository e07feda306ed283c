import { ReplicationError } from "../model/errors.js";
import { assertOption } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import { type Dialect, dialectRule } from "./dialect.js";
import type { Operation, UnsupportedOperation } from "./operation.js";
import { rackspace } from "./rackspace.js";
import { readRequest, type WireRequest } from "./wireRequest.js";

/** An operation that was found, and the parameters in its path. */
export interface Route {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
  /** The path as it is linked to: without a `.json` at its end. */
  readonly path: string;
}

/**
 * The operation that a request asks for.
 * @throws ReplicationError `known-path` (404), `known-method` (405), `known-action` (400), `simulated-operation` (501)
 * @throws InvalidInputError `wire-request` for what is no request (400), `wire-dialect` for what is no dialect
 */
export function matchRoute(request: WireRequest, dialect: Dialect = rackspace): Route {
  assertOption(dialect, dialectRule, { field: "dialect", rule: "wire-dialect" });
  return routeTo(readRequest(request), dialect);
}

/** The same for a request that was read. */
export function routeTo(request: WireRequest, { places }: Dialect): Route {
  const method = request.method.toUpperCase();
  const path = request.path.replace(/\.json$/, "");
  const segments = path.split("/");
  const place = places.find(({ parts }) => matches(parts, segments));
  if (place === undefined) throw unknownPath(request.path);
  const candidates = place.operations.filter((operation) => operation.method === method);
  const missing = place.unsupported.filter((one) => one.method === method);
  const [first] = candidates;
  if (first === undefined) {
    if (missing.length > 0) throw notSimulated(`${method} ${request.path}`);
    throw unknownMethod(method, [...place.operations, ...place.unsupported]);
  }
  const operation =
    first.action === undefined ? first : byAction(request.body, candidates, missing);
  return { operation, parameters: parametersOf(place.parts, segments), path };
}

/** An action is named by the one root member of its body. */
function byAction(
  body: unknown,
  candidates: readonly Operation[],
  missing: readonly UnsupportedOperation[],
): Operation {
  const known = candidates.map(({ action }) => action ?? "");
  const names = namesIn(body);
  const [name] = names;
  const found = candidates.find(({ action }) => action === name);
  if (found !== undefined && names.length === 1) return found;
  if (names.length === 1 && missing.some(({ action }) => action === name)) {
    throw notSimulated(`the action ${String(name)}`);
  }
  throw new ReplicationError({
    code: "badRequest",
    rule: "known-action",
    message: `the body of an action must be an object with exactly one of ${known.join(", ")}`,
    field: "body",
    value: names.slice(0, 20).join(", "),
    allowed: known,
  });
}

/** Returns the readable names of a body; a hostile body has none. */
function namesIn(body: unknown): readonly string[] {
  try {
    return isRecord(body) ? Object.keys(body) : [];
  } catch {
    return [];
  }
}

function matches(parts: readonly string[], segments: readonly string[]): boolean {
  return (
    parts.length === segments.length &&
    parts.every((part, i) => (part.startsWith("{") ? segments[i] !== "" : part === segments[i]))
  );
}

function parametersOf(
  parts: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  parts.forEach((part, i) => {
    if (part.startsWith("{")) found[part.slice(1, -1)] = decoded(segments[i] ?? "");
  });
  return found;
}

/** Segments that cannot be decoded stay unchanged: they are unknown ids. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function unknownPath(path: string): ReplicationError {
  return new ReplicationError({
    code: "itemNotFound",
    rule: "known-path",
    message: path === "" ? "resource not found" : `resource ${path.slice(0, 200)} not found`,
    field: "path",
    value: path,
  });
}

function unknownMethod(method: string, there: readonly UnsupportedOperation[]): ReplicationError {
  const allowed = [...new Set(there.map((one) => one.method))].sort((a, b) => (a < b ? -1 : 1));
  return new ReplicationError({
    code: "badMethod",
    rule: "known-method",
    message: `method ${method.slice(0, 20)} not allowed; allowed: ${allowed.join(", ")}`,
    field: "method",
    value: method,
    allowed,
  });
}

function notSimulated(what: string): ReplicationError {
  return new ReplicationError({
    code: "notImplemented",
    rule: "simulated-operation",
    message: `${what.slice(0, 200)} is not simulated`,
  });
}
