import { anyFunction, assertOption, hasMethods } from "../model/schema/entryPointOptions.js";
import type { Handler } from "./handler.js";
import { type PlainRequest, urlRule } from "./plainRequest.js";

/**
 * Returns a `fetch` that sends every request to a handler.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createFetch, createHandler } from "replication-simulator/http";
 *
 * const fetch = createFetch(createHandler(new ReplicationSimulator()));
 * const response = await fetch("https://dbaas.test/v1.0/1234/instances", {
 *   headers: { "x-auth-token": "any" },
 * });
 * console.log(response.status); // 200
 * ```
 * @param handler - the result of `createHandler`
 * @returns a function to pass where a `fetch` is expected
 * @throws InvalidInputError `http-mounting` if the argument is not a handler
 */
export function createFetch(handler: Handler): typeof fetch {
  readHandler(handler);
  return (input, init) => handler(new Request(input, init));
}

/** Removes one handler from the global `fetch`: call it, or declare it with `using`. A second call does nothing. */
export interface FetchMount {
  (): void;
  /** The same, called at the end of the block of a `using` declaration. */
  readonly [Symbol.dispose]: () => void;
}

/**
 * Lets the global `fetch` ask a handler for everything under an origin, and the network for everything else. Several
 * handlers share one list: each can be removed in any order, and the latest handler of an origin answers. The original
 * `fetch` is back as soon as the list is empty.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createHandler, replaceFetch, resetFetch } from "replication-simulator/http";
 *
 * replaceFetch(createHandler(new ReplicationSimulator()), "https://dbaas.test");
 * const response = await fetch("https://dbaas.test/v1.0/1234/instances", {
 *   headers: { "x-auth-token": "any" },
 * });
 * console.log(response.status); // 200
 * resetFetch();
 * ```
 * @param handler - the result of `createHandler`
 * @param origin - a URL such as `https://db.test`; a path in it does not matter
 * @returns a function that removes this handler, and no other
 * @throws InvalidInputError `http-mounting` for what is no handler, and where the origin is no URL
 */
export function replaceFetch(handler: Handler, origin: string): FetchMount {
  readHandler(handler);
  const mount: Mount = { origin: readOrigin(origin), handler };
  const present = mountsOf(globalThis.fetch);
  const mounts = present ?? { before: globalThis.fetch, list: [] };
  mounts.list.push(mount);
  if (present === undefined) globalThis.fetch = fetchThrough(mounts);
  const remove = (): void => {
    mounts.list = mounts.list.filter((other) => other !== mount);
    restoreWhenEmpty(mounts);
  };
  return Object.assign(remove, { [Symbol.dispose]: remove });
}

/**
 * Removes all handlers that `replaceFetch` has mounted, and restores the `fetch` from before the first one.
 *
 * @example
 * ```ts
 * import { resetFetch } from "replication-simulator/http";
 *
 * resetFetch();
 * ```
 */
export function resetFetch(): void {
  const mounts = mountsOf(globalThis.fetch);
  if (mounts === undefined) return;
  mounts.list = [];
  restoreWhenEmpty(mounts);
}

interface Mount {
  readonly origin: string;
  readonly handler: Handler;
}

/** The handlers behind one replaced `fetch`. */
interface Mounts {
  readonly before: typeof fetch;
  list: Mount[];
}

// The list belongs to the function that it serves, so that both copies of the package (ESM and CJS) share it.
const mountsKey = Symbol.for("replication-simulator/fetch-mounts");

function mountsOf(installed: typeof fetch): Mounts | undefined {
  return (installed as { readonly [mountsKey]?: Mounts })[mountsKey];
}

function fetchThrough(mounts: Mounts): typeof fetch {
  const replaced: typeof fetch = (input, init) => {
    // Without a handler the request is not touched, because some bodies can be sent only once.
    if (mounts.list.length === 0) return mounts.before(input, init);
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    const mount = mounts.list.findLast((each) => each.origin === origin);
    return mount === undefined ? mounts.before(request) : mount.handler(request);
  };
  return Object.assign(replaced, { [mountsKey]: mounts });
}

/** If another library has wrapped `fetch` meanwhile, its wrapper stays and passes every request through. */
function restoreWhenEmpty(mounts: Mounts): void {
  if (mounts.list.length === 0 && mountsOf(globalThis.fetch) === mounts) {
    globalThis.fetch = mounts.before;
  }
}

