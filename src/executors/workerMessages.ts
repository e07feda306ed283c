import { EnsembleError, type EnsembleRule } from "../whatif/ensemble/ensembleError.js";
import type { ShardResult } from "../whatif/ensemble/shardResult.js";

/** Answer of a worker: a result, a refusal that every other worker would repeat, or an error with its stack. */
export type WorkerAnswer =
  | { readonly result: ShardResult }
  | { readonly refused: { readonly rule: EnsembleRule; readonly message: string } }
  | { readonly error: string };

/** Returns the answer for something that was thrown. */
export function answerOf(error: unknown): WorkerAnswer {
  if (error instanceof EnsembleError)
    return { refused: { rule: error.rule as EnsembleRule, message: error.message } };
  return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
