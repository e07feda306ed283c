/**
 * Explores a client or controller of yours against every legal behaviour of the service. Needs `fast-check`, an
 * optional peer.
 *
 * @module replication-simulator/exploration
 */
export type { ClientContext, ClientRequest, ClientRun } from "./clientRun.js";
export {
  assertExplored,
  type Exploration,
  type ExplorationFailure,
  type ExploreOptions,
  exploreClient,
  replayClient,
} from "./exploreClient.js";
export {
  type ClientPromise,
  completes,
  createsNothingTwice,
  detachesNoHealthyReplica,
  endsWith,
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
