import { Worker } from "node:worker_threads";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import type { Shard } from "../whatif/ensemble/ensembleSpec.js";
import type { PreparedEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import type { ShardResult } from "../whatif/ensemble/shardResult.js";
import { siblingScript } from "./siblingScript.js";
import type { WorkerAnswer } from "./workerMessages.js";

/** Attempts per shard before the run fails. */
const triesMax = 3;

/** Number of threads of a pool and their limits. */
export interface PoolOptions {
  readonly size: number;
  readonly maxMemoryMb?: number;
  readonly onWorker?: (worker: Worker) => void;
}

/** A thread with the shards that it was sent; it answers them in this order. */
interface Member {
  readonly worker: Worker;
  readonly sent: Shard[];
}

/** Threads that share the shards of a run with the calling thread. */
export class ThreadPool {
  readonly #prepared: PreparedEnsemble;
  readonly #signal: AbortSignal;
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #shards: readonly Shard[];
  /** Shards before this place have been taken. */
  #taken = 0;
  /** Shards whose threads died, and how often. */
  readonly #again: Shard[] = [];
  readonly #attempts = new Map<number, number>();
  #results: ShardResult[] = [];
  #failure: EnsembleError | undefined;
  #isClosing = false;
  #wake: (() => void) | undefined;

  constructor(
    prepared: PreparedEnsemble,
    shards: readonly Shard[],
    signal: AbortSignal,
    options: PoolOptions,
  ) {
    this.#prepared = prepared;
    this.#shards = shards;
    this.#signal = signal;
    this.#options = options;
  }

  /** Returns a shard for the calling thread; never one that ended a thread. */
  take(): Shard | undefined {
    return this.#signal.aborted ? undefined : this.#shards[this.#taken++];
  }

  /** Starts threads, as many as there is work for. */
  start(): void {
    const { size } = this.#options;
    while (!this.#signal.aborted && this.#open > 0 && this.#members.size < size)
      this.#feed(this.#startMember());
  }

  /** Whether no thread has a shard, and none will get one. */
  get isDone(): boolean {
    if (this.#failure !== undefined || this.#results.length > 0) return false;
    for (const { sent } of this.#members) if (sent.length > 0) return false;
    return this.#signal.aborted || this.#open === 0;
  }

  /**
   * Returns the results that have come, each once.
   *
   * @throws EnsembleError what a worker refused, and `worker-lost`
   */
  results(): readonly ShardResult[] {
    if (this.#failure !== undefined) throw this.#failure;
    const results = this.#results;
    this.#results = [];
    return results;
  }

  /** Waits for the next message of a thread, or the end of one. */
  changed(): Promise<void> {
    if (this.#failure !== undefined || this.#results.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()));
  }

  /** Shards that no thread has. */
  get #open(): number {
    return Math.max(0, this.#shards.length - this.#taken) + this.#again.length;
  }

  #startMember(): Member {
    const { script, execArgv, ...how } = siblingScript("threadWorker", import.meta.url);
    const { maxMemoryMb = 512, onWorker } = this.#options;
    const worker = new Worker(script, {
      workerData: this.#prepared.spec,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      eval: how.eval,
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
    });
    const member: Member = { worker, sent: [] };
    this.#members.add(member);
    worker.on("message", (answer: WorkerAnswer) => {
      this.#onAnswer(member, answer);
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      this.#onLoss(member, error.code ?? error.message);
    });
    worker.on("exit", (code) => {
      this.#onLoss(member, `the thread ended with code ${String(code)}`);
    });
    onWorker?.(worker);
    return member;
  }

  /** Sends a thread a shard, and a second one while there are plenty, so that it never waits for an answer. */
  #feed(member: Member): void {
    const plenty = 2 * this.#options.size;
    while (!this.#signal.aborted && member.sent.length < (this.#open > plenty ? 2 : 1)) {
      const shard = this.#again.shift() ?? this.take();
      if (shard === undefined) return;
      member.sent.push(shard);
      member.worker.postMessage(shard);
    }
  }

  #onAnswer(member: Member, answer: WorkerAnswer): void {
    const shard = member.sent.shift();
    if (shard === undefined || this.#isClosing) return;
    if ("result" in answer) this.#results.push(answer.result);
    else if ("refused" in answer)
      this.#failure ??= new EnsembleError(answer.refused.rule, answer.refused.message);
    else this.#countLoss(shard, answer.error);
    // Aborted, a run ends with what is under way: a shard that waits in the thread is not.
    if (this.#signal.aborted) member.sent.length = 0;
    this.#feed(member);
    this.#notify();
  }

  #onLoss(member: Member, error: string): void {
    // An error is followed by an exit. A thread may also die between two shards.
    if (!this.#members.delete(member) || this.#isClosing) return;
    const [shard, ...waiting] = member.sent;
    this.#again.push(...waiting);
    if (shard !== undefined) this.#countLoss(shard, error);
    for (const each of this.#members) this.#feed(each);
    if (this.#failure === undefined) this.start();
    this.#notify();
  }

  #countLoss(shard: Shard, error: string): void {
    const { index, first, count } = shard;
    const attempts = (this.#attempts.get(index) ?? 0) + 1;
    this.#attempts.set(index, attempts);
    if (attempts < triesMax) this.#again.push(shard);
    else
      this.#failure ??= new EnsembleError(
        "worker-lost",
        `shard ${String(index)} (seeds ${String(first)} to ${String(first + count - 1)}) ended its thread ${String(attempts)} times: ${error}`,
        { value: first },
      );
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
