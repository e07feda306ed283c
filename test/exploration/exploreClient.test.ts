import {
  assertExplored,
  createsNothingTwice,
  exploreClient,
  replayClient,
  type ServiceChoiceKind,
  serviceChoiceKinds,
} from "replication-simulator/exploration";
import { describe, expect, test } from "vitest";
import { subjects } from "./clients.js";

/*
 * Clients with known mistakes are caught and the shrunk choices are few; the mended versions pass. EXPLORE_RUNS=10000
 * runs the mended ones as long as one likes.
 */

const runs = Number(process.env["EXPLORE_RUNS"] ?? 150);
const patience = runs > 1000 ? 3_600_000 : 120_000;

describe.each(Object.entries(subjects))("a client that %s", (_, subject) => {
  const { mistaken, mended, setup, promises } = subject;

  test(
    "is caught within 2,000 runs, by at most 6 choices",
    async () => {
      const { failure, runs: needed } = await exploreClient({
        client: mistaken,
        setup,
        promises,
        runs: 2_000,
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
      const { failure } = await exploreClient({ client: mended, setup, promises, runs, maxSteps });
      expect([failure?.message, failure?.choices, failure?.diagram].join("\n")).toBe("\n\n");
    },
    patience,
  );
});

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
    expect(failure?.choices).toMatchObject([{ kind: "lostResponse" }]);
    expect(failure?.diagram).toContain("network error (but it was carried out)");
    expect(failure?.test).toContain("replayClient");
    expect(failure?.scenario).toMatchObject({ scenario: 1 });
    await expect(assertExplored(options)).rejects.toThrow(/creates nothing twice.*eu/s);
  });

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
