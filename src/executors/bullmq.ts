/**
 * Ensembles over a Redis, by BullMQ: one process puts shards into a queue, workers on any machine run them.
 *
 * @module replication-simulator/whatif/bullmq
 */
import { type ConnectionOptions, Queue, QueueEvents, Worker } from "bullmq";
import { assertParts } from "../model/schema/argument.js";
import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { EnsembleError, type EnsembleRule } from "../whatif/ensemble/ensembleError.js";
import type { Shard } from "../whatif/ensemble/ensembleSpec.js";
import type { Executor } from "../whatif/ensemble/executor.js";
import type { PreparedEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import type { ShardResult } from "../whatif/ensemble/shardResult.js";
import type { ShardJob } from "./bullmqProcessor.js";
import { siblingScript } from "./siblingScript.js";

/** Connection to the queue. */
export interface QueueOptions {
  /** As BullMQ takes it: `{ url: "redis://..." }`, `{ host, port }`, or a client of ioredis. */
  readonly connection: ConnectionOptions;
  /** Name of the queue; coordinator and workers must agree. Default "replication-simulator". */
  readonly queue?: string;
  /** Prefix of all keys. Default "bull". */
  readonly prefix?: string;
}

/** Options of the coordinator. */
export interface BullmqOptions extends QueueOptions {
  /** Time without any result after which the run is refused: there is no worker. Default 60,000. */
  readonly idleMs?: number;
  /** Time without any result after which each open job is asked for, since events can get lost. Default 3,000. */
  readonly silenceMs?: number;
  /** Called with unusual events: a broken connection, jobs lost by a restart of Redis. */
  readonly onError?: (message: string) => void;
}

/** Options of a worker. */
export interface ShardWorkerOptions extends QueueOptions {
  /** Time after which a worker that fell silent loses its shard to another one. Default 30,000. */
  readonly lockMs?: number;
  /** Called with unusual events: a broken connection, a failed job. */
  readonly onError?: (message: string) => void;
}

/** A worker that takes shards from the queue. */
export interface ShardWorker {
  /** Finishes the shard under way and leaves. */
  close(): Promise<void>;
}

const queueOptionNames: OptionNames<QueueOptions> = { connection: true, queue: true, prefix: true };
const coordinatorOptionNames: OptionNames<BullmqOptions> = {
  ...queueOptionNames,
  idleMs: true,
  silenceMs: true,
  onError: true,
};
const workerOptionNames: OptionNames<ShardWorkerOptions> = {
  ...queueOptionNames,
  lockMs: true,
  onError: true,
};

const defaultQueue = "replication-simulator";
const triesMax = 3;
/** Jobs that are put at once. */
const bulk = 500;

/**
 * Starts a worker; it runs one shard at a time, in a thread, and takes shards of any ensemble.
 * @throws InvalidInputError for an unknown option
 */
export async function startShardWorker(options: ShardWorkerOptions): Promise<ShardWorker> {
  assertKnownOptions(options, workerOptionNames);
  assertConnection(options);
  const { lockMs = 30_000, onError = () => undefined } = options;
  const { script } = siblingScript("bullmqProcessor", import.meta.url);
  const worker = new Worker<ShardJob, ShardResult>(options.queue ?? defaultQueue, script, {
    ...shared(options),
    concurrency: 1,
    useWorkerThreads: true,
    lockDuration: lockMs,
    stalledInterval: Math.max(500, lockMs / 2),
    // A worker that dies is no fault of the shard; how often a shard itself fails is counted by `attempts`.
    maxStalledCount: 10,
  });
  worker.on("error", ({ message }) => {
    onError(message);
  });
  worker.on("failed", (_, { message }) => {
    onError(message);
  });
  await worker.waitUntilReady();
  return { close: () => worker.close() };
}

/**
 * Returns the executor that hands shards to workers over a Redis.
 * @throws InvalidInputError for an unknown option
 */
export function bullmq(options: BullmqOptions): Executor {
  assertKnownOptions(options, coordinatorOptionNames);
  assertConnection(options);
  return {
    name: "BullMQ",
    async *run(prepared, shards, signal) {
      const coordinator = new Coordinator(prepared, shards, options);
      const wake = (): void => {
        coordinator.wake();
      };
      signal.addEventListener("abort", wake, { once: true });
      try {
        await coordinator.begin();
        while (coordinator.isOpen && !signal.aborted) yield* await coordinator.next();
      } finally {
        signal.removeEventListener("abort", wake);
        await coordinator.end();
      }
    },
  };
}

class Coordinator {
  readonly #prepared: PreparedEnsemble;
  readonly #options: BullmqOptions;
  readonly #queue: Queue<ShardJob, ShardResult>;
  readonly #events: QueueEvents;
  /** Job id -> shard that has no result yet. */
  readonly #open: Map<string, Shard>;
  readonly #ready: ShardResult[] = [];
  #failure: EnsembleError | undefined;
  #lastReplyAt = performance.now();
  #resume: (() => void) | undefined;

  constructor(prepared: PreparedEnsemble, shards: readonly Shard[], options: BullmqOptions) {
    this.#prepared = prepared;
    this.#options = options;
    // The id of the shard is that of the job: putting it twice is putting it once.
    this.#open = new Map(shards.map((shard) => [shard.id, shard]));
    const name = options.queue ?? defaultQueue;
    this.#queue = new Queue(name, shared(options));
    this.#events = new QueueEvents(name, shared(options));
    const onError = ({ message }: Error): void => {
      options.onError?.(message);
    };
    this.#queue.on("error", onError);
    this.#events.on("error", onError);
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  async begin(): Promise<void> {
    this.#events.on("completed", ({ jobId, returnvalue }) => {
      if (this.#open.has(jobId)) this.#take(returnvalue as unknown);
    });
    this.#events.on("failed", ({ jobId, failedReason }) => {
      if (this.#open.has(jobId)) this.#fail(jobId, failedReason);
    });
    await this.#events.waitUntilReady();
    // Jobs that failed in an earlier run are retried; jobs finished meanwhile are found at once.
    for (const id of this.#open.keys())
      if ((await this.#queue.getJobState(id)) === "failed") await this.#queue.remove(id);
    await this.#put();
    await this.#request();
  }

  /** Waits for results; they may be none. */
  async next(): Promise<readonly ShardResult[]> {
    const { silenceMs = 3000, idleMs = 60_000 } = this.#options;
    if (this.#ready.length === 0 && this.#failure === undefined)
      await this.#pause(Math.min(1000, silenceMs));
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ready.length === 0 && performance.now() - this.#lastReplyAt > silenceMs)
      await this.#request();
    if (this.#ready.length === 0 && performance.now() - this.#lastReplyAt > idleMs)
      throw new EnsembleError(
        "no-worker",
        `no worker has finished a shard for ${String(idleMs)} ms, ${String(this.#open.size)} are open; start one with: replication-simulator whatif worker --redis URL`,
      );
    return this.#ready.splice(0).filter(({ id }) => this.#open.delete(id));
  }

  wake(): void {
    this.#resume?.();
  }

  async end(): Promise<void> {
    // Jobs that no caller awaits are removed. A job that a worker processes cannot be removed and is harmless.
    const left = [...this.#open.keys()];
    await Promise.all(left.map((id) => this.#queue.remove(id).catch(() => 0)));
    await this.#events.close();
    await this.#queue.close();
  }

  async #put(): Promise<void> {
    const { spec } = this.#prepared;
    const jobs = [...this.#open.values()].map((shard) => ({
      name: "shard",
      data: { spec, shard },
      opts: {
        jobId: shard.id,
        attempts: triesMax,
        backoff: { type: "fixed", delay: 200 },
        removeOnComplete: { age: 3600 },
        removeOnFail: { age: 60 },
      },
    }));
    for (let at = 0; at < jobs.length; at += bulk)
      await this.#queue.addBulk(jobs.slice(at, at + bulk));
  }

  /** Asks for each open job, and puts those again that a restart of Redis has lost. */
  async #request(): Promise<void> {
    let lost = 0;
    for (const id of this.#open.keys()) {
      // The state first, then the job: a job that was read before it ended has no result.
      const state = await this.#queue.getJobState(id);
      if (state === "unknown") lost++;
      if (state !== "completed" && state !== "failed") continue;
      const job = await this.#queue.getJob(id);
      if (state === "completed" && job?.returnvalue !== undefined) this.#take(job.returnvalue);
      if (state === "failed" && job !== undefined) this.#fail(id, job.failedReason);
    }
    if (lost === 0) return;
    this.#options.onError?.(`${String(lost)} shards were lost by Redis and are put again`);
    await this.#put();
    this.#lastReplyAt = performance.now();
  }

  #take(value: unknown): void {
    this.#ready.push((typeof value === "string" ? JSON.parse(value) : value) as ShardResult);
    this.#lastReplyAt = performance.now();
    this.#resume?.();
  }

  #fail(id: string, reason: string): void {
    const { index, first, count } = this.#open.get(id) as Shard; // the caller has looked
    const [, rule, message] = /^([a-z-]+): (.*)$/s.exec(reason) ?? [];
    const seeds = `shard ${String(index)} (seeds ${String(first)} to ${String(first + count - 1)})`;
    this.#failure ??=
      rule === undefined || message === undefined
        ? new EnsembleError("worker-lost", `${seeds} failed ${String(triesMax)} times: ${reason}`, {
            value: first,
          })
        : new EnsembleError(rule as EnsembleRule, message);
    this.#resume?.();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function shared({ connection, prefix }: QueueOptions) {
  return {
    // A client that was handed in keeps its own settings.
    connection:
      "duplicate" in connection ? connection : { ...connection, maxRetriesPerRequest: null },
    ...(prefix === undefined ? {} : { prefix }),
  } as const;
}

/** Refuses a missing connection: which Redis it is has no default. */
function assertConnection({ connection }: { readonly connection: unknown }): void {
  const expected = 'a connection to a Redis, such as { url: "redis://127.0.0.1:6379" }';
  assertParts(connection, { field: "connection", expected, rule: "spec-input" });
}
