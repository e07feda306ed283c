import type { RequestLevels } from "../engine/requests.js";
import type { Topology } from "../topology/state.js";

/** Where a world stands. */
export interface Position {
  readonly topology: Topology;
  /** Virtual time, ms since the epoch. */
  readonly now: number;
  /** Journal lines so far. */
  readonly seq: number;
  /** Things that were ever due: numbers the next. */
  readonly taskSeq: number;
  /** Requests of late, where rates are limited and there were any. */
  readonly requests?: RequestLevels;
}
