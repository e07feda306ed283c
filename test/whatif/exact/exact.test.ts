import { InvalidInputError } from "replication-simulator";
import {
  baseDesign,
  scenario as readScenario,
  type ScenarioInput,
} from "replication-simulator/scenario";
import {
  exploreScenario,
  maxSolvedStates,
  solveScenario,
  wayTo,
  whatIf,
} from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { distributionAfter, stationaryDistribution } from "../../../src/statistics/markovChain.js";

const hour = 3_600_000;
const day = 24 * hour;

const crashes = (of: string, every = "10d", repaired = "2h") => ({
  crashes: {
    fault: "crash" as const,
    of,
    every: { exponential: every },
    timeToRepair: { exponential: repaired },
  },
});

const single: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "instance" } },
  random: crashes("orders"),
  horizon: "30d",
  expect: { up: { never: "writesDown", of: "orders" } },
};

const pair: ScenarioInput = {
  ...single,
  topology: { orders: { kind: "set", replicas: 1 } },
  expect: {
    up: { never: "writesDown", of: "orders" },
    "a copy": { never: "noCopy", of: "orders" },
  },
};

const group: ScenarioInput = {
  scenario: 1,
  world: {
    latency: {
      detectFailure: { exponential: "9s" },
      failover: { exponential: "11s" },
      buildReplica: { exponential: "74s" },
      startMemberBuild: { exponential: "1s" },
      leaveGroup: { exponential: "1s" },
      build: { exponential: "35s" },
      delete: { exponential: "10s" },
    },
  },
  topology: { orders: { kind: "group", replicas: 2 } },
  random: crashes("orders.any", "10d", "20m"),
  horizon: "365d",
  expect: { "a copy": { never: "noCopy", of: "orders" } },
};

