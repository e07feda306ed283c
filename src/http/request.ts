import type { Dialect } from "../wire/index.js";
import { HttpRefusal } from "./httpError.js";
import type { Service } from "./options.js";
import { faultReply, type Reply } from "./reply.js";

/** Path of the control endpoint. */
export const controlPrefix = "/_simulator/";

/** A parsed request. */
export interface Call {
  /** As sent, but HEAD becomes GET. */
  readonly method: string;
  /** Without `.json` at its end, which requests the default format (§4 [docs]). */
  readonly path: string;
  /** With `.json` at its end, if there is one. */
  readonly wholePath: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Base URL of this service, used in links. */
  readonly baseUrl: string;
  /** Scheme, host and port of the request itself. */
  readonly origin: string;
  /** Account in the path, after the version. */
  readonly accountId: string | undefined;
  readonly dialect: Dialect;
  /**
   * Returns the JSON of the body; undefined if there is none.
   * @throws HttpRefusal if the body is invalid
   */
  readonly body: () => unknown;
}

/**
 * Parses a request.
 * @throws HttpRefusal 400 for a path or headers that are too long, or a path that cannot be decoded
 */
export function callOf(
  { method, url, headers }: Pick<Request, "method" | "url" | "headers">,
  body: () => unknown,
  { options, dialect }: Service,
): Call {
  const { pathname, search, searchParams, origin } = new URL(url);
  checkLength(pathname.length + search.length, "a path", options.maxUrlLength);
  let headerBytes = 0;
  for (const [name, value] of headers) headerBytes += name.length + value.length + 4;
  checkLength(headerBytes, "all headers together", options.maxHeaderBytes);
  const { pathPrefix } = options;
  const isInside = pathname === pathPrefix || pathname.startsWith(`${pathPrefix}/`);
  const wholePath = isInside ? pathname.slice(pathPrefix.length) || "/" : pathname;
  const path = wholePath.replace(/\.json$/, "");
  return {
    method: method === "HEAD" ? "GET" : method,
    path,
    wholePath,
    query: searchParams,
    headers,
    baseUrl: options.baseUrl ?? `${origin}${isInside ? pathPrefix : ""}`,
    origin,
    accountId: accountIn(path, dialect),
    dialect,
    body,
  };
}

/** Answers a path by method. OPTIONS lists the methods; any other one is refused, with `Allow`. */
export function dispatchByMethod(
  call: Call,
  answers: Readonly<Partial<Record<string, () => Reply>>>,
): Reply {
  const answer = Object.hasOwn(answers, call.method) ? answers[call.method] : undefined;
  return answer === undefined ? methodNotAllowed(call, Object.keys(answers)) : answer();
}

/** OPTIONS lists the methods; any other one is refused with the same header. */
export function methodNotAllowed({ method, dialect }: Call, methods: readonly string[]): Reply {
  const withHead = methods.includes("GET") ? [...methods, "HEAD"] : methods;
  const Allow = [...withHead, "OPTIONS"].join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { Allow } };
  return faultReply(dialect, "badMethod", {
    message: `method ${method} not allowed; allowed: ${Allow}`,
    headers: { Allow },
  });
}

/**
 * Returns the fields of a body.
 * @throws HttpRefusal 400 if it is not an object
 */
export function membersOf(call: Call): Readonly<Record<string, unknown>> {
  const body = call.body();
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return body as Readonly<Record<string, unknown>>;
  }
  throw new HttpRefusal("badRequest", { message: "the body must be an object" });
}

function checkLength(length: number, what: string, lengthMax: number): void {
  if (length <= lengthMax) return;
  throw new HttpRefusal("badRequest", {
    message: `${what} exceeds ${String(lengthMax)} characters`,
  });
}

/** Returns the part of an API path after the version and the account. */
export function pathBelowAccount(path: string, { version }: Dialect): string {
  const [account = ""] = path.slice(version.length + 2).split("/", 1);
  return path.slice(version.length + 2 + account.length);
}

function accountIn(path: string, { version }: Dialect): string | undefined {
  if (!path.startsWith(`/${version}/`)) return undefined;
  const [found = ""] = path.slice(version.length + 2).split("/", 1);
  if (found === "") return undefined;
  try {
    return decodeURIComponent(found);
  } catch {
    throw new HttpRefusal("badRequest", { message: "the path is not percent-encoded UTF-8" });
  }
}
