import type { Outcome } from "../src/whatif/ensemble/outcome.js";

/** What the page asks the worker for. */
export interface FuturesRequest {
  readonly text: string;
  readonly firstSeed: number;
  readonly count: number;
}

/** One future that the worker has run. */
export interface FutureResult {
  readonly design: string;
  readonly seed: number;
  readonly outcome: Outcome;
}

/** What the worker says: futures in portions, or why it cannot go on. */
export type WorkerMessage =
  | { readonly futures: readonly FutureResult[]; readonly done: number; readonly of: number }
  | { readonly error: string };