const figure = (input: ScenarioInput, name: string) => {
  const found = solveScenario(readScenario(input)).figures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is watched`);
  return found;
};

describe("a chain", () => {
  test("of two states has the closed form at every time", () => {
    const [fail, repair] = [1 / hour, 1 / 60_000];
    const rates = [
      [0, fail],
      [repair, 0],
    ];
    for (const time of [1, 1000, hour, 365 * day]) {
      const down = (fail / (fail + repair)) * -Math.expm1(-(fail + repair) * time);
      const [, solved = 0] = distributionAfter(rates, time);
      expect(Math.abs(solved / down - 1)).toBeLessThan(1e-9);
    }
    const [, share = 0] = stationaryDistribution(rates) ?? [];
    expect(Math.abs(share / (fail / (fail + repair)) - 1)).toBeLessThan(1e-12);
  });

  test("keeps the digits of a probability of 1e-15", () => {
    // Three steps, each of which hardly ever comes: rate^3 time^3 / 6.
    const rates = [
      [0, 1e-6, 0, 0],
      [0, 0, 1e-6, 0],
      [0, 0, 0, 1e-6],
      [0, 0, 0, 0],
    ];
    const [, , , last = 0] = distributionAfter(rates, 18.17);
    const x = 18.17e-6;
    const closed = (x ** 3 / 6) * (1 - (3 * x) / 4);
    expect(Math.abs(last / closed - 1)).toBeLessThan(1e-9);
    expect(stationaryDistribution(rates)).toBeUndefined();
  });

  test("stays where nothing happens", () => {
    expect(
      distributionAfter(
        [
          [0, 0],
          [1, 0],
        ],
        day,
      ),
    ).toEqual([1, 0]);
  });
});

describe("an exact answer", () => {
  test("is the closed form of one instance", () => {
    const { probability, longRunShare } = figure(single, "up");
    expect(probability).toBeCloseTo(1 - Math.exp(-3), 9);
    expect(longRunShare).toBeCloseTo(2 / 242, 12);
  });

  test("is that of two which fail apart from each other", () => {
    const { longRunShare } = figure(pair, "a copy");
    expect(longRunShare).toBeCloseTo((2 / 242) ** 2, 12);
    expect(figure(pair, "up").longRunShare).toBeCloseTo(2 / 242, 12);
  });

  test("is near what the design's prototype found for a group of three", () => {
    const { states } = solveScenario(readScenario(group));
    const { probability } = figure(group, "a copy");
    expect(states).toBeGreaterThan(15);
    expect(states).toBeLessThan(60);
    expect(probability).toBeGreaterThan(5e-6);
    expect(probability).toBeLessThan(5e-5);
  });

  test.each([
    ["a pair", { ...pair, horizon: "15d", random: crashes("orders", "3d", "6h") }, "a copy"],
    ["a group", { ...group, horizon: "3d", random: crashes("orders.any", "2h", "20m") }, "a copy"],
  ] as const)("lies in the interval of sampled futures: %s", async (_, input, name) => {
    const { probability } = figure(input, name);
    const futures = 300;
    const answer = await whatIf(input).run({ futures });
    const column = answer.results.column(baseDesign, `broken: ${name}`);
    const share = column.values.reduce((sum, value) => sum + value, 0) / futures;
    expect(probability).toBeGreaterThan(0.005);
    expect(probability).toBeLessThan(0.995);
    // Three and a half standard errors; the seeds are fixed.
    const error = Math.sqrt((probability * (1 - probability)) / futures);
    expect(Math.abs(share - probability)).toBeLessThan(3.5 * error);
  });

  test("is expected of measures: time without writes and interruptions, from a healthy beginning", () => {
    const measures = {
      down: { measure: "writesDown", of: "orders" },
      times: { measure: "interruptions", of: "orders" },
      affected: { measure: "faults", of: "orders" },
    } as const;
    const solve = (warmUp: string) =>
      solveScenario(readScenario({ ...single, measures, warmUp })).measures;
    const [fail, repair, month] = [1 / (10 * day), 1 / (2 * hour), 30 * day];
    const share = fail / (fail + repair);
    /** The integral of the probability of being down, in closed form. */
    const downUntil = (time: number): number =>
      share * (time + Math.expm1(-(fail + repair) * time) / (fail + repair));
    const [down, times, affected] = solve("0s");
    expect((down?.expected ?? 0) / downUntil(month)).toBeCloseTo(1, 9);
    expect((down?.longRun ?? 0) / (share * month)).toBeCloseTo(1, 9);
    const failures = fail * (month - downUntil(month));
    expect(times?.expected).toBeCloseTo(failures, 9);
    expect(affected?.expected).toBeCloseTo(failures, 9);
    const [later] = solve("1h");
    expect((later?.expected ?? 0) / (downUntil(month) - downUntil(hour))).toBeCloseTo(1, 9);
  });

  test("of a measure lies in the interval of sampled futures: a group", async () => {
    const input: ScenarioInput = {
      ...group,
      horizon: "10d",
      random: crashes("orders.any", "12h", "20m"),
      measures: {
        down: { measure: "writesDown", of: "orders" },
        failovers: { measure: "failovers", of: "orders" },
        hours: { measure: "instanceHours" },
      },
    };
    const { measures } = solveScenario(readScenario(input));
    expect(measures.map(({ name }) => name)).toEqual(["down", "failovers"]);
    const answer = await whatIf(input).run({ futures: 4000 });
    for (const { name, expected } of measures) {
      const figures = answer.figures(name);
      if (figures.kind !== "number") throw new Error(`${name} is a number`);
      const { low, high } = figures.mean.interval ?? { low: 0, high: 0 };
      const width = (high ?? 0) - (low ?? 0);
      expect(Math.abs(figures.mean.value - expected), name).toBeLessThan(0.9 * width);
    }
  });

  test("is refused for other durations, with what to write", () => {
    const { world: _, ...documented } = group;
    expect(() => solveScenario(readScenario(documented))).toThrow(/exponential/);
    expect(maxSolvedStates).toBe(300);
  });
});

describe("reachable states", () => {
  test("name the shortest way to what must never hold", () => {
    const space = exploreScenario(readScenario(pair));
    const at = space.states.findIndex(({ holds }) => holds.has("a copy"));
    expect(wayTo(space, at)).toHaveLength(2);
    expect(wayTo(space, at).every((event) => event.startsWith("crash of orders."))).toBe(true);
    expect(wayTo(space, 0)).toEqual([]);
  });

  test("are found whatever the durations are, and not beyond the faults that are allowed", () => {
    const { world: _, ...documented } = group;
    const input = readScenario(documented);
    const depthOf = (maxFaults: number): boolean =>
      exploreScenario(input, { maxFaults }).states.some(({ holds }) => holds.has("a copy"));
    expect(depthOf(2)).toBe(false);
    expect(depthOf(3)).toBe(true);
  });

  test.each([
    [
      "several things",
      { ...pair, topology: { orders: { kind: "set" }, others: { kind: "instance" } } },
    ],
    ["no faults", { ...pair, random: {} }],
    ["moves of time", { ...pair, steps: [{ at: "1h", do: "settle" }] }],
  ] as const)("refuse %s", (_, input) => {
    expect(() => exploreScenario(readScenario(input as ScenarioInput))).toThrow(InvalidInputError);
  });

  test("are refused above the bound", () => {
    expect(() => exploreScenario(readScenario(group), { maxStates: 5 })).toThrow(/maxStates/);
  });
});
