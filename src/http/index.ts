/**
 * The whole API over HTTP, as one function from `Request` to `Response`: mount it in any framework, or use it behind
 * `fetch`, msw or undici's mock agent, without a socket.
 *
 * @module replication-simulator/http
 */

export {
  createFetch,
  type FetchMount,
  interceptPool,
  type MockInterceptorLike,
  type MockPoolLike,
  type MockReplyLike,
  type MockRequestLike,
  mswResolver,
  replaceFetch,
  resetFetch,
} from "./adapters.js";
export type { SpeedControl } from "./control/speedControl.js";
export { createHandler, type Handler } from "./handler.js";
export { AnswerLostError } from "./httpError.js";
export type { HttpToken, HttpUser } from "./identity/tokenRegistry.js";
export { type OpenApiOptions, openApi } from "./openApi.js";
export type { HandlerOptions, RequestLogEntry } from "./options.js";
export type { PlainRequest } from "./plainRequest.js";
export type { PlainResponse } from "./reply.js";
