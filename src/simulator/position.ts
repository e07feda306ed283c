import type { RequestLevels } from "../engine/requests.js";
import type { Topology } from "../topology/state.js";

/** Where a world stands. */
export interface Position {
  readonly topology: Topology;
  readonly now: number;
  readonly seq: number;
  readonly taskSeq: number;
  /** Requests of late, where rates are limited and there were any. */
  readonly requests?: RequestLevels;
}
