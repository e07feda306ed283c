import {
  assertExplored,
  type ClientContext,
  createsNothingTwice,
  exploreClient,
  honoursRetryAfter,
  replayClient,
  type ServiceChoice,
  type ServiceChoiceKind,
  serviceChoiceKinds,
} from "replication-simulator/exploration";
import { runScenario, type Scenario } from "replication-simulator/scenario";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { subjects } from "./clients.js";
import { moreSubjects } from "./moreClients.js";

/*
 * Clients with known mistakes are caught and the shrunk choices are few; the mended versions pass. EXPLORE_RUNS=10000
 * runs the mended ones as long as one likes.
 */

const runs = Number(process.env["EXPLORE_RUNS"] ?? 150);
const patience = runs > 1000 ? 3_600_000 : 120_000;

describe.each([...Object.entries(subjects), ...Object.entries(moreSubjects)])(
  "a client that %s",
  (_, subject) => {
    const { mistaken, mended, setup, promises, maxSteps: stepsToFind = 400 } = subject;

    test(
      "is caught within 2,000 runs, by at most 6 choices",
      async () => {
        const { failure, runs: needed } = await exploreClient({
          client: mistaken,
          setup,
          promises,
          runs: 2_000,
          maxSteps: stepsToFind,
        });
        expect(failure, "no run broke a promise").toBeDefined();
        expect(needed).toBeLessThanOrEqual(2_000);
        expect(failure?.choices.length).toBeLessThanOrEqual(6);
      },
      patience,
    );

    test(
      "keeps its promises when it is mended",
      async () => {
        const maxSteps = 3_000;
        const { failure } = await exploreClient({
          client: mended,
          setup,
          promises,
          runs,
          maxSteps,
        });
        expect([failure?.message, failure?.choices, failure?.diagram].join("\n")).toBe("\n\n");
      },
      patience,
    );
  },
);

