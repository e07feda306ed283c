import type { Distribution } from "replication-simulator";
import { describe, expect, test, vi } from "vitest";
import { distributionAfter } from "../../../src/statistics/markovChain.js";
import { forcedRoot } from "../../../src/whatif/rare/forcedExcursions.js";
import { factorsFrom, runPilot } from "../../../src/whatif/rare/pilot.js";
import { rareFigure } from "../../../src/whatif/rare/rareFigure.js";
import type { RootOutcome } from "../../../src/whatif/rare/rareWorld.js";
import { RestartOverflow, restartRoot } from "../../../src/whatif/rare/restart.js";
import { type Toy, ToyWorld } from "./toyWorld.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

const minute = 60_000;
const day = 24 * 60 * minute;
const repair: Distribution = { kind: "exponential", meanMs: 20 * minute };

const exponential = (meanMs: number): Distribution => ({ kind: "exponential", meanMs });

/** P(all of the event's number down within the horizon), of components with exponential times, each by itself. */
function exact({ components, law, horizonMs, event, together = 1 }: Toy): number {
  if (typeof law === "number" || !("kind" in law) || law.kind !== "exponential") throw new Error();
  const rates = Array.from({ length: event + 1 }, (_, down) =>
    Array.from({ length: event + 1 }, (__, to) => {
      if (down === event) return 0;
      if (to === down - 1) return down / (20 * minute);
      return to === Math.min(event, down + together) ? (components - down) / law.meanMs : 0;
    }),
  );
  return distributionAfter(rates, horizonMs)[event] ?? 0;
}

interface Sample {
  readonly mean: number;
  readonly error: number;
  readonly roots: readonly RootOutcome[];
}

function sample(count: number, root: (seed: string) => RootOutcome): Sample {
  const roots = Array.from({ length: count }, (_, seed) => root(`root ${String(seed)}`));
  const mean = roots.reduce((sum, { value }) => sum + value, 0) / count;
  const squares = roots.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (count - 1) / count), roots };
}

const forced = (toy: Toy, count: number, scaleMs = 20 * minute, shape = 1): Sample =>
  sample(count, (seed) => forcedRoot(new ToyWorld(toy, seed), { seed, copies: 4, scaleMs, shape }));

const split = (toy: Toy, count: number, factors: readonly number[]): Sample =>
  sample(count, (seed) => restartRoot(new ToyWorld(toy, seed), { seed, factors }));

/** Plain futures. */
const plain = (toy: Toy, count: number): Sample => split(toy, count, []);

const expectNear = ({ mean, error }: Sample, truth: number): void => {
  expect(error).toBeGreaterThan(0);
  expect(Math.abs(mean - truth) / error).toBeLessThan(3.5);
};

const three: Toy = {
  components: 3,
  law: exponential(30 * day),
  repair,
  horizonMs: 60 * day,
  event: 3,
};

