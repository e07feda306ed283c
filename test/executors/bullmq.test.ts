import "../whatif/matchers.js";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EnsemblePlan, PreparedEnsemble } from "../../src/whatif/ensemble/prepareEnsemble.js";
import type { RunOptions } from "../../src/whatif/ensemble/runEnsemble.js";
import { buildExecutors, builtExecutors, moduleUrl } from "./built.js";
import { TestRedis } from "./redis.js";

const { folder, remove } = buildExecutors();
let built: Awaited<ReturnType<typeof builtExecutors>>;
beforeAll(async () => {
  built = await builtExecutors(folder);
});
afterAll(remove);

/** Shards that take a few tens of ms each. */
const plan: EnsemblePlan = {
  scenario: { module: moduleUrl("ending.mjs"), export: "slow" },
  futures: 60,
  shardSize: 5,
};

let redis: TestRedis;
let workers: ChildProcess[];
let queue = 0;
beforeEach(() => {
  workers = [];
  queue += 1;
});
afterEach(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await redis.stop();
});

async function startWorker(lockMs = 30_000): Promise<ChildProcess> {
  const worker = spawn(
    process.execPath,
    [`${folder}/queueWorker.js`, String(redis.port), `q${String(queue)}`, String(lockMs)],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  workers.push(worker);
  await once(worker.stdout as NonNullable<typeof worker.stdout>, "data");
  return worker;
}

const prepare = (changed: Partial<EnsemblePlan> = {}) =>
  built.prepareEnsemble({ ...plan, ...changed }, built.openScenario);

async function run(
  prepared: PreparedEnsemble,
  options: RunOptions & { readonly idleMs?: number; readonly errors?: string[] } = {},
) {
  const { idleMs = 30_000, errors = [], ...rest } = options;
  const executor = built.bullmq({
    connection: { host: "127.0.0.1", port: redis.port },
    queue: `q${String(queue)}`,
    idleMs,
    silenceMs: 500,
    onError: (message) => errors.push(message),
  });
  return built.runEnsemble(prepared, { executor, ...rest });
}

async function inlineBytes(prepared: PreparedEnsemble): Promise<string> {
  return built.summaryJson(built.summarize((await built.runEnsemble(prepared)).results));
}

const bytesOf = ({ results }: Awaited<ReturnType<typeof run>>): string =>
  built.summaryJson(built.summarize(results));

describe("an ensemble over Redis comes to the same bytes", { timeout: 60_000 }, () => {
  test("with two worker processes", async () => {
    redis = await TestRedis.start();
    await Promise.all([startWorker(), startWorker()]);
    const prepared = await prepare();
    expect(bytesOf(await run(prepared))).toBe(await inlineBytes(prepared));
  });

  test("when a worker is killed in the middle of a shard", async () => {
    redis = await TestRedis.start();
    const [first] = await Promise.all([startWorker(1000), startWorker(1000)]);
    const prepared = await prepare();
    let killed = false;
    const found = await run(prepared, {
      onResult: () => {
        if (!killed) killed = first.kill("SIGKILL");
      },
    });
    expect(killed).toBe(true);
    expect(bytesOf(found)).toBe(await inlineBytes(prepared));
  });

  test("when shards take longer than the lock, and each is run once", async () => {
    redis = await TestRedis.start();
    await startWorker(1000);
    const prepared = await prepare({ futures: 600, shardSize: 300 }); // 1.5 s each
    const found = await run(prepared);
    expect(bytesOf(found)).toBe(await inlineBytes(prepared));
    expect(found.results.duplicates).toBe(0);
  });

  test.each([true, false])(
    "when Redis is killed and comes back (with its data: %s)",
    async (persists) => {
      redis = await TestRedis.start({ persists });
      await startWorker(1000);
      const prepared = await prepare({ futures: 200 });
      const errors: string[] = [];
      let count = 0;
      let again: Promise<void> | undefined;
      const found = await run(prepared, {
        errors,
        onResult: () => {
          count += 1;
          if (count === 5) again = redis.kill().then(() => redis.start());
        },
      });
      await again;
      expect(bytesOf(found)).toBe(await inlineBytes(prepared));
      expect(errors.some((message) => message.includes("lost by Redis"))).toBe(!persists);
    },
  );

  test("when it stops early, and leaves no job behind", async () => {
    redis = await TestRedis.start();
    await startWorker();
    const prepared = await prepare({ futures: 400, shardSize: 10 });
    const stopWhen = () => true;
    const found = await run(prepared, { stopWhen });
    expect(found).toMatchObject({ shards: 10, isComplete: true });
    expect(found.results.done).toBeLessThan(40);
    const { shards } = await built.runEnsemble(prepared, { stopWhen });
    expect(shards).toBe(10);
  });
});

describe("the command", { timeout: 60_000 }, () => {
  const cli = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [`${folder}/cliProcess.js`, "whatif", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });

  async function output(child: ChildProcess, expected = 0): Promise<string> {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
    });
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(expected);
    return text;
  }

  test("prints the same over Redis, in threads and alone", async () => {
    redis = await TestRedis.start();
    const url = `redis://127.0.0.1:${String(redis.port)}`;
    const worker = cli("worker", "--redis", url);
    workers.push(worker);
    await once(worker.stderr as NonNullable<typeof worker.stderr>, "data");
    const run = [
      "run",
      fileURLToPath(new URL("./scenarios/group.yaml", import.meta.url)),
      "--futures",
      "60",
      "--json",
    ];
    const alone = await output(cli(...run, "--workers", "0"));
    expect(JSON.parse(alone)).toMatchObject({ seeds: { first: 0, count: 60 } });
    expect(await output(cli(...run, "--workers", "2"))).toBe(alone);
    expect(await output(cli(...run, "--redis", url))).toBe(alone);
    const pair = fileURLToPath(new URL("./scenarios/rarePair.yaml", import.meta.url));
    const rare = ["rare", pair, "--roots", "120", "--until", "all", "--json"];
    // The probability of what must never happen is above 0.
    const rareAlone = await output(cli(...rare, "--workers", "0"), 1);
    expect(JSON.parse(rareAlone)).toMatchObject({ rare: [{ figure: { roots: 120 } }] });
    expect(await output(cli(...rare, "--workers", "2"), 1)).toBe(rareAlone);
    expect(await output(cli(...rare, "--redis", url), 1)).toBe(rareAlone);
    worker.kill("SIGTERM");
    const [code] = (await once(worker, "exit")) as [number];
    expect(code).toBe(0);
  });
});

describe("a run over Redis is refused", { timeout: 60_000 }, () => {
  test("where no worker answers, naming how to start one", async () => {
    redis = await TestRedis.start();
    const refused = run(await prepare(), { idleMs: 1500 });
    await expect(refused).rejects.toThrow("start one with");
    await expect(refused).rejects.toThrowRule("no-worker");
  });

  test("where the worker behaves otherwise, at once and by the rule of the worker", async () => {
    redis = await TestRedis.start();
    await startWorker();
    const prepared = await prepare();
    const spec = {
      ...prepared.spec,
      engine: { ...prepared.spec.engine, fingerprint: "0".repeat(32) },
    };
    const { id } = new built.EnsembleResults(spec);
    await expect(run({ ...prepared, spec, id })).rejects.toThrowRule("engine-behaviour");
  });
});
