import type { ReplicationSimulator } from "../simulator.js";
import type { ApiAnswer, ApiRequest } from "./apiRequest.js";
import type { ApiKind, ApiRole } from "./apiRequests.js";
import type { IdMap } from "./idMap.js";

/** The simulator as the model of the service. */
export interface ApiModel {
  readonly sim: ReplicationSimulator;
  /** Which id of the service stands for which id of the model. */
  readonly ids: IdMap;
  readonly ignored: ReadonlySet<string>;
  readonly canAdvance: boolean;
  readonly pageSize: number;
  /** Ids of all resources of a kind, in the order of creation; hidden backups are left out. By role: as it is now. */
  readonly idsOf: (kind: ApiKind | ApiRole) => readonly string[];
  /** Returns the model's answer to a request. */
  readonly answer: (request: ApiRequest) => ApiAnswer;
}

/** The service under test. */
export interface ApiService {
  /** Sends a request to the service and returns its answer. */
  readonly answer: (request: ApiRequest) => Promise<ApiAnswer>;
  /** Moves the time of the service; undefined if it cannot. */
  readonly advance: ((ms: number) => unknown) | undefined;
  /** Lets the service end all tasks; undefined if it cannot. */
  readonly settle: (() => unknown) | undefined;
}
