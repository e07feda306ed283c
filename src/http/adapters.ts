import { anyFunction, assertOption, hasMethods } from "../domain/entryPointOptions.js";
import type { Handler } from "./handler.js";
import { type PlainRequest, urlRule } from "./plainRequest.js";

/**
 * A `fetch` that asks a handler and nobody else.
 * @throws InvalidInputError `http-mounting` for what is no handler
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

/** Removes all handlers that `replaceFetch` has mounted, and restores the `fetch` from before the first one. */
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
    // Without a handler nothing is touched, such as a body that can be sent only once.
    if (mounts.list.length === 0) return mounts.before(input, init);
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    const mount = mounts.list.findLast((each) => each.origin === origin);
    return mount === undefined ? mounts.before(request) : mount.handler(request);
  };
  return Object.assign(replaced, { [mountsKey]: mounts });
}

/** Where another library has wrapped `fetch` meanwhile, its wrapper stays, and everything passes through. */
function restoreWhenEmpty(mounts: Mounts): void {
  if (mounts.list.length === 0 && mountsOf(globalThis.fetch) === mounts) {
    globalThis.fetch = mounts.before;
  }
}

/**
 * What msw calls for a request: `http.all("https://db.test/*", mswResolver(handler))`.
 * @throws InvalidInputError `http-mounting` for what is no handler
 */
export function mswResolver(
  handler: Handler,
): (info: { readonly request: Request }) => Promise<Response> {
  readHandler(handler);
  return ({ request }) => handler(request);
}

/** What is needed of a pool of undici's `MockAgent`, so that no version of undici has to be named. */
export interface MockPoolLike {
  /** Begins a rule for the requests of a method whose path passes a test. */
  readonly intercept: (options: {
    path: (path: string) => boolean;
    method: string;
  }) => MockInterceptorLike;
}

/** What undici's `intercept` gives back. */
export interface MockInterceptorLike {
  /** Says what answers those requests, and that it goes on answering them. */
  readonly reply: (answer: (asked: MockRequestLike) => MockReplyLike) => {
    /** Keeps the rule after its first answer. */
    readonly persist: () => unknown;
  };
}

/** A request as undici tells it to who replies. */
export interface MockRequestLike {
  /** With its query, without the origin. */
  readonly path: string;
  readonly method: string;
  /** A record, pairs in one flat list, or `Headers`. */
  readonly headers?: unknown;
  /** Text or bytes. */
  readonly body?: unknown;
}

/** An answer as undici takes it. */
export interface MockReplyLike {
  readonly statusCode: number;
  /** The body, as text. */
  readonly data: string;
  readonly responseOptions: { readonly headers: Record<string, string> };
}

/**
 * Lets a handler answer everything that is sent to an origin: `interceptPool(agent.get(origin), handler, origin)`.
 * @throws InvalidInputError `http-mounting` for what is no pool and no handler, and where the origin is no URL
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

/** Headers come as a record, as pairs in one flat list, or as `Headers`. */
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