describe("an exploration", () => {
  const subject = subjects["creates again after a timeout"];
  if (subject === undefined) throw new Error("the subject has another name");
  const options = { client: subject.mistaken, setup: subject.setup, promises: subject.promises };

  test("gives the same result for the same seed, and explores otherwise for another", async () => {
    const [a, b, c] = await Promise.all([
      exploreClient({ ...options, seed: 5 }),
      exploreClient({ ...options, seed: 5 }),
      exploreClient({
        client: subject.mended,
        setup: subject.setup,
        promises: [],
        runs: 20,
        seed: 6,
      }),
    ]);
    expect(a.failure?.choices).toEqual(b.failure?.choices);
    expect(a.failure?.diagram).toBe(b.failure?.diagram);
    expect(a.runs).toBe(b.runs);
    expect(c.met).not.toEqual(a.met);
  });

  test("prints a failure as choices, a diagram of the requests, a test and a scenario", async () => {
    const { failure } = await exploreClient(options);
    expect(failure?.promise).toBe("creates nothing twice");
    expect(failure?.choices).toEqual([{ kind: "lostResponse", request: 0 }]);
    expect(failure?.diagram).toContain("network error (but it was carried out)");
    expect(failure?.test).toContain("replayClient");
    expect(failure?.scenario).toMatchObject({ scenario: 1 });
    await expect(assertExplored(options)).rejects.toThrow(/creates nothing twice.*eu/s);
  });

  test("prints a scenario that leads to the same world, and a test that fails as the client did", async () => {
    const { failure } = await exploreClient(options);
    const { sim, failedChecks } = runScenario(failure?.scenario as Scenario);
    expect(failedChecks).toEqual([]);
    expect(sim.fingerprint()).toBe(failure?.run.sim.fingerprint());
    const { outputText } = ts.transpileModule(failure?.test ?? "", {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const tests: (() => Promise<void>)[] = [];
    const modules: Readonly<Record<string, unknown>> = {
      "replication-simulator/exploration": { replayClient },
      "./exploration.js": { exploration: options },
      vitest: { test: (_: string, body: () => Promise<void>) => tests.push(body) },
    };
    new Function("require", "exports", outputText)((name: string) => modules[name], {});
    expect(tests).toHaveLength(1);
    await expect(tests[0]?.()).rejects.toThrow("two instances are called eu");
  });

  test("leaves out a choice that only moves another one to its place", async () => {
    // Seed by seed: fast-check alone ends at a lost request and a lost response now and then.
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { failure } = await exploreClient({ ...options, seed });
      expect(failure?.choices).toHaveLength(1);
    }
  }, 60_000);

  test("is replayed from its choices alone", async () => {
    const { failure } = await exploreClient(options);
    const choices = failure?.choices ?? [];
    await expect(replayClient({ ...options, choices })).rejects.toThrow("creates nothing twice");
    await expect(replayClient({ ...options, choices: [] })).resolves.toMatchObject({
      effective: [],
    });
  });

  test("meets every kind of choice", async () => {
    const { met } = await exploreClient({
      client: subject.mended,
      setup: subject.setup,
      promises: [],
      runs: 400,
    });
    expect(Object.keys(met).sort()).toEqual([...serviceChoiceKinds].sort());
  }, 60_000);

  test("makes only the choices that it may", async () => {
    const allow: readonly ServiceChoiceKind[] = ["unavailable"];
    const { met, failure } = await exploreClient({ ...options, allow, runs: 60 });
    expect(Object.keys(met)).toEqual(["unavailable"]);
    expect(failure).toBeUndefined();
  });

  test("ends a client that never ends, and one that waits for something else", async () => {
    const hung = await exploreClient({
      client: async ({ sleep }) => {
        for (;;) await sleep(1_000);
      },
      promises: [],
      runs: 5,
    });
    expect(hung.failure).toMatchObject({ promise: "terminates", choices: [] });
    const elsewhere = await exploreClient({
      client: () => new Promise(() => undefined),
      promises: [],
      runs: 5,
    });
    expect(elsewhere.failure?.promise).toBe("terminates");
  });

  test("refuses options that are not known, and says which are", async () => {
    await expect(exploreClient({ ...options, run: 3 } as never)).rejects.toThrow(/run.*runs/);
    await expect(exploreClient({ ...options, allow: ["sabotage"] } as never)).rejects.toThrow(
      "unavailable",
    );
    await expect(exploreClient({ promises: [createsNothingTwice()] } as never)).rejects.toThrow(
      "client",
    );
  });
});

describe("a choice", () => {
  const headers = { "x-auth-token": "t", "content-type": "application/json" };
  const body = JSON.stringify({
    instance: { name: "orders", flavorRef: "2", volume: { size: 10 } },
  });
  /** Creates an instance and lists all of them again and again, 10 s apart. */
  const run = (...choices: readonly ServiceChoice[]) =>
    replayClient({
      client: async ({ fetch, baseUrl, sleep }) => {
        const answers: string[] = [];
        const send = async (init: RequestInit = {}) => {
          const answer = await fetch(`${baseUrl}/instances`, { headers, ...init }).catch(
            () => null,
          );
          answers.push(
            answer === null ? "none" : `${String(answer.status)} ${await answer.text()}`,
          );
        };
        await send({ method: "POST", body });
        for (let round = 0; round < 6; round++) {
          await send();
          await sleep(10_000);
        }
        return answers;
      },
      promises: [],
      choices,
    });

  test("of a 503 after the effect carries the request out", async () => {
    const { sim, result, effective } = await run({ kind: "unavailableAfter", request: 0 });
    expect(result?.[0]).toMatch(/^503 .*serviceUnavailable/);
    expect(sim.instances()).toHaveLength(1);
    expect(effective).toHaveLength(1);
    const { sim: untouched } = await run({ kind: "unavailable", request: 0 });
    expect(untouched.instances()).toHaveLength(0);
  });

  test("of a rate limit lasts until Retry-After is over, for one method", async () => {
    const limited = { kind: "rateLimited", request: 1, retryAfterS: 15 } as const;
    const { requests, result } = await run(limited);
    const statuses = (result ?? []).map((answer) => answer.slice(0, 3));
    expect(statuses).toEqual(["200", "413", "413", "200", "200", "200", "200"]);
    expect(requests.map(({ retryAfterMs }) => retryAfterMs).slice(0, 4)).toEqual([
      ...[null, 15_000, 5_000, null],
    ]);
  });

  test("of a stuck task leaves an instance in BUILD", async () => {
    const { result } = await run({ kind: "stuckTask", request: 0 });
    expect(result?.at(-1)).toContain('"BUILD"');
    expect((await run()).result?.at(-1)).toContain('"ACTIVE"');
  });

  test("of slow operations slows down those that begin in its time alone", async () => {
    const slow = { kind: "slowTasks", request: 0, factor: 20, durationMs: 1 } as const;
    expect((await run(slow)).result?.at(-1)).toContain('"BUILD"');
    expect((await run({ ...slow, request: 1 })).result?.at(-1)).toContain('"ACTIVE"');
  });

  test("of other ids changes them, and of an unknown status shows it everywhere", async () => {
    const ids = async (...choices: readonly ServiceChoice[]) =>
      (await run(...choices)).sim.instances().map(({ id }) => id);
    expect(await ids({ kind: "otherIds", seed: 9 })).not.toEqual(await ids());
    const { result } = await run({ kind: "unknownStatus", read: 0 });
    expect(result?.[1]).toContain('"status":"UPGRADING"');
    expect(result?.[2]).toContain('"status":"BUILD"');
  });
});

test("a promise about Retry-After is broken by a request that comes too early", async () => {
  const client = (waitMs: number) => ({
    client: async ({ fetch, baseUrl, sleep }: ClientContext<undefined>) => {
      const send = () => fetch(`${baseUrl}/instances`, { headers: { "x-auth-token": "t" } });
      const answer = await send();
      if (answer.status === 413) await sleep(waitMs);
      await send();
    },
    promises: [honoursRetryAfter()],
    choices: [{ kind: "rateLimited", request: 0, retryAfterS: 20 } as const],
  });
  await expect(replayClient(client(20_000))).resolves.toBeDefined();
  await expect(replayClient(client(19_999))).rejects.toThrow("came 19999 ms after request 0");
});
