import "../whatif/matchers.js";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { EnsemblePlan } from "../../src/whatif/ensemble/prepareEnsemble.js";
import { buildExecutors, builtExecutors, moduleUrl } from "./built.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

const { folder, remove } = buildExecutors();
let built: Awaited<ReturnType<typeof builtExecutors>>;
beforeAll(async () => {
  built = await builtExecutors(folder);
});
afterAll(remove);

const failover: EnsemblePlan = {
  scenario: {
    module: moduleUrl("failover.mjs"),
    world: { jitter: 0.3 },
    designs: {
      "one replica": { replicas: 1 },
      "slow repair": { replicas: 1, detectionMs: 600_000 },
    },
  },
  futures: 60,
  shardSize: 5,
};

const ending = (name: string): EnsemblePlan => ({
  scenario: { module: moduleUrl("ending.mjs"), export: name },
  futures: 40,
  shardSize: 10,
});

const prepare = (plan: EnsemblePlan) => built.prepareEnsemble(plan, built.openScenario);
const bytes = (results: InstanceType<typeof built.EnsembleResults>, shards?: number): string =>
  built.summaryJson(built.summarize(results, shards === undefined ? {} : { shards }));

describe("an ensemble in worker threads", () => {
  test.each([1, 2, 3])("comes to the same bytes as inline, with %i threads", async (workers) => {
    const prepared = await prepare(failover);
    const { results, isComplete } = await built.runEnsemble(prepared, {
      executor: built.threads({ workers }),
    });
    expect(isComplete).toBe(true);
    expect(results.failuresOf("one replica")).toEqual([]);
    expect(Math.max(...results.column("one replica", "crashes").values)).toBeGreaterThan(1);
    expect(bytes(results)).toBe(bytes((await built.runEnsemble(prepared)).results));
  });

  test("stops early at the same prefix as inline, and leaves no thread behind", async () => {
    const plan = { ...failover, futures: 1600, shardSize: 20 };
    const stopWhen = built.untilHalfWidth({ halfWidth: 0.05, measures: ["crashes"] });
    const prepared = await prepare(plan);
    const workers: Worker[] = [];
    const executor = built.threads({ workers: 2, onWorker: (worker) => workers.push(worker) });
    const threaded = await built.runEnsemble(prepared, { executor, stopWhen });
    const alone = await built.runEnsemble(prepared, { stopWhen });
    expect(threaded.shards).toBe(alone.shards);
    expect(alone.results.failuresOf("one replica")).toEqual([]);
    expect(threaded.shards).toBeLessThan(80);
    expect(bytes(threaded.results, threaded.shards)).toBe(bytes(alone.results, alone.shards));
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  test("survives a thread that is ended in the middle of a shard", async () => {
    const prepared = await prepare(ending("slow"));
    const started: Worker[] = [];
    const onWorker = (worker: Worker): void => {
      started.push(worker);
      if (started.length === 1)
        worker.once("online", () => setTimeout(() => void worker.terminate(), 300));
    };
    const { results } = await built.runEnsemble(prepared, {
      executor: built.threads({ workers: 1, onWorker }),
    });
    expect(started.length).toBeGreaterThanOrEqual(2);
    expect(bytes(results)).toBe(bytes((await built.runEnsemble(prepared)).results));
  });

  test("names the shard that ends its thread three times", async () => {
    const own = await prepare(ending("exits"));
    const executor = built.threads({ workers: 2 });
    await expect(built.runEnsemble(own, { executor })).rejects.toThrow(
      "shard 2 (seeds 20 to 29) ended its thread 3 times: the thread ended with code 7",
    );
    await expect(built.runEnsemble(own, { executor })).rejects.toThrowRule("worker-lost");
  });

  test("survives a future that takes all memory of its thread", async () => {
    const prepared = await prepare(ending("fillsMemory"));
    const executor = built.threads({ workers: 1, maxMemoryMb: 48 });
    await expect(built.runEnsemble(prepared, { executor })).rejects.toThrow(
      "ERR_WORKER_OUT_OF_MEMORY",
    );
  });

  test("is refused by a worker that behaves otherwise", async () => {
    const prepared = await prepare(failover);
    const engine = { ...prepared.spec.engine, fingerprint: "0".repeat(32) };
    const spec = { ...prepared.spec, engine };
    const other = { ...prepared, spec, id: new built.EnsembleResults(spec).id };
    await expect(
      built.runEnsemble(other, { executor: built.threads({ workers: 1 }) }),
    ).rejects.toThrowRule("engine-behaviour");
  });

  test("needs at least one thread", () => {
    for (const workers of [0, 1.5, Number.NaN])
      expect(() => built.threads({ workers })).toThrowRule("spec-input");
  });
});

describe("the calling thread", () => {
  const data: EnsemblePlan = {
    scenario: {
      data: {
        scenario: 1,
        world: { jitter: 0.3 },
        topology: { orders: { kind: "group", replicas: 2, writes: { perSecond: 200 } } },
        designs: { "one replica": { topology: { orders: { replicas: 1 } } } },
        random: {
          crashes: {
            fault: "crash",
            of: "orders.any",
            every: { exponential: "3d" },
            timeToRepair: "20m",
          },
        },
        horizon: "7d",
        measures: { down: { measure: "writesDown", of: "orders" } },
      },
    },
    futures: 400,
    shardSize: 10,
  };
  const startedBy = async (plan: EnsemblePlan, options: object): Promise<number> => {
    let started = 0;
    const onWorker = (): void => {
      started += 1;
    };
    const executor = built.threads({ workers: 2, onWorker, ...options });
    await built.runEnsemble(await prepare(plan), { executor });
    return started;
  };

  test("plays data by default, and leaves modules to threads of their own", async () => {
    expect(await startedBy(data, {})).toBe(1);
    expect(await startedBy(data, { workers: 1 })).toBe(0);
    expect(await startedBy(data, { callingThread: "waits" })).toBe(2);
    expect(await startedBy(failover, {})).toBe(2);
    expect(await startedBy(failover, { callingThread: "works" })).toBe(1);
  });

  test.each([1, 2, 3])(
    "and the threads that it starts come to the same bytes as inline, with %i workers",
    async (workers) => {
      const prepared = await prepare(data);
      const alone = bytes((await built.runEnsemble(prepared)).results);
      for (const callingThread of ["works", "waits"] as const) {
        const executor = built.threads({ workers, callingThread });
        const { results, isComplete } = await built.runEnsemble(prepared, { executor });
        expect(isComplete).toBe(true);
        expect(bytes(results)).toBe(alone);
      }
    },
  );

  test("lets a timer interrupt it, and goes on where it stopped", async () => {
    const prepared = await prepare({ ...data, futures: 4000, shardSize: 100 });
    const stop = new AbortController();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks === 5) stop.abort();
    }, 5);
    const executor = built.threads({ workers: 2 });
    const { results, isComplete } = await built.runEnsemble(prepared, {
      executor,
      signal: stop.signal,
    });
    clearInterval(timer);
    expect(isComplete).toBe(false);
    expect(results.done).toBeLessThan(40);
    const before = results.done;
    const rest = await built.runEnsemble(prepared, { executor, results });
    expect(rest.isComplete).toBe(true);
    expect(before).toBeGreaterThan(0);
    expect(bytes(rest.results)).toBe(bytes((await built.runEnsemble(prepared)).results));
  });

  test("goes on where a thread dies, and leaves its shards to a new one", async () => {
    const prepared = await prepare(data);
    const started: Worker[] = [];
    const onWorker = (worker: Worker): void => {
      started.push(worker);
      if (started.length < 3) worker.once("online", () => void worker.terminate());
    };
    const executor = built.threads({ workers: 2, onWorker });
    const { results } = await built.runEnsemble(prepared, { executor });
    expect(started.length).toBe(3);
    expect(results.done).toBe(40);
    expect(bytes(results)).toBe(bytes((await built.runEnsemble(prepared)).results));
  });

  test("works or waits", () => {
    expect(() => built.threads({ callingThread: "rests" as "waits" })).toThrowRule("spec-input");
  });
});

