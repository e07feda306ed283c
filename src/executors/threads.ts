/**
 * Ensembles in worker threads of Node: a pool of its own that starts a new thread where one died.
 *
 * @module replication-simulator/whatif/threads
 */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { formatValue } from "../model/errors.js";
import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import type { Executor } from "../whatif/ensemble/executor.js";
import type { PreparedEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import { ShardRun } from "../whatif/ensemble/shardResult.js";
import { openScenario } from "./openModule.js";
import { ThreadPool } from "./threadPool.js";

export { openScenario };

/** Number of threads and their limits. */
export interface ThreadOptions {
  /** Threads that run futures. Default: as many as the machine runs at once. */
  readonly workers?: number;
  /**
   * Whether the calling thread is one of them: `"works"` runs futures in slices of 4 ms, `"waits"` leaves it free and
   * starts one thread more. Default: `"works"` where the scenario is data, `"waits"` where it is a module, whose code
   * may exit or take all memory.
   */
  readonly callingThread?: "works" | "waits";
  /** Memory of a thread that is started, in MB. One that needs more dies alone, and its shard is named. Default 512. */
  readonly maxMemoryMb?: number;
  /** Called with each thread that starts. */
  readonly onWorker?: (worker: Worker) => void;
}

const optionNames: OptionNames<ThreadOptions> = {
  workers: true,
  callingThread: true,
  maxMemoryMb: true,
  onWorker: true,
};

/** Longest time that the calling thread runs without letting messages, timers and signals in, in ms. */
const sliceMs = 4;

/**
 * Returns the executor that runs shards in worker threads. What a thread was doing when it died is given to a new one,
 * three times at most. Below about 4 s of work, running inline is quicker: a thread needs a second before it is warm.
 *
 * @throws EnsembleError `spec-input`
 */
export function threads(options: ThreadOptions = {}): Executor {
  assertKnownOptions(options, optionNames);
  const { workers = availableParallelism(), callingThread } = options;
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw refusedOption("workers", workers, "an integer of at least 1");
  if (!([undefined, "works", "waits"] as readonly unknown[]).includes(callingThread))
    throw refusedOption("callingThread", callingThread, '"works" or "waits"');
  return {
    name: `${String(workers)} threads`,
    async *run(prepared, shards, signal) {
      const isWorking = (callingThread ?? defaultFor(prepared)) === "works";
      const pool = new ThreadPool(prepared, shards, signal, {
        ...options,
        size: isWorking ? workers - 1 : workers,
      });
      const takeOwn = (): ShardRun | undefined => {
        const shard = isWorking ? pool.take() : undefined;
        return shard && new ShardRun(prepared, shard);
      };
      try {
        let own = takeOwn();
        pool.start();
        for (;;) {
          yield* pool.results();
          if (own === undefined) {
            if (pool.isDone) return;
            await pool.changed();
            continue;
          }
          runSlice(own);
          await setImmediate();
          if (!own.isDone) continue;
          yield own.result();
          own = takeOwn();
        }
      } finally {
        await pool.close();
      }
    },
  };
}

/** The code of a module may exit, or take all memory: only a thread that was started for it can die of that alone. */
function defaultFor({ spec }: PreparedEnsemble): "works" | "waits" {
  return "module" in spec.scenario ? "waits" : "works";
}

function runSlice(run: ShardRun): void {
  const end = performance.now() + sliceMs;
  do run.runNext();
  while (!run.isDone && performance.now() < end);
}

function refusedOption(field: string, value: unknown, allowed: string): EnsembleError {
  return new EnsembleError("spec-input", `${field} must be ${allowed}; got ${formatValue(value)}`, {
    field,
    value,
    allowed,
  });
}
