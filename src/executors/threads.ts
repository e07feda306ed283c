/**
 * Ensembles in worker threads of Node: a pool of its own that starts a new thread where one died.
 *
 * @module replication-simulator/whatif/threads
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import type { Shard } from "../whatif/ensemble/ensembleSpec.js";
import type { Executor } from "../whatif/ensemble/executor.js";
import type { PreparedEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import type { ShardResult } from "../whatif/ensemble/shardResult.js";
import { openScenario } from "./openModule.js";
import { siblingScript } from "./siblingScript.js";
import type { WorkerAnswer } from "./workerMessages.js";

export { openScenario };

/** Number of threads and their limits. */
export interface ThreadOptions {
  /** Default: as many as the machine runs at once. */
  readonly workers?: number;
  /** Memory of a thread, in MB. One that needs more dies alone, and its shard is named. Default 512. */
  readonly maxMemoryMb?: number;
  /** Called with each thread that starts. */
  readonly onWorker?: (worker: Worker) => void;
}

const optionNames: OptionNames<ThreadOptions> = {
  workers: true,
  maxMemoryMb: true,
  onWorker: true,
};

/** Attempts per shard before the run fails. */
const triesMax = 3;

/**
 * Returns the executor that runs shards in worker threads. What a thread was doing when it died is given to a new one,
 * three times at most. Below about 4 s of work, running inline is quicker: a thread needs a second before it is warm.
 */
export function threads(options: ThreadOptions = {}): Executor {
  assertKnownOptions(options, optionNames);
  const { workers = availableParallelism() } = options;
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new EnsembleError(
      "spec-input",
      `workers must be an integer of at least 1; got ${String(workers)}`,
      {
        field: "workers",
        value: workers,
        allowed: "an integer of at least 1",
      },
    );
  return {
    name: `${String(workers)} threads`,
    async *run(prepared, shards, signal) {
      const pool = new ThreadPool(prepared, options);
      const waiting = shards.values();
      const underWay = new Map<number, Promise<readonly [number, ShardResult]>>();
      const start = (): void => {
        if (signal.aborted) return;
        const next = waiting.next();
        if (next.done === true) return;
        const { index } = next.value;
        const result = pool.run(next.value).then((found) => [index, found] as const);
        // The promises under way have no consumer once the iterator is closed.
        result.catch(() => undefined);
        underWay.set(index, result);
      };
      try {
        for (let each = 0; each < workers; each++) start();
        while (underWay.size > 0) {
          const [index, result] = await Promise.race(underWay.values());
          underWay.delete(index);
          start();
          yield result;
        }
      } finally {
        await pool.close();
      }
    },
  };
}

class ThreadPool {
  readonly #prepared: PreparedEnsemble;
  readonly #options: ThreadOptions;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #isClosing = false;

  constructor(prepared: PreparedEnsemble, options: ThreadOptions) {
    this.#prepared = prepared;
    this.#options = options;
  }

  /** Runs a shard, in another thread where one dies. */
  async run(shard: Shard): Promise<ShardResult> {
    for (let attempt = 1; ; attempt++) {
      const worker = this.#idle.pop() ?? this.#start();
      const outcome = await this.#ask(worker, shard);
      if (this.#all.has(worker)) this.#idle.push(worker);
      if ("result" in outcome) return outcome.result;
      if ("refused" in outcome)
        throw new EnsembleError(outcome.refused.rule, outcome.refused.message);
      if (attempt < triesMax && !this.#isClosing) continue;
      const { index, first, count } = shard;
      throw new EnsembleError(
        "worker-lost",
        `shard ${String(index)} (seeds ${String(first)} to ${String(first + count - 1)}) ended its thread ${String(attempt)} times: ${outcome.error}`,
        { value: first },
      );
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const { script, execArgv, ...how } = siblingScript("threadWorker", import.meta.url);
    const worker = new Worker(script, {
      workerData: this.#prepared.spec,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      eval: how.eval,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxMemoryMb ?? 512 },
    });
    this.#all.add(worker);
    // A thread may die between two shards, when no listener is attached; the next shard uses another one.
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      this.#forget(worker);
    });
    this.#options.onWorker?.(worker);
    return worker;
  }

  #forget(worker: Worker): void {
    this.#all.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  #ask(worker: Worker, shard: Shard): Promise<WorkerAnswer> {
    return new Promise((resolve) => {
      const settle = (answer: WorkerAnswer): void => {
        worker.off("message", settle);
        worker.off("error", onError);
        worker.off("exit", onExit);
        resolve(answer);
      };
      const lost = (error: string): void => {
        this.#forget(worker);
        settle({ error });
      };
      const onError = (error: NodeJS.ErrnoException): void => {
        lost(error.code ?? error.message);
      };
      const onExit = (code: number): void => {
        lost(`the thread ended with code ${String(code)}`);
      };
      worker.on("message", settle);
      worker.on("error", onError);
      worker.on("exit", onExit);
      worker.postMessage(shard);
    });
  }
}