describe("forced excursions", () => {
  test.each([0.1, 0.5, 1, 2, 10])("have no bias with a scale times %d", (factor) => {
    expectNear(forced(three, 600, factor * 20 * minute), exact(three));
  });

  test.each([0.5, 2])("have no bias with shape %d", (shape) => {
    expectNear(forced(three, 600, 20 * minute, shape), exact(three));
  });

  test("hold their confidence in 200 repetitions of 100 roots", () => {
    const pair: Toy = { ...three, event: 2, law: exponential(60 * day) };
    const truth = exact(pair);
    const { roots } = forced(pair, 20_000);
    let [given, held] = [0, 0];
    for (let from = 0; from < roots.length; from += 100) {
      const part = roots.slice(from, from + 100);
      const column = (name: "value" | "departures" | "hits" | "direct"): number[] =>
        part.map((root) => root[name]);
      const figure = rareFigure(
        {
          values: column("value"),
          departures: column("departures"),
          hits: column("hits"),
          direct: column("direct"),
        },
        "forced",
      );
      if (figure.kind !== "estimate") continue;
      given += 1;
      const { low, high } = figure.interval;
      if (low <= truth && truth <= high) held += 1;
    }
    // Few of them must fall short of the guards: an interval that is seldom given says little.
    expect(given).toBeGreaterThan(180);
    expect((100 * held) / given).toBeGreaterThanOrEqual(93);
    expect((100 * held) / given).toBeLessThanOrEqual(97.5);
  });

  test("try again from each higher level, up to 256 copies of a departure", () => {
    const some: Toy = { ...three, components: 8, event: 6, law: exponential(10 * day) };
    const deep = { ...some, horizonMs: 6 * day };
    expectNear(forced(deep, 60), exact(deep));
    // So short a scale that nearly every copy comes to the event.
    const hits = forced(deep, 10, 1000).roots.map(
      (root) => root.hits / Math.max(1, root.departures),
    );
    expect(Math.max(...hits)).toBeGreaterThan(64);
    expect(Math.max(...hits)).toBeLessThanOrEqual(256);
  });

  test("gain more than 10,000 over plain futures, event for event", () => {
    const { mean, error, roots } = forced(three, 1000);
    const steps = roots.reduce((sum, root) => sum + root.steps + root.forks, 0) / roots.length;
    const plainSteps = plain(three, 200).roots.reduce((sum, root) => sum + root.steps, 0) / 200;
    expect((mean * plainSteps) / (error * error * roots.length * steps)).toBeGreaterThan(10_000);
  });

  const laws: readonly (readonly [string, Distribution])[] = [
    ["exponential", exponential(600 * minute)],
    ["Weibull, early", { kind: "weibull", scaleMs: 500 * minute, shape: 0.7 }],
    ["Weibull, ageing", { kind: "weibull", scaleMs: 500 * minute, shape: 2 }],
    ["lognormal", { kind: "lognormal", medianMs: 300 * minute, sigma: 1 }],
    ["uniform", { from: 50 * minute, to: 900 * minute }],
    ["measured", { kind: "empirical", ms: [100 * minute, 300 * minute, 500 * minute] }],
  ];
  // Frequent enough that plain futures judge them. Clocks that stand for 7 minutes of 14 age by running time alone.
  test.each(laws)("agree with plain futures: %s, clocks that stand and go on", (_, law) => {
    const toy: Toy = { ...three, law, horizonMs: 2000 * minute, pauseMs: 7 * minute, event: 3 };
    const reference = plain(toy, 10_000);
    const { mean, error } = forced(toy, 800);
    expect(reference.mean).toBeGreaterThan(1e-4);
    expect(Math.abs(mean - reference.mean) / Math.hypot(error, reference.error)).toBeLessThan(3.5);
  });

  test("agree with plain futures where clocks go away", () => {
    const toy: Toy = { ...three, components: 5, law: exponential(300 * minute), retires: true };
    const short: Toy = { ...toy, event: 3, horizonMs: 500 * minute };
    const reference = plain(short, 10_000);
    const { mean, error } = forced(short, 2000);
    expect(Math.abs(mean - reference.mean) / Math.hypot(error, reference.error)).toBeLessThan(3.5);
  });

  test("count an event that comes without a departure, and say so", () => {
    const toy: Toy = { ...three, direct: exponential(600 * day) };
    const { mean, error, roots } = forced(toy, 2000);
    expect(Math.abs(mean - (1 - Math.exp(-0.1))) / error).toBeLessThan(3.5);
    const direct = roots.reduce((sum, root) => sum + root.direct, 0);
    expect(direct).toBeGreaterThan(100);
  });
});

describe("RESTART", () => {
  test.each([[[30, 300]], [[5, 500]], [[100, 100]]])("has no bias with factors %j", (factors) => {
    expectNear(split(three, 200, factors), exact(three));
  });

  test("has no bias with factors from a pilot, and needs no density", () => {
    const pilot = runPilot((seed) => new ToyWorld(three, seed));
    const factors = factorsFrom(pilot);
    expect(factors.length).toBeGreaterThan(1);
    expectNear(split(three, 100, factors), exact(three));
  });

  test("splits at each level that a jump passes", () => {
    const toy: Toy = { ...three, components: 6, event: 4, together: 2 };
    expectNear(split(toy, 500, [4, 5, 50]), exact(toy));
    expectNear(forced(toy, 500), exact(toy));
  });

  test("agrees with forced excursions", () => {
    const law: Distribution = { kind: "weibull", scaleMs: 30 * day, shape: 0.7 };
    const [one, other] = [
      forced({ ...three, law }, 2000),
      split({ ...three, law }, 200, [30, 300]),
    ];
    expect(Math.abs(one.mean - other.mean) / Math.hypot(one.error, other.error)).toBeLessThan(3.5);
  });

  test("is refused where factors make no end of copies", () => {
    const toy = { ...three, components: 12, event: 12, law: exponential(day) };
    expect(() =>
      split(
        toy,
        1,
        Array.from({ length: 11 }, () => 40),
      ),
    ).toThrow(RestartOverflow);
  });
});

describe("a pilot", () => {
  test("measures how long excursions last", () => {
    const { excursionMs, departures, roots } = runPilot((seed) => new ToyWorld(three, seed));
    expect(roots).toBe(20);
    expect(departures).toBeGreaterThan(80);
    expect(excursionMs).toBeGreaterThan(15 * minute);
    expect(excursionMs).toBeLessThan(25 * minute);
  });

  test("looks at 200 paths at most where health is hardly ever left", () => {
    const toy = { ...three, law: exponential(1e6 * day) };
    const { roots, departures, excursionMs } = runPilot((seed) => new ToyWorld(toy, seed));
    expect({ roots, departures, excursionMs }).toEqual({
      roots: 200,
      departures: 0,
      excursionMs: null,
    });
  });
});
