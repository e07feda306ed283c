/**
 * The API's JSON without HTTP, for adapters: `perform` takes a request apart, asks the simulator and words the
 * answer, faults included. `operations` is the route table, with schemas to generate documents from.
 *
 * @module replication-simulator/wire
 */
export type { WireContext, WireOptions } from "./context.js";
export { type FaultWords, faultBody, faultResponse, faultStatus } from "./faults.js";
export type { Json, JsonObject, JsonSchema } from "./json.js";
export type { Method, WireRequest, WireResponse } from "./messages.js";
export type { Operation, QueryParameter, Unsupported } from "./operation.js";
export { operations } from "./operations.js";
export { perform } from "./perform.js";
export { requestSchema } from "./requestSchema.js";
export { type Route, routeOf } from "./routing.js";
export { definitions } from "./schemas.js";