/**
 * Returns a resolver for msw.
 *
 * @example
 * ```ts
 * import { http } from "msw";
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createHandler, mswResolver } from "replication-simulator/http";
 *
 * const handler = createHandler(new ReplicationSimulator());
 * const handlers = [http.all("https://dbaas.test/*", mswResolver(handler))];
 * console.log(handlers.length); // 1
 * ```
 * @param handler - the result of `createHandler`
 * @returns the second argument of `http.all`
 * @throws InvalidInputError `http-mounting` if the argument is not a handler
 */
export function mswResolver(
  handler: Handler,
): (info: { readonly request: Request }) => Promise<Response> {
  readHandler(handler);
  return ({ request }) => handler(request);
}

/** The required part of a pool of undici's `MockAgent`, so that no version of undici is a dependency. */
export interface MockPoolLike {
  /** Starts a rule for requests of a method whose path passes a test. */
  readonly intercept: (options: {
    path: (path: string) => boolean;
    method: string;
  }) => MockInterceptorLike;
}

/** Result of undici's `intercept`. */
export interface MockInterceptorLike {
  /** Sets the response to these requests. */
  readonly reply: (answer: (requested: MockRequestLike) => MockReplyLike) => {
    /** Keeps the rule after its first answer. */
    readonly persist: () => unknown;
  };
}

/** A request as undici passes it to a reply function. */
export interface MockRequestLike {
  /** Path with query, without the origin. */
  readonly path: string;
  readonly method: string;
  /** An object, pairs in one flat array, or `Headers`. */
  readonly headers?: unknown;
  /** String or bytes. */
  readonly body?: unknown;
}

/** A response in undici's form. */
export interface MockReplyLike {
  readonly statusCode: number;
  /** The body as a string. */
  readonly data: string;
  readonly responseOptions: { readonly headers: Record<string, string> };
}

/**
 * Routes every request for an origin to a handler: `interceptPool(agent.get(origin), handler, origin)`.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createHandler, interceptPool } from "replication-simulator/http";
 * import { MockAgent } from "undici";
 *
 * const agent = new MockAgent();
 * const origin = "https://dbaas.test";
 * interceptPool(agent.get(origin), createHandler(new ReplicationSimulator()), origin);
 * const response = await agent.request({
 *   origin,
 *   path: "/v1.0/1234/instances",
 *   method: "GET",
 *   headers: { "x-auth-token": "any" },
 * });
 * console.log(response.statusCode); // 200
 * ```
 * @param pool - a pool of undici's `MockAgent`
 * @param handler - the result of `createHandler`
 * @param origin - origin of the pool
 * @throws InvalidInputError `http-mounting` if an argument is not a pool or a handler, or the origin is not a URL
 */
export function interceptPool(pool: MockPoolLike, handler: Handler, origin: string): void {
  assertOption(pool, hasMethods("a pool of undici's MockAgent", "intercept"), {
    field: "pool",
    rule,
  });
  assertOption(handler, hasMethods("a handler, as createHandler() gives one", "handleSync"), {
    field: "handler",
    rule,
  });
  readOrigin(origin);
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const intercepted = pool.intercept({ path: () => true, method });
    const answering = intercepted.reply(({ path, headers, body }) => {
      const answer = handler.handleSync({
        method,
        url: new URL(path, origin).href,
        headers: plainHeaders(headers),
        body: body as PlainRequest["body"] & {},
      });
      const { status, headers: given, body: data } = answer;
      return { statusCode: status, data, responseOptions: { headers: { ...given } } };
    });
    answering.persist();
  }
}

/** Headers are an object, pairs in one flat array, or `Headers`. */
function plainHeaders(headers: unknown): Record<string, string> {
  if (headers instanceof Headers) return Object.fromEntries(headers);
  const flat = Array.isArray(headers) ? headers.map(String) : undefined;
  const pairs =
    flat === undefined
      ? Object.entries((headers ?? {}) as Record<string, unknown>)
      : flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]] as const] : []));
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
}

const rule = "http-mounting";

function readHandler(handler: Handler): void {
  assertOption(handler, anyFunction, { field: "handler", rule });
}

function readOrigin(origin: string): string {
  return new URL(assertOption(origin, urlRule, { field: "origin", rule })).origin;
}
