import type { ScenarioInput } from "replication-simulator/scenario";
import { estimateRare, type RareAnswer, type RareOptions } from "replication-simulator/whatif";
import { describe, expect, test, vi } from "vitest";
import { rareFigure } from "../../../src/whatif/rare/rareFigure.js";
import { exactOf, group } from "./models.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

/** Columns of roots that left health once each. */
const columns = (values: readonly number[], direct = 0) => ({
  values,
  departures: values.map(() => 1),
  hits: values.map((value) => (value > 0 ? 1 : 0)),
  direct: values.map((_, at) => (at < direct ? 1 : 0)),
});

/** `count` roots, of which `notZero` have values from 1 to 2 in a million, and one that is larger. */
const roots = (count: number, notZero: number, largest = 1e-6): number[] =>
  Array.from({ length: count }, (_, at) =>
    at === 0 ? largest : at < notZero ? (1 + (at % 10) / 10) * 1e-6 : 0,
  );

describe("an interval needs", () => {
  const guardsOf = (values: readonly number[], direct = 0): readonly string[] => {
    const figure = rareFigure(columns(values, direct), "forced");
    return figure.kind === "estimate" ? [] : figure.reasons.map(({ guard }) => guard);
  };

  test("100 roots", () => {
    expect(guardsOf(roots(99, 50))).toEqual(["roots"]);
    expect(guardsOf(roots(100, 50))).toEqual([]);
  });

  test("20 roots that are not zero", () => {
    expect(guardsOf(roots(200, 19))).toEqual(["notZero"]);
    expect(guardsOf(roots(200, 20))).toEqual([]);
    expect(guardsOf(roots(200, 0, 0))).toEqual(["notZero"]);
  });

  test("no root with more than 10 % of the sum", () => {
    const rest = roots(100, 100, 0).reduce((sum, value) => sum + value, 0);
    expect(guardsOf(roots(100, 100, rest * 0.112))).toEqual(["largestShare"]);
    expect(guardsOf(roots(100, 100, rest * 0.11))).toEqual([]);
  });

  test("hits that came after a departure from health", () => {
    expect(guardsOf(roots(100, 40), 21)).toEqual(["direct"]);
    expect(guardsOf(roots(100, 40), 20)).toEqual([]);
    const none = { ...columns(roots(100, 0, 0)), departures: [0] };
    expect(rareFigure(none, "forced")).toMatchObject({
      kind: "shortfall",
      reasons: [{ guard: "departures", found: 0, bound: 1 }],
    });
  });

  test("and what falls short is said all at once, with what to do", () => {
    const figure = rareFigure(columns(roots(50, 5, 1)), "forced");
    if (figure.kind !== "shortfall") throw new Error("this falls short");
    expect(figure.reasons.map(({ guard }) => guard)).toEqual(["roots", "notZero", "largestShare"]);
    for (const { advice } of figure.reasons) expect(advice).toMatch(/--roots/);
    expect(figure).not.toHaveProperty("probability");
  });

  test("and a bound of 0 to 1", () => {
    const figure = rareFigure(columns(roots(100, 20, 3e-6)), "forced");
    if (figure.kind !== "estimate") throw new Error("this is enough");
    expect(figure.interval.low).toBeGreaterThanOrEqual(0);
    expect(figure.interval.low).toBeLessThan(figure.probability);
    expect(figure.interval.high).toBeGreaterThan(figure.probability);
  });
});

/** Links that are cut, each for 20 minutes on average: copies stay where they are, and fall behind. */
const cuts: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1, writes: { perSecond: 100 } } },
  random: {
    cuts: {
      fault: "cutLink",
      of: "orders.replicas",
      every: { exponential: "1d" },
      timeToRepair: { exponential: "20m" },
    },
  },
  horizon: "10d",
  expect: { "far behind": { never: "lagAbove", of: "orders", limit: "3h 20m" } },
};

