import type { Outcome } from "../src/whatif/ensemble/playableScenario.js";

/** What the page asks the worker for. */
export interface FuturesRequest {
  readonly text: string;
  readonly firstSeed: number;
  readonly count: number;
}

/** One future that the worker has played. */
export interface PlayedFuture {
  readonly design: string;
  readonly seed: number;
  readonly outcome: Outcome;
}

/** What the worker says: futures in portions, or why it cannot go on. */
export type WorkerMessage =
  | { readonly futures: readonly PlayedFuture[]; readonly done: number; readonly of: number }
  | { readonly error: string };
