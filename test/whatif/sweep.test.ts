import { InvalidInputError } from "replication-simulator";
import {
  designsOf,
  scenario as readScenario,
  type ScenarioInput,
} from "replication-simulator/scenario";
import { EnsembleError, elasticity, overTime, whatIf } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { sensitivity } from "../../src/statistics/sensitivity.js";
import { coverage, exponential, generator, times } from "../statistics/samples.js";

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** One instance that fails each 2 days for 6 hours: its time without writes has a closed form. */
const single: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "instance" } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { exponential: "2d" },
      timeToRepair: { exponential: "6h" },
    },
  },
  horizon: "60d",
  measures: {
    down: { measure: "writesDown", of: "orders" },
    times: { measure: "interruptions", of: "orders" },
  },
};

/** Expected time without writes until a time, from a healthy beginning. */
function expectedDown(every: number, repair: number, time: number): number {
  const [fail, mend] = [1 / every, 1 / repair];
  const share = fail / (fail + mend);
  return share * (time + Math.expm1(-(fail + mend) * time) / (fail + mend));
}

const pathOfMtbf = "random.crashes.every.exponential";
const pathOfRepair = "random.crashes.timeToRepair.exponential";

describe("a range", () => {
  const valuesOf = (vary: ScenarioInput["vary"], samples?: number): readonly unknown[] =>
    designsOf(
      readScenario({
        ...single,
        vary,
        ...(samples === undefined ? {} : { samples }),
      } as ScenarioInput),
    ).flatMap(({ point }) => (point === undefined ? [] : [point.map(({ value }) => value)]));

  test("is a grid of five values, or of as many as it says, even or on a log scale", () => {
    expect(valuesOf({ [pathOfMtbf]: { from: "1d", to: "3d" } }).flat()).toEqual(
      [1, 1.5, 2, 2.5, 3].map((days) => days * day),
    );
    expect(
      valuesOf({ [pathOfMtbf]: { from: "1h", to: "4h", points: 3, scale: "log" } }).flat(),
    ).toEqual([hour, 2 * hour, 4 * hour]);
    expect(valuesOf({ "world.jitter": { from: 0, to: 1, points: 3 } }).flat()).toEqual([0, 0.5, 1]);
    expect(
      valuesOf({ horizon: { from: "1d", to: "2d", points: 2 }, "world.jitter": [0, 1] }),
    ).toEqual([
      [day, 0],
      [day, 1],
      [2 * day, 0],
      [2 * day, 1],
    ]);
  });

  test("has as many values as it says, all within it, however narrow it is", () => {
    const values = (from: number | string, to: number | string, points = 5): readonly unknown[] =>
      valuesOf({ [pathOfMtbf]: { from, to, points } }).flat();
    expect(values(10_000, 10_004)).toEqual([10_000, 10_001, 10_002, 10_003, 10_004]);
    const year = 365 * day;
    expect(values("365d", "365d 16m 40s")).toEqual(
      [0, 250, 500, 750, 1000].map((seconds) => year + seconds * 1000),
    );
    for (const samples of [8, 40]) {
      const vary = { [pathOfMtbf]: { from: "365d", to: "365d 1m" } };
      const drawn = valuesOf(vary, samples).flat() as readonly number[];
      expect(new Set(drawn).size).toBe(samples);
      expect(drawn.every((value) => value >= year && value <= year + minute)).toBe(true);
    }
    const narrow = valuesOf({ "world.jitter": { from: 0.500_01, to: 0.500_02 } }).flat();
    expect(new Set(narrow).size).toBe(5);
  });

  test("drawn as a Latin hypercube has one value in each slice, the same for the same seed", () => {
    const vary = { "world.jitter": { from: 0, to: 1 }, horizon: { from: "10d", to: "20d" } };
    const points = valuesOf(vary, 8) as readonly (readonly [number, number])[];
    expect(points).toHaveLength(8);
    const slices = (values: readonly number[]): readonly number[] =>
      values.map((value) => Math.floor(value * 8)).sort((a, b) => a - b);
    expect(slices(points.map(([jitter]) => jitter))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(slices(points.map(([, horizon]) => horizon / (10 * day) - 1))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(valuesOf(vary, 8)).toEqual(points);
    const other = designsOf(readScenario({ ...single, vary, samples: 8, world: { seed: 1 } }));
    expect(other.flatMap(({ point }) => point?.map(({ value }) => value) ?? [])).not.toEqual(
      points.flat(),
    );
  });

  test.each([
    ["a list cannot be sampled", { vary: { horizon: ["1d", "2d"] }, samples: 4 }, /range/],
    [
      "a log scale begins over 0",
      { vary: { "world.jitter": { from: 0, to: 1, scale: "log" } } },
      /over 0/,
    ],
    ["a value has to fit", { vary: { "world.jitter": { from: 0, to: 2 } } }, /vary/],
    [
      "200 points are enough",
      {
        vary: {
          horizon: { from: "1d", to: "9d", points: 20 },
          "world.jitter": { from: 0, to: 1, points: 20 },
        },
      },
      /200/,
    ],
  ] as const)("is refused: %s", (_, change, message) => {
    expect(() => designsOf(readScenario({ ...single, ...change } as ScenarioInput))).toThrow(
      InvalidInputError,
    );
    expect(() => designsOf(readScenario({ ...single, ...change } as ScenarioInput))).toThrow(
      message,
    );
  });
});

describe("sensitivity", () => {
  test("of a mean is the closed form, for a grid and for a Latin hypercube", async () => {
    const vary = {
      [pathOfMtbf]: { from: "1d 16h", to: "2d 9h" },
      [pathOfRepair]: { from: "5h", to: "7h" },
    };
    // Slopes of the closed form between the corners of the ranges.
    const [slow, fast, long, short] = [57 * hour, 40 * hour, 7 * hour, 5 * hour];
    const at = (every: number, repair: number): number =>
      Math.log(expectedDown(every, repair, 60 * day));
    const byMtbf = (at(slow, 6 * hour) - at(fast, 6 * hour)) / Math.log(slow / fast);
    const byRepair = (at(2 * day, long) - at(2 * day, short)) / Math.log(long / short);
    for (const shape of [{}, { samples: 10 }]) {
      const answer = await whatIf({ ...single, vary, ...shape }).run({ futures: 2000 });
      const [mtbf, repair] = answer.sensitivity("down");
      expect(mtbf?.parameter).toBe(pathOfMtbf);
      expect(mtbf?.elasticity.interval?.low).toBeLessThan(byMtbf);
      expect(mtbf?.elasticity.interval?.high).toBeGreaterThan(byMtbf);
      expect(mtbf?.elasticity.value).toBeCloseTo(byMtbf, 1);
      expect(repair?.elasticity.interval?.low).toBeLessThan(byRepair);
      expect(repair?.elasticity.interval?.high).toBeGreaterThan(byRepair);
      expect(answer.sensitivity("times")).toHaveLength(2);
    }
  });

  test("pairs futures by seed where some threw, and leaves those out at every point", async () => {
    const facts = () => {
      let count = 0;
      return {
        after: (entry: { readonly facts: readonly unknown[] }) => {
          count += entry.facts.length;
        },
        end: () => {
          if (count % 5 === 0) throw new Error("a multiple of five");
          return count;
        },
      };
    };
    const every = { exponential: "5d" };
    const question: ScenarioInput = {
      ...single,
      topology: { orders: { kind: "set", replicas: 1 } },
      random: { crashes: { fault: "crash", of: "orders", every, timeToRepair: "1h" } },
      vary: { "random.crashes.timeToRepair": { from: "30m", to: "2h", points: 3 } },
      horizon: "30d",
    };
    const answer = await whatIf(question, { measures: { facts } }).run({ futures: 200 });
    const columns = answer.designs.slice(1).map((design) => answer.results.column(design, "down"));
    const seedsOf = columns.map(({ seeds }) => [...seeds]);
    expect(new Set(seedsOf.map(({ length }) => length)).size).toBeGreaterThan(1);
    const common = columns.map(({ values, seeds }) =>
      [...values].filter((_, at) => seedsOf.every((all) => all.includes(seeds[at] ?? -1))),
    );
    const values = [30 * minute, 75 * minute, 120 * minute];
    const [expected] = sensitivity([{ parameter: "p", values }], common);
    const [found] = answer.sensitivity("down");
    expect(found?.elasticity).toEqual(expected);
    expect(Number(expected?.gain)).toBeGreaterThan(50);
    // Columns that are not paired are refused.
    const unpaired = columns.map((column) => [...column.values]);
    expect(() => sensitivity([{ parameter: "p", values }], unpaired)).toThrow(/columns\[\d\]/);
  });

  test("of a parameter whose values are listed as durations is that of the same numbers", async () => {
    const over = async (values: readonly (string | number)[]) => {
      const vary = { [pathOfMtbf]: values };
      const answer = await whatIf({ ...single, vary } as ScenarioInput).run({ futures: 40 });
      return answer.sensitivity("down");
    };
    const listed = await over(["1d", "2d", "4d"]);
    expect(listed.map(({ parameter }) => parameter)).toEqual([pathOfMtbf]);
    expect(listed).toEqual(await over([day, 2 * day, 4 * day]));
  });

  test("is the same for a list of durations as for the range with its values", async () => {
    const every = { exponential: "5d" };
    const random = { crashes: { fault: "crash", of: "orders", every, timeToRepair: "1h" } };
    const path = "random.crashes.timeToRepair";
    const sensitivityTo = async (values: NonNullable<ScenarioInput["vary"]>[string]) => {
      const input = { ...single, random, horizon: "30d", vary: { [path]: values } };
      return (await whatIf(input as ScenarioInput).run({ futures: 50 })).sensitivity("down");
    };
    const list = await sensitivityTo(["30m", "75m", 7_200_000]);
    expect(list).toHaveLength(1);
    expect(list).toEqual(await sensitivityTo({ from: "30m", to: "2h", points: 3 }));
  });

  test("of two designs is their elasticity", () => {
    const down = Array.from({ length: 400 }, (_, at) => 10 + ((at * 37) % 101));
    const up = down.map((value, at) => value * 1.3 + ((at * 17) % 7));
    const [found] = sensitivity([{ parameter: "p", values: [1, 1.44] }], [down, up]);
    const known = elasticity(down, up, 1.44);
    expect(found?.value).toBeCloseTo(known.value ?? 0, 9);
    expect(found?.interval?.low).toBeCloseTo(known.interval?.low ?? 0, 3);
    expect(found?.interval?.high).toBeCloseTo(known.interval?.high ?? 0, 3);
    expect(found?.gain).not.toBe("infinite");
  });

  test("covers the truth in about 95 of 100 ensembles", () => {
    const next = generator(7);
    const values = [1, 2, 4];
    const covered = coverage(0.5, () => {
      // Each future has something in all designs, and something of its own; means grow with the root of the parameter.
      const shared = times(100, () => exponential(1, next));
      const columns = values.map((value) =>
        shared.map((common) => Math.sqrt(value) * common * (0.5 + next())),
      );
      return sensitivity([{ parameter: "p", values }], columns)[0]?.interval ?? null;
    });
    expect(covered).toBeGreaterThan(93);
    expect(covered).toBeLessThan(98);
  });

  test("has no value where a mean is 0, and none at all for parameters that vary together", () => {
    const zero = [0, 0, 0];
    expect(sensitivity([{ parameter: "p", values: [1, 2] }], [zero, zero])[0]?.value).toBeNull();
    const together = [
      { parameter: "p", values: [1, 2] },
      { parameter: "q", values: [2, 4] },
    ];
    expect(
      sensitivity(together, [
        [1, 2],
        [2, 3],
      ]),
    ).toEqual([undefined, undefined]);
  });
});

describe("a measure over time", () => {
  test("has the closed form in its band at every moment", () => {
    const { moments, band } = overTime(readScenario(single), "down", { futures: 400, moments: 12 });
    expect(moments.at(-1)).toBe(60 * day);
    for (const [at, moment] of moments.entries()) {
      const expected = expectedDown(2 * day, 6 * hour, moment);
      expect(band.simultaneous[at]?.low).toBeLessThan(expected);
      expect(band.simultaneous[at]?.high).toBeGreaterThan(expected);
    }
  });

  test("ends at what the measure came to, and begins after the warm-up", () => {
    const later = readScenario({ ...single, warmUp: "30d" });
    const { band } = overTime(later, "down", { futures: 5, moments: 60 });
    const outcomes = Array.from(
      { length: 5 },
      (_, seed) => whatIf(later).future(seed).outcome["down"],
    );
    const mean = outcomes.reduce<number>((sum, value) => sum + Number(value), 0) / 5;
    expect(band.means.at(-1)).toBeCloseTo(mean, 6);
    expect(band.means[29]).toBe(0);
    expect(mean).toBeGreaterThan(minute);
  });

  test("is refused for what has no course", () => {
    expect(() => overTime(readScenario(single), "times")).toThrow(EnsembleError);
    expect(() => overTime(readScenario(single), "down", { design: "none" })).toThrow(/design none/);
  });
});