const estimate = (input: ScenarioInput, options: RareOptions): Promise<RareAnswer> =>
  estimateRare(input, { until: null, ...options });

describe("what a method cannot estimate is reported, not estimated", () => {
  test("an event without a loss of copies has no departures: it asks for a level", async () => {
    const { figure, results } = await estimate(cuts, { roots: 100 });
    expect(results).toBeNull();
    if (figure.kind !== "shortfall") throw new Error("no copy is lost");
    expect(figure.reasons).toMatchObject([{ guard: "departures", found: 0 }]);
    expect(figure.reasons[0]?.advice).toMatch(/--level/);
  });

  test("with levels RESTART has the closed form of such an event", async () => {
    const lag = (limit: number) => ({ condition: "lagAbove", of: "orders", limit }) as const;
    const minute = 60_000;
    const { figure } = await estimate(cuts, {
      roots: 150,
      method: "restart",
      level: [10, 40, 80, 120, 160].map((minutes) => lag(minutes * minute)),
      factors: [2, 5, 7, 7, 7],
    });
    if (figure.kind !== "estimate") throw new Error(JSON.stringify(figure));
    // Cuts come each day and 20 minutes, and each lasts so long with a probability of e^-10.
    const closed = 1 - Math.exp((-10 / (1 + 20 / 1440)) * Math.exp(-10));
    const error = (figure.interval.high - figure.interval.low) / 2 / 1.96;
    expect(Math.abs(figure.probability - closed) / error).toBeLessThan(3.5);
    expect(error / closed).toBeLessThan(0.3);
  });

  test("a long repair, which more failures do not bring about", async () => {
    const { figure } = await estimate(
      {
        scenario: 1,
        topology: { orders: { kind: "instance" } },
        random: {
          crashes: {
            fault: "crash",
            of: "orders",
            every: { exponential: "5d" },
            timeToRepair: { exponential: "20m" },
          },
        },
        horizon: "30d",
        expect: { "half a day": { never: "writesDown", of: "orders", for: "6h" } },
      },
      { roots: 120 },
    );
    if (figure.kind !== "shortfall") throw new Error("e^-18 is not found by 3,000 copies");
    expect(figure.departures).toBeGreaterThan(400);
    expect(figure.reasons.map(({ guard }) => guard)).toEqual(["notZero"]);
    expect(figure.reasons[0]?.advice).toMatch(/--method restart/);
  });

  test("a scale that is wrong by ten thousand: few roots carry the sum", async () => {
    const { figure } = await estimate(group("60d", "120d"), { roots: 150, scaleMs: 60 });
    if (figure.kind !== "shortfall") throw new Error(JSON.stringify(figure));
    expect(figure.reasons.map(({ guard }) => guard)).toContain("largestShare");
  });

  test("RESTART whose last step is rare, without factors for it", async () => {
    const { figure } = await estimate(group("60d", "60d"), {
      roots: 120,
      method: "restart",
      factors: [3, 3],
    });
    expect(figure.kind).toBe("shortfall");
  });
});

test("RESTART agrees with the exact chain and with forced excursions", async () => {
  const scenario: ScenarioInput = {
    ...group("10d", "30d"),
    topology: { orders: { kind: "group", replicas: 1 } },
  };
  const sample = async (options: RareOptions): Promise<{ mean: number; error: number }> => {
    const { results } = await estimate(scenario, options);
    const values = [...(results?.column("as it is", "value").values ?? [])];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
  };
  const forced = await sample({ roots: 100 });
  const split = await sample({ roots: 60, method: "restart", factors: [40] });
  const exact = exactOf(scenario);
  expect(Math.abs(forced.mean - exact) / forced.error).toBeLessThan(3.5);
  expect(Math.abs(split.mean - exact) / split.error).toBeLessThan(3.5);
  expect(Math.abs(split.mean - forced.mean)).toBeLessThan(
    3.5 * Math.hypot(split.error, forced.error),
  );
});
