import { describe, expect, test, vi } from "vitest";
import type { Comparison } from "../../src/statistics/comparison.js";
import { elasticity } from "../../src/statistics/elasticity.js";
import { dataScenario } from "../../src/whatif/dataScenario.js";
import { compareDesigns } from "../../src/whatif/ensemble/figures.js";
import { prepareEnsemble } from "../../src/whatif/ensemble/prepareEnsemble.js";
import { runEnsemble } from "../../src/whatif/ensemble/runEnsemble.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

/** An HA group for a month. Repairs are short, so that hardly ever two members are down at once. */
const month = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2, writes: { perSecond: 200 } } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders.all",
      every: { exponential: "9d" },
      timeToRepair: { lognormal: "2m", sigma: 1 },
    },
  },
  horizon: "30d",
  measures: {
    down: { measure: "writesDown", of: "orders" },
    failovers: { measure: "failovers", of: "orders" },
  },
} as const;

/** One process that picks a member each time, and repairs that outlast every failover. */
const population = {
  random: {
    crashes: {
      fault: "crash",
      of: "orders.any",
      every: { exponential: "3d" },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
};

async function run(
  designs: Readonly<Record<string, object>>,
  futures: number,
  change: object = {},
) {
  const data = { ...month, ...change, designs } as unknown as Parameters<typeof dataScenario>[0];
  const prepared = await prepareEnsemble({ scenario: { data: null }, futures }, () =>
    dataScenario(data),
  );
  return (await runEnsemble(prepared)).results;
}

async function compared(patch: object, measure = "down", change: object = {}): Promise<Comparison> {
  const results = await run({ other: patch }, 400, change);
  const [baseline = ""] = results.spec.designs;
  return compareDesigns(results, { baseline, design: "other", measure });
}

const gain = ({ ratio }: Comparison): number =>
  ratio?.gain === "infinite" ? Infinity : (ratio?.gain ?? 0);

describe("common random numbers gain at least", () => {
  test("30 in the ratio where detection takes 69 s instead of 9", async () => {
    const comparison = await compared(
      { world: { latency: { detectFailure: "69s" } } },
      "down",
      population,
    );
    expect(gain(comparison)).toBeGreaterThanOrEqual(30);
    expect(comparison.ratio?.value).toBeCloseTo(4, 1);
    expect(Number(comparison.difference.gain)).toBeLessThan(4);
  });

  // After two failovers the designs have other members, whose failures are their own: the fewer failures a future has,
  // the more it shares.
  test.each([
    ["down", "30d", 5],
    ["failovers", "30d", 5],
    ["down", "9d", 2.5],
    ["failovers", "9d", 2.5],
  ] as const)(
    "as much in the ratio of %s where a group has one replica instead of two, each failing every %s: %d",
    async (measure, mtbf, least) => {
      const { crashes } = month.random;
      const random = { crashes: { ...crashes, every: { exponential: mtbf } } };
      const other = { topology: { orders: { replicas: 1 } } };
      const measured = gain(await compared(other, measure, { random }));
      expect(measured).toBeGreaterThanOrEqual(least);
    },
  );

  test("everything where a plain set has one replica more, whose failures are its own", async () => {
    const set = { topology: { orders: { kind: "set", replicas: 2, writes: { perSecond: 200 } } } };
    const comparison = await compared({ topology: { orders: { replicas: 1 } } }, "down", set);
    expect({ gain: gain(comparison), differing: comparison.differing }).toEqual({
      gain: Infinity,
      differing: 0,
    });
  });
});

describe("elasticities of the time down", () => {
  const crashesEvery = (ms: number) => ({ random: { crashes: { every: { exponential: ms } } } });
  const day = 86_400_000;
  const parameters = {
    detection: [
      { world: { latency: { detectFailure: 7500 } } },
      { world: { latency: { detectFailure: 10_800 } } },
    ],
    promotion: [
      { world: { latency: { failover: 9167 } } },
      { world: { latency: { failover: 13_200 } } },
    ],
    failures: [crashesEvery(2.5 * day), crashesEvery(3.6 * day)],
  };

  test("are the parts that detection and promotion have in it, and -1 for the time between failures", async () => {
    const designs = Object.fromEntries(
      Object.entries(parameters).flatMap(([name, [down = {}, up = {}]]) => [
        [`${name} down`, down],
        [`${name} up`, up],
      ]),
    );
    const results = await run(designs, 300, population);
    const of = (name: string) =>
      elasticity(
        results.column(`${name} down`, "down").values,
        results.column(`${name} up`, "down").values,
        1.44,
        0.99,
      );
    for (const [name, truth] of Object.entries({
      detection: 9 / 20,
      promotion: 11 / 20,
      failures: -1,
    })) {
      const { value, interval } = of(name);
      expect({
        name,
        low: (interval?.low ?? Infinity) <= truth,
        high: (interval?.high ?? -Infinity) >= truth,
        value,
      }).toEqual({
        name,
        low: true,
        high: true,
        value,
      });
      expect((interval?.high ?? Infinity) - (interval?.low ?? -Infinity)).toBeLessThan(
        name === "failures" ? 0.4 : 0.05,
      );
    }
  });
});
