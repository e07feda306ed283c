import { InvalidInputError } from "replication-simulator";
import { estimateRare, type RarePlan } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../../src/scenario/format/scenario.js";

/* A value that a plan cannot have would bias an estimate or let it run without an end. */

const question: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { exponential: "5d" },
      timeToRepair: "1h",
    },
  },
  horizon: "30d",
  expect: { up: { never: "noCopy", of: "orders", for: "30m" } },
};

describe("a plan of an estimate", () => {
  test.each<[field: string, plan: object]>([
    ["copies", { copies: 1.5 }],
    ["copies", { copies: 0 }],
    ["scaleMs", { scaleMs: -5 }],
    ["scaleMs", { scaleMs: Infinity }],
    ["shape", { shape: -1 }],
    ["shape", { shape: 0 }],
    ["factors", { factors: [2, 1.5] }],
    ["factors", { factors: [0] }],
    ["until", { until: -1 }],
    ["until", { until: "all" }],
    ["level", { level: "copy" }],
    ["level", { level: [] }],
    ["level[0].of", { level: [{ condition: "degraded", of: "order" }] }],
    ["level[0].limit", { level: [{ condition: "lagAbove", of: "orders" }] }],
    ["level[0].condition", { level: [{ condition: "degrade", of: "orders" }] }],
    ["roots", { roots: 0 }],
    ["shardSize", { shardSize: 0.5 }],
    ["firstSeed", { firstSeed: -1 }],
  ])("refuses %s of %j", async (field, plan) => {
    await expect(estimateRare(question, plan)).rejects.toSatisfy(
      (error) => error instanceof InvalidInputError && error.issues[0]?.field === field,
    );
  });

  test.each<[plan: object, word: string]>([
    [{ method: "restrat" }, "restart"],
    [{ engine: "compile" }, "compiled"],
    [{ level: "copis" }, "copies"],
    [{ event: "upp" }, "up"],
  ])("names the word that is nearest to %j", async (plan, word) => {
    await expect(estimateRare(question, plan as RarePlan)).rejects.toThrow(`did you mean ${word}?`);
  });

  test("takes the least values that there are", async () => {
    const plan = { roots: 2, copies: 1, scaleMs: 1, shape: 0.1, until: null, firstSeed: 1 };
    expect((await estimateRare(question, plan)).setup).toMatchObject({ copies: 1, scaleMs: 1 });
    const split = { roots: 2, method: "restart", factors: [1] } as const;
    expect((await estimateRare(question, split)).setup.factors).toEqual([1]);
  });
});