describe("a scenario module", () => {
  test("in TypeScript runs in threads on any Node", async () => {
    const prepared = await prepare({
      scenario: {
        module: moduleUrl("typed.ts"),
        designs: { once: { factor: 1 }, twice: { factor: 2 } },
      },
      futures: 10,
    });
    const { results } = await built.runEnsemble(prepared, {
      executor: built.threads({ workers: 1 }),
    });
    expect([...results.column("twice", "length").values]).toEqual(
      Array.from({ length: 10 }, () => 72),
    );
  });

  test("that exports a scenario with measures of its own runs in threads on any Node", async () => {
    const prepared = await prepare({
      scenario: { module: moduleUrl("ownMeasures.ts") },
      futures: 20,
    });
    const { results } = await built.runEnsemble(prepared, {
      executor: built.threads({ workers: 1 }),
    });
    const [activations, faults] = ["activations", "faults"].map((name) => [
      ...results.column("as it is", name).values,
    ]);
    expect(activations?.some((count) => count > 0)).toBe(true);
    expect(activations).toEqual(faults);
  });

  test("that is missing, or exports no function, is refused with what to do", async () => {
    const named = (module: string, name?: string) =>
      prepare({
        scenario: { module, ...(name === undefined ? {} : { export: name }) },
        futures: 10,
      });
    await expect(named("no-such-package")).rejects.toThrowRule("scenario-module");
    await expect(named(moduleUrl("missing.mjs"))).rejects.toThrowRule("scenario-module");
    await expect(named(moduleUrl("failover.mjs"), "other")).rejects.toThrow(
      "exports no scenario other",
    );
  });
});
