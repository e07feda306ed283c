import type { RateLimitBuckets } from "../engine/rateLimiter.js";
import type { Topology } from "../topology/state.js";

/** Where a world stands. */
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
