import type { ScenarioInput } from "replication-simulator/scenario";
import { estimateRare, type RareOptions } from "replication-simulator/whatif";
import { expect, test, vi } from "vitest";
import { group } from "./models.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

/** Acknowledged data of an HA group under load is lost, with repairs that are sometimes very long. */
const dataLost: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2, writes: { perSecond: 200 } } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders.any",
      every: { exponential: "30d" },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
  horizon: "365d",
  measures: { lost: { measure: "lostTransactions", of: "orders" } },
  expect: { "data lost": { share: "lost", above: 0, atMost: "1 %" } },
};

interface Work {
  readonly mean: number;
  readonly variance: number;
  /** Events and forks of a root. */
  readonly events: number;
}

async function workOf(scenario: ScenarioInput, options: RareOptions): Promise<Work> {
  const { results } = await estimateRare(scenario, { until: null, ...options });
  const column = (name: string): readonly number[] => [
    ...(results?.column("as it is", name).values ?? []),
  ];
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const values = column("value");
  const middle = mean(values);
  return {
    mean: middle,
    variance: mean(values.map((value) => (value - middle) ** 2)),
    events: mean(column("steps")) + mean(column("forks")),
  };
}

/** How much more work plain futures would take for the same standard error. */
async function gainOf(scenario: ScenarioInput, roots: number): Promise<number> {
  const forced = await workOf(scenario, { roots });
  // Paths that nothing splits are plain futures.
  const plain = await workOf(scenario, { roots: 10, method: "restart", factors: [] });
  return (forced.mean * plain.events) / (forced.variance * forced.events);
}

test("the gain over plain futures is at least 1,000 for an HA group at 5e-7", async () => {
  expect(await gainOf(group("30d"), 60)).toBeGreaterThan(1000);
});

test("the gain is at least 100 for acknowledged data that is lost, with lognormal repairs", async () => {
  expect(await gainOf(dataLost, 60)).toBeGreaterThan(100);
});
