import type { Topology } from "../model/topology.js";
import type { RateLimitBuckets } from "../service/accounts/rateLimiter.js";

/** Virtual time and counters of a world. */
export interface WorldState {
  readonly topology: Topology;
  /** Virtual time, ms since the epoch. */
  readonly now: number;
  /** Journal lines so far. */
  readonly seq: number;
  /** Things that were ever due: numbers the next. */
  readonly nextTaskSeq: number;
  /** Requests of late, where rates are limited and there were any. */
  readonly requests?: RateLimitBuckets;
}
