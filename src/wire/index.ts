/**
 * The API's JSON without HTTP, for adapters: `handleRequest` takes a request apart, asks the simulator and words the
 * answer, faults included. `operations` is the route table, with schemas to generate documents from.
 *
 * @module replication-simulator/wire
 */
export { groupHostnameOf, hostnameOf, ipOf } from "../model/addresses.js";
export { type OperationPolicy, type Role, roles } from "../model/operationPolicy.js";
export {
  type OperationName,
  operationPolicies,
  type ReadOperation,
} from "../service/commands/operations.js";
export type { ResponseOptions, WireContext } from "./context.js";
export { type Dialect, defineDialect } from "./dialect.js";
export type { DialectWords, ErrorFormat, ErrorText, StatusWords } from "./dialectWords.js";
export { errorBody, errorResponse, httpStatusByCode } from "./faults.js";
export type {
  Endpoint,
  IdentityDialect,
  LogIn,
  LogInContext,
  LogInToken,
  TokenOwner,
} from "./identityDialect.js";
export type { Json, JsonObject, JsonSchema } from "./json.js";
export type {
  Operation,
  QueryParameter,
  UnsupportedOperation,
} from "./operation.js";
export { operations } from "./operations.js";
export { handleRequest } from "./perform.js";
export { rackspace } from "./rackspace.js";
export { requestSchema } from "./requestSchema.js";
export { definitions } from "./responseSchemas.js";
export { matchRoute, type Route } from "./routing.js";
export type { WireOptions } from "./wireOptions.js";
export type { Method, WireRequest, WireResponse } from "./wireRequest.js";
