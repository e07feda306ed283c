import type { ScenarioInput } from "replication-simulator/scenario";
import { estimateRare, type RareOptions } from "replication-simulator/whatif";
import { describe, expect, test, vi } from "vitest";
import { exactModels } from "./models.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

const columns = ["value", "departures", "hits", "direct", "steps", "forks"] as const;

/** Every column of the roots, and how they were computed. */
async function rootsOf(scenario: ScenarioInput, options: RareOptions) {
  const { results, engine, setup } = await estimateRare(scenario, { until: null, ...options });
  const values = Object.fromEntries(
    columns.map((name) => [name, [...(results?.column("as it is", name).values ?? [])]]),
  );
  return { values, engine: engine.engine, scaleMs: setup.scaleMs, factors: setup.factors };
}

const pair: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.4 },
  topology: { orders: { kind: "group", replicas: 1, volumeGb: 4 } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders.any",
      every: { weibull: "4d", shape: 0.7 },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
  horizon: "60d",
  expect: { event: { never: "noCopy", of: "orders" } },
};

const share = (measure: "writesDown" | "degraded" | "failovers", above: string | number) => ({
  measures: { seen: { measure, of: "orders", ...(measure === "degraded" ? { copies: 1 } : {}) } },
  expect: { event: { share: "seen", above, atMost: "1 %" } },
});

const crash = { fault: "crash", timeToRepair: { exponential: "30m" } } as const;

interface Variant {
  readonly name: string;
  readonly scenario: ScenarioInput;
  readonly options?: RareOptions;
}

/** What decides an event, what runs, and how it is led there. */
const variants: readonly Variant[] = [
  { name: "a group that rebuilds members of some size", scenario: pair },
  {
    name: "an interruption that lasts",
    scenario: { ...pair, expect: { event: { never: "writesDown", of: "orders", for: "2h" } } },
  },
  {
    name: "time without writes, after a warm-up",
    scenario: { ...pair, ...share("writesDown", "150m"), warmUp: "5d" },
  },
  { name: "time with one copy", scenario: { ...pair, ...share("degraded", "9h") } },
  { name: "many failovers", scenario: { ...pair, ...share("failovers", 12) } },
  {
    name: "RESTART, with factors from the pilot",
    scenario: pair,
    options: { method: "restart" },
  },
  {
    name: "a level of conditions",
    scenario: pair,
    options: { level: [{ condition: "degraded", of: "orders", copies: 1 }] },
  },
  {
    name: "another law for each process",
    scenario: {
      ...pair,
      topology: { orders: { kind: "set", replicas: 2 } },
      random: {
        worn: { ...crash, of: "orders.1", every: { weibull: "20d", shape: 2 } },
        uneven: { ...crash, of: "orders.2", every: { lognormal: "9d", sigma: 1 } },
        even: { ...crash, of: "orders.3", every: { from: "2d", to: "9d" } },
        hangs: { ...crash, fault: "hang", of: "orders.any", every: { exponential: "5d" } },
      },
    },
  },
  {
    name: "one of several things",
    scenario: {
      ...pair,
      topology: { users: { kind: "set", replicas: 1 }, orders: { kind: "set", replicas: 1 } },
      random: {
        crashes: { ...crash, of: "orders", every: { exponential: "10d" } },
        others: { ...crash, of: "users", every: { exponential: "2d" } },
      },
    },
  },
];

describe("roots from tables are those of the simulator, value by value", () => {
  test.each<Variant>([...exactModels, ...variants])("$name", async ({ scenario, options = {} }) => {
    const roots = 12;
    const requested = { ...options, roots };
    const compiled = await rootsOf(scenario, { ...requested, engine: "compiled" });
    const simulated = await rootsOf(scenario, { ...requested, engine: "simulator" });
    expect(compiled.engine).toBe("compiled");
    expect(simulated.engine).toBe("simulator");
    expect({ ...compiled, engine: "" }).toEqual({ ...simulated, engine: "" });
    expect(compiled.values["forks"]?.some((forks) => forks > 0)).toBe(true);
  });

  test.each<Variant>(variants)("the event happens: $name", async ({ scenario, options = {} }) => {
    const { values } = await rootsOf(scenario, { ...options, roots: 60 });
    expect(values["hits"]?.some((hits) => hits > 0)).toBe(true);
  });
});
