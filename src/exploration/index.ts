/**
 * Explores a client or controller of yours against every legal behaviour of the service, and holds a service of yours
 * to the simulator. Needs `fast-check`, an optional peer.
 *
 * @module replication-simulator/exploration
 */
export { type ApiCommand, type ApiCommandsOptions, apiCommands } from "./apiCommands.js";
export type { ApiModel, ApiService } from "./apiModel.js";
export type { ApiAnswer, ApiRequest } from "./apiRequest.js";
export { type ApiKind, type ApiRole, apiKinds } from "./apiRequests.js";
export { type ApiSetupOptions, apiSetup, defaultIgnored } from "./apiSetup.js";
export type { ClientContext, ClientRequest, ClientRun } from "./clientRun.js";
export {
  assertExplored,
  type Exploration,
  type ExplorationFailure,
  type ExploreOptions,
  exploreClient,
  replayClient,
} from "./exploreClient.js";
export type { IdMap } from "./idMap.js";
export {
  type ClientPromise,
  completes,
  createsNothingTwice,
  detachesNoHealthyReplica,
  endsWith,
  honoursRetryAfter,
  leaksNothing,
  losesNothing,
  terminates,
} from "./promises.js";
export {
  describeChoice,
  type ServiceChoice,
  type ServiceChoiceKind,
  serviceChoiceKinds,
} from "./serviceChoice.js";
