import type { Shard } from "./ensembleSpec.js";
import type { PreparedEnsemble } from "./prepareEnsemble.js";
import { runShard, type ShardResult } from "./shardResult.js";

/** Runs shards somewhere. Results may come in any order and more than once, and may end early once the signal says so. */
export interface Executor {
  readonly name: string;
  /** Runs shards until all are done or the signal is aborted. */
  run(
    prepared: PreparedEnsemble,
    shards: readonly Shard[],
    signal: AbortSignal,
  ): AsyncIterable<ShardResult>;
}

/** Longest time without letting timers and signals in, in ms. */
const breathMs = 15;

/** Returns the executor that runs shards one after another in this thread. */
export function inline(): Executor {
  return {
    name: "inline",
    async *run(prepared, shards, signal) {
      let since = performance.now();
      for (const shard of shards) {
        if (signal.aborted) return;
        yield runShard(prepared, shard);
        if (performance.now() - since < breathMs) continue;
        await new Promise((resume) => setTimeout(resume, 0));
        since = performance.now();
      }
    },
  };
}
