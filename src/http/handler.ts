import { ReplicationError } from "../model/errors.js";
import type { ReplicationSimulator } from "../simulator.js";
import { errorResponse, rackspace } from "../wire/index.js";
import { BodyConsumedError, bounded, parseBody, type RawBody, readBytes } from "./body.js";
import { authorizeControl, control, isSnapshotPath } from "./control/control.js";
import { withCors } from "./cors.js";
import { authorizeAccount, database } from "./databaseRoutes.js";
import { AnswerLostError, HttpRefusal } from "./httpError.js";
import { identity } from "./identity/identity.js";
import { TokenRegistry } from "./identity/tokenRegistry.js";
import {
  addressMark,
  type HandlerOptions,
  ignoreReport,
  type Service,
  serviceOf,
} from "./options.js";
import { assertRequest, type PlainRequest, readPlainRequest } from "./plainRequest.js";
import {
  faultReply,
  type PlainResponse,
  type Reply,
  responseOf,
  toPlainResponse,
} from "./reply.js";
import { type Call, callOf, dispatchByMethod } from "./request.js";
import { versions } from "./versions.js";

/** Answers requests: `await handler(request)`. It rejects only values that are not requests (`http-request`). */
export interface Handler {
  (request: Request): Promise<Response>;
  /**
   * The same synchronously, for mock frameworks that cannot await. Event streams and `transact` are not supported.
   * @throws InvalidInputError `http-request` for a value that is not a request, such as a URL without an origin
   */
  readonly handleSync: (request: PlainRequest) => PlainResponse;
}

/** A part of the service; undefined for a path of another part. */
type Part = (call: Call, service: Service, callers: TokenRegistry) => Reply | undefined;

const parts: readonly Part[] = [versions, description, identity, control, database];

/**
 * The whole API over a simulator, as a function from `Request` to `Response`: mount it in any server or framework, or
 * call it in process, without a socket. Give it `driver.sim` of `replication-simulator/realtime` for real time.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createHandler } from "replication-simulator/http";
 *
 * const handler = createHandler(new ReplicationSimulator());
 * const response = await handler(new Request("http://db.test/v1.0/1234/instances", { headers: { "X-Auth-Token": "any" } }));
 * console.log(response.status, await response.json());
 * ```
 * @param sim - the simulator that answers
 * @param options - users, tokens, limits, time and control endpoints
 * @returns a function from `Request` to `Response`
 * @throws InvalidInputError `http-options`
 */
export function createHandler(sim: ReplicationSimulator, options: HandlerOptions = {}): Handler {
  const service = serviceOf(sim, options);
  const { users, tokens, tokenLifetimeMs, now, createToken, transact } = service.options;
  const { accountId } = sim;
  const callers = new TokenRegistry({
    users,
    tokens,
    accountId,
    tokenLifetimeMs,
    now,
    createToken,
  });

  const work = (request: Received): Reply => {
    service.requests?.begin();
    return answerOf(request, service, callers);
  };
  const handler = async (request: Request): Promise<Response> => {
    assertRequest(request);
    const observation = listener(request, service);
    let reply: Reply;
    try {
      // Before the body is read, so that only authorized callers can allocate memory.
      authorize(callOf(request, noBody, service), service, callers);
      const raw = await readBytes(request, bytesMaxOf(request.url, service));
      reply = await transact(() => work({ request, raw }));
    } catch (error) {
      reply = replyTo(error, service);
      observation.error = error;
    }
    const context = observation.answered(reply);
    if (reply.isLost === true) throw new AnswerLostError();
    return responseOf(withCors(reply, request, service), context);
  };
  const handleSync = (given: PlainRequest): PlainResponse => {
    const { bytes, ...request } = readPlainRequest(given);
    const observation = listener(request, service);
    const raw = bounded(bytes, bytesMaxOf(request.url, service));
    let reply: Reply;
    try {
      reply = work({ request, raw });
    } catch (error) {
      reply = replyTo(error, service);
      observation.error = error;
    }
    const context = observation.answered(reply);
    if (reply.isLost === true) throw new AnswerLostError();
    return toPlainResponse(withCors(reply, request, service), context);
  };
  return Object.assign(handler, { handleSync });
}

/** A request whose body was read, as far as allowed. */
interface Received {
  readonly request: Pick<Request, "method" | "url" | "headers">;
  readonly raw: RawBody;
}

/** Refuses by the headers alone, where they suffice. */
function authorize(call: Call, service: Service, callers: TokenRegistry): void {
  authorizeControl(call, service, callers);
  authorizeAccount(call, service, callers);
}

function noBody(): undefined {
  return undefined;
}

/** Everything between a request and its response runs synchronously, so that nothing interleaves. */
function answerOf({ request, raw }: Received, service: Service, callers: TokenRegistry): Reply {
  const { maxBodyDepth } = service.options;
  const call = callOf(request, () => parseBody(raw, request.headers, maxBodyDepth), service);
  for (const part of parts) {
    const reply = part(call, service, callers);
    if (reply !== undefined) return reply;
  }
  const { dialect } = service;
  return faultReply(dialect, "itemNotFound", {
    message: `resource not found; the API starts at /${dialect.version}/{accountId}`,
  });
}

/** The document describes the documented API; other dialects have none yet. */
function description(call: Call, service: Service): Reply | undefined {
  if (call.path !== "/openapi" || service.dialect !== rackspace) return undefined;
  return dispatchByMethod(call, {
    GET: () => {
      // One text for all callers, except for the address of the service.
      const body = service.description().replace(addressMark, () => JSON.stringify(call.baseUrl));
      return { status: 200, content: { type: "application/json", body } };
    },
  });
}

/** A snapshot is as large as its world. */
function bytesMaxOf(url: string, { options }: Service): number {
  const { maxBodyBytes, control: isOpen } = options;
  return isOpen && isSnapshotPath(url) ? maxBodyBytes * 256 : maxBodyBytes;
}

/** Internal errors go to `onError` and `onRequest`: a response never reveals source locations. */
function replyTo(error: unknown, { dialect }: Service): Reply {
  if (error instanceof HttpRefusal) {
    return faultReply(dialect, error.code, { message: error.message, headers: error.headers });
  }
  if (error instanceof ReplicationError) {
    const { status, headers = {}, body } = errorResponse(error, dialect);
    return { status, headers, json: body };
  }
  if (error instanceof BodyConsumedError) {
    return faultReply(dialect, "instanceFault", { message: error.message });
  }
  return faultReply(dialect, "instanceFault", { message: "the service has experienced a fault" });
}

/** Collects the report for `onRequest`. */
function listener(request: Received["request"], { options, requests, requestIds }: Service) {
  const startedAt = options.now();
  const { method, url, headers } = request;
  const given = headers.get("x-request-id") ?? "";
  // A valid request id of the caller is passed on, so that both sides find the request in their logs.
  const requestId = /^[\w.-]{1,64}$/.test(given) ? given : requestIds.next();
  return {
    error: undefined as unknown,
    answered(reply: Reply): { readonly requestId: string; readonly isHead: boolean } {
      const { status } = reply;
      const context = { requestId, isHead: method === "HEAD" };
      if (options.onRequest === ignoreReport && requests === undefined && status !== 500) {
        return context;
      }
      const { pathname, search } = new URL(url);
      const durationMs = options.now() - startedAt;
      const isInternal = status === 500 && this.error !== undefined && !isRefusal(this.error);
      const error = isInternal ? { error: this.error } : {};
      if (isInternal && !isDisconnect(this.error)) options.onError(this.error);
      options.onRequest({
        requestId,
        method,
        target: `${pathname}${search}`,
        status,
        durationMs,
        ...error,
      });
      requests?.add({ method, target: `${pathname}${search}`, durationMs, reply });
      return context;
    },
  };
}

/** Returns whether an outage or a rule answers: the error of an injected fault is not an internal error. */
function isRefusal(error: unknown): boolean {
  return error instanceof ReplicationError || error instanceof HttpRefusal;
}

/** Returns whether the caller has disconnected during the request, which is not an internal error. */
function isDisconnect(error: unknown): boolean {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return code === "ECONNRESET" || name === "AbortError";
}
