import "../matchers.js";
import { scenario } from "replication-simulator/scenario";
import { type Expectation, type Outcome, whatIf } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { EnsembleResults } from "../../../src/whatif/ensemble/ensembleResults.js";
import { shardsOf } from "../../../src/whatif/ensemble/ensembleSpec.js";
import { checkColumn, checkExpectation } from "../../../src/whatif/ensemble/expectation.js";
import { compareDesigns, figuresOf, totalsOf } from "../../../src/whatif/ensemble/figures.js";
import { meanAt, untilHalfWidth } from "../../../src/whatif/ensemble/runEnsemble.js";
import { runShard } from "../../../src/whatif/ensemble/shardResult.js";
import { boundsOf, checkExpectations } from "../../../src/whatif/expectations.js";
import { prepareToy, toyScenario } from "./toyScenario.js";

type Keep = "values" | "sketch";

/** Results of futures that are given: of a seed, in both designs the same. */
async function resultsOf(
  outcome: (seed: number) => Outcome,
  { keep = "values", futures = 100 }: { readonly keep?: Keep; readonly futures?: number } = {},
): Promise<EnsembleResults> {
  const prepared = await prepareToy(
    { keep, futures, shardSize: 30 },
    toyScenario({ designs: ["as it is"], simulate: (_, seed) => outcome(seed) }),
  );
  const results = new EnsembleResults(prepared.spec);
  for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
  return results;
}

/** A scenario whose expectations are asked of results that it did not make. */
const question = scenario({
  scenario: 1,
  topology: { a: { kind: "instance" } },
  measures: { down: { measure: "writesDown" }, times: { measure: "interruptions" } },
  expect: {
    never: { never: "noCopy", of: "a" },
    mean: { mean: "down", atMost: 60, atLeast: 40 },
    low: { mean: "down", atLeast: 60 },
    median: { quantile: 0.5, of: "down", atMost: 59 },
    share: { share: "down", above: 98, atMost: 0.1 },
    sums: { mean: "times", atMost: 10 },
  },
});

/** Values from 0 to 99; seeds 10, 20, ... break what must never happen. */
const outcomeOf = (seed: number): Outcome => ({
  down: (seed * 37) % 100,
  times: [1, 2],
  "broken: never": seed % 10 === 0 && seed > 0 ? 1 : 0,
});

const verdictsOf = (
  results: EnsembleResults,
  shards = results.shards,
): Record<string, readonly [string, number | null]> =>
  Object.fromEntries(
    checkExpectations(question, results, { shards }).map(({ name, verdict, value }) => [
      name,
      [verdict, value],
    ]),
  );

describe("the verdict on an expectation", () => {
  test("of values is that of each figure, of several bounds that of the worst one", async () => {
    expect(verdictsOf(await resultsOf(outcomeOf))).toEqual({
      never: ["not met", 0.09],
      mean: ["met", 49.5],
      low: ["not met", 49.5],
      median: ["undecided", 49],
      share: ["met", 0.01],
      sums: ["met", 3],
    });
  });

  test("of a sketch is that of its exact sums; what it does not keep is undecided", async () => {
    const results = await resultsOf(outcomeOf, { keep: "sketch" });
    expect(verdictsOf(results)).toEqual({
      never: ["not met", 0.09],
      mean: ["met", 49.5],
      low: ["not met", 49.5],
      median: ["undecided", null],
      share: ["undecided", null],
      sums: ["undecided", null],
    });
    expect(verdictsOf(results, 1)["never"]).toEqual(["not met", 2 / 30]);
  });

  test.each<Keep>(["values", "sketch"])(
    "names the first seeds that break it (%s)",
    async (keep) => {
      const results = await resultsOf(outcomeOf, { keep });
      const [never] = checkExpectations(question, results);
      expect(never?.seeds).toEqual([10, 20, 30]);
      const kept = await resultsOf(() => ({ down: 1, times: [], "broken: never": 0 }), { keep });
      expect(checkExpectations(question, kept)[0]).toMatchObject({
        verdict: "met",
        value: 0,
        seeds: [],
      });
    },
  );

  test.each<Keep>(["values", "sketch"])("is open where all futures threw (%s)", async (keep) => {
    const results = await resultsOf(
      () => {
        throw new Error("each");
      },
      { keep },
    );
    for (const { verdict, value } of checkExpectations(question, results)) {
      expect([verdict, value]).toEqual(["undecided", null]);
    }
  });

  test("needs values where it is asked for alone", async () => {
    const results = await resultsOf(outcomeOf, { keep: "sketch" });
    const expectation = { mean: "down", atMost: 1 };
    expect(() => checkExpectation(results, "as it is", expectation)).toThrowRule("spec-input");
  });
});

test("the verdict on two bounds has the futures that the open one needs", async () => {
  const results = await resultsOf(outcomeOf);
  const open = scenario({
    scenario: 1,
    topology: { a: { kind: "instance" } },
    measures: { down: { measure: "writesDown" } },
    expect: { open: { mean: "down", atMost: 60, atLeast: 48 }, holds: { holds: "recovers" } },
  });
  const [found] = checkExpectations(
    { ...open, expect: { open: open.expect?.["open"] } as never },
    results,
  );
  expect(found).toMatchObject({ verdict: "undecided", value: 49.5, seeds: [] });
  // The interval reaches 5.75 below the mean, and has to reach 1.5: 14.7 times as many futures.
  expect(found?.futuresToDecide).toBe(1500);
  expect(found?.interval?.low).toBeCloseTo(43.74, 1);
  expect(Object.values(open.expect ?? {}).flatMap(boundsOf)).toEqual([
    { mean: "down", atMost: 60 },
    { mean: "down", atLeast: 48 },
  ]);
});

describe("the figures of a sketch", () => {
  const outcome = (seed: number): Outcome => ({
    m: 1000 + ((seed * 37) % 100),
    list: seed % 2 === 0 ? [] : [seed, 2 * seed],
  });

  test("are those of the values, quantiles and their intervals within 0.4 %", async () => {
    const figures = async (keep: Keep) =>
      figuresOf(await resultsOf(outcome, { keep }), "as it is", "m");
    const [values, sketch] = [await figures("values"), await figures("sketch")];
    expect({ ...sketch, quantiles: [] }).toEqual({ ...values, quantiles: [] });
    for (const [at, exact] of values.quantiles.entries()) {
      const found = sketch.quantiles[at];
      expect(found).toMatchObject({ share: exact.share, confidence: 0.95, count: 100 });
      for (const [one, other] of [
        [found?.value, exact.value],
        [found?.interval.low, exact.interval.low],
        [found?.interval.high, exact.interval.high],
      ] as const) {
        if (other === null) expect(one).toBeNull();
        else expect(Math.abs((one ?? 0) - other)).toBeLessThanOrEqual(0.004 * other);
      }
    }
  });

  test("of lists have no intervals, since values of one future resemble each other", async () => {
    const sketch = figuresOf(await resultsOf(outcome, { keep: "sketch" }), "as it is", "list");
    // 50 futures with 1 + 3 + ... + 99 = 2,500, and twice that.
    expect(sketch).toMatchObject({
      kind: "list",
      count: 100,
      least: 1,
      greatest: 198,
      perFuture: null,
      mean: { value: 75, interval: null },
    });
    for (const { value, interval } of sketch.quantiles) {
      expect(value).not.toBeNull();
      expect(interval).toEqual({ low: null, high: null });
    }
    const values = figuresOf(await resultsOf(outcome), "as it is", "list");
    if (values.kind !== "list") throw new Error("these are lists");
    expect(values.mean?.value).toBe(75);
    expect(values.mean?.interval?.low).toBeLessThan(75);
    expect(values.perFuture).toMatchObject({ value: 1, count: 100 });
  });

  test("of nothing are none", async () => {
    const empty = await resultsOf(() => ({ m: 1, list: [] }), { keep: "sketch" });
    const { quantiles, ...list } = figuresOf(empty, "as it is", "list");
    expect(list).toMatchObject({ kind: "list", count: 0, least: null, greatest: null, mean: null });
    expect(quantiles.map(({ value }) => value)).toEqual([null, null, null]);
  });

  test.each([
    [0.6, 1, true],
    [0.51, 0.99, true],
    [0.5, 1, false],
    [0.6, 1.01, false],
    [1, 1, false],
  ])("from %d to %d: refused as a share near 1: %j", async (least, greatest, isRefused) => {
    const results = await resultsOf((seed) => ({ m: seed % 2 === 0 ? least : greatest }), {
      keep: "sketch",
    });
    const figures = (): unknown => figuresOf(results, "as it is", "m");
    if (isRefused) expect(figures).toThrowRule("share-in-sketch");
    else expect(figures()).toMatchObject({ least, greatest });
  });
});

describe("an expectation of a column", () => {
  const column = (values: readonly number[], lengths?: readonly number[]) => ({
    values: new Float64Array(values),
    seeds: new Float64Array((lengths ?? values).map((_, at) => at)),
    ...(lengths === undefined ? {} : { lengths: new Uint32Array(lengths) }),
  });
  const many = column(Array.from({ length: 400 }, (_, at) => at % 2));

  test.each<[expectation: Expectation, verdict: string, value: number]>([
    // 200 of 400 futures have 1: the share lies between 0.451 and 0.549.
    [{ mean: "m", atMost: 0.56 }, "met", 0.5],
    [{ mean: "m", atMost: 0.51 }, "undecided", 0.5],
    [{ mean: "m", atMost: 0.44 }, "not met", 0.5],
    [{ mean: "m", atLeast: 0.44 }, "met", 0.5],
    [{ mean: "m", atLeast: 0.56 }, "not met", 0.5],
    [{ share: "m", above: 0, atMost: 0.56 }, "met", 0.5],
    [{ share: "m", above: 0, atMost: 0.44 }, "not met", 0.5],
    [{ share: "m", above: 1, atMost: 0.05 }, "met", 0],
    [{ quantile: 0.4, of: "m", atMost: 0 }, "met", 0],
    [{ quantile: 0.6, of: "m", atMost: 0 }, "not met", 1],
    [{ quantile: 0.6, of: "m", atLeast: 1 }, "met", 1],
    [{ quantile: 0.5, of: "m", atMost: 0.5 }, "undecided", 0],
  ])("%j is %s", (expectation, verdict, value) => {
    expect(checkColumn(many, expectation)).toMatchObject({ verdict, value });
  });

  test("that is a list has sums as mean and share, and all values in its quantile", () => {
    const lists = column(
      Array.from({ length: 300 }, () => 4),
      Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 6 : 0)),
    );
    expect([...totalsOf(lists)].slice(0, 4)).toEqual([24, 0, 24, 0]);
    expect(checkColumn(lists, { mean: "m", atMost: 16 })).toMatchObject({
      verdict: "met",
      value: 12,
    });
    expect(checkColumn(lists, { share: "m", above: 23, atLeast: 0.35 })).toMatchObject({
      verdict: "met",
      value: 0.5,
    });
    expect(checkColumn(lists, { share: "m", above: 24, atLeast: 0.35 })).toMatchObject({
      verdict: "not met",
      value: 0,
    });
    expect(checkColumn(lists, { quantile: 0.5, of: "m", atMost: 4 })).toMatchObject({
      verdict: "met",
      value: 4,
    });
  });

  test("of lists that leave it open names futures, not values", () => {
    // Each future has ten values, four of them 0: the quantile is open, and as many values as a single column needs are a
    // tenth of the futures.
    const values = Array.from({ length: 1000 }, (_, at) => (at % 10 < 4 ? 0 : 1));
    const bound = { quantile: 0.41, of: "m", atMost: 0 } as const;
    const single = checkColumn(column(values), bound).futuresToDecide;
    const lists = checkColumn(
      column(
        values,
        Array.from({ length: 100 }, () => 10),
      ),
      bound,
    );
    expect(single).toBe(9300);
    expect(lists.verdict).toBe("undecided");
    expect(lists.futuresToDecide).toBe(930);
  });

  test.each([{ mean: "m" }, { atMost: 1 }, { mean: "m", atMost: Number.NaN }, null, "m"])(
    "is refused without a figure or a bound: %j",
    (expectation) => {
      expect(() => checkColumn(many, expectation as unknown as Expectation)).toThrowRule(
        "whatif-input",
      );
    },
  );
});

describe("a name that results do not have is refused, for a figure of nothing is 0", () => {
  test.each<Keep>(["values", "sketch"])("of a design and of a measure (%s)", async (keep) => {
    const results = await resultsOf(outcomeOf, { keep });
    const figures = (design: string, measure: string) => () => figuresOf(results, design, measure);
    expect(figures("as it is", "dwn")).toThrow(
      "measure dwn not found; allowed: broken: never, down, times",
    );
    expect(figures("as it is", "dwn")).toThrowRule("measure-names");
    expect(figures("other", "down")).toThrow("design other not found; allowed: as it is");
    expect(figures("other", "down")).toThrowRule("design-name");
  });

  test("in a comparison and in an expectation", async () => {
    const results = await resultsOf(outcomeOf);
    const pair = { baseline: "as it is", design: "other", measure: "down" };
    expect(() => compareDesigns(results, pair)).toThrowRule("design-name");
    expect(() => checkExpectation(results, "as it is", { mean: "dwn", atMost: 1 })).toThrowRule(
      "measure-names",
    );
  });

  test("also where a run is to wait for it", async () => {
    const waiting = whatIf({
      scenario: 1,
      topology: { a: { kind: "instance" } },
      horizon: "1d",
      measures: { down: { measure: "writesDown" } },
    }).run({ futures: 5, until: { halfWidth: 0.1, of: "dwn" } });
    await expect(waiting).rejects.toThrow("measure dwn not found; allowed: down");
  });

  test("not where no future has values", async () => {
    const results = await resultsOf(() => {
      throw new Error("each");
    });
    expect(figuresOf(results, "as it is", "down")).toMatchObject({ count: 0, least: null });
  });
});

describe("the mean of a list that a run waits for", () => {
  test("is that of its sums, which a sketch does not keep: it never is known", async () => {
    const outcome = (seed: number): Outcome => ({ times: [1, 1 + (seed % 3)] });
    const about = { design: "as it is", measure: "times", shards: 4 };
    expect(meanAt(await resultsOf(outcome), about).value).toBe(2.99);
    const sketch = await resultsOf(outcome, { keep: "sketch" });
    expect(meanAt(sketch, about)).toMatchObject({ count: 0, interval: null });
    expect(untilHalfWidth({ halfWidth: 0.5 })(sketch, { shards: 4, looks: 1 })).toBe(false);
  });
});

describe("the worst futures", () => {
  test.each<Keep>(["values", "sketch"])("are ten, of equal ones the first (%s)", async (keep) => {
    const results = await resultsOf(
      (seed) => ({ m: seed === 70 ? 9 : seed >= 50 ? 5 : 1, times: seed % 2 === 0 ? [] : [seed] }),
      { keep },
    );
    const worst = (measure: string) => figuresOf(results, "as it is", measure).worst;
    expect(worst("m")).toEqual([
      { seed: 70, value: 9 },
      ...[50, 51, 52, 53, 54, 55, 56, 57, 58].map((seed) => ({ seed, value: 5 })),
    ]);
    expect(worst("times").map(({ seed }) => seed)).toEqual([
      99, 97, 95, 93, 91, 89, 87, 85, 83, 81,
    ]);
  });

  test("are found among thousands", async () => {
    const results = await resultsOf((seed) => ({ m: (seed * 7919) % 3001 }), { futures: 3001 });
    const { worst, least, greatest, count } = figuresOf(results, "as it is", "m");
    expect(worst.map(({ value }) => value)).toEqual(
      Array.from({ length: 10 }, (_, at) => 3000 - at),
    );
    for (const { seed, value } of worst) expect((seed * 7919) % 3001).toBe(value);
    expect([least, greatest, count]).toEqual([0, 3000, 3001]);
  });
});

describe("a column", () => {
  test("has lists one after the other, and the seeds of futures that did not throw", async () => {
    const results = await resultsOf(
      (seed) => {
        if (seed === 31) throw new Error("one");
        return { times: Array.from({ length: seed % 3 }, () => seed) };
      },
      { futures: 70 },
    );
    const { values, lengths, seeds } = results.column("as it is", "times");
    expect(seeds).toHaveLength(69);
    expect(seeds[31]).toBe(32);
    expect([...(lengths ?? [])].slice(29, 33)).toEqual([2, 0, 2, 0]);
    expect([...values].slice(-2)).toEqual([68, 68]);
    expect([...values].slice(0, 3)).toEqual([1, 2, 2]);
    expect([...results.column("as it is", "times", 1).seeds].at(-1)).toBe(29);
    expect(results.futures(2)).toBe(60);
    expect(results.futures()).toBe(70);
    expect(results.failuresOf("as it is", 1)).toEqual([]);
    expect(results.failuresOf("as it is", 2)).toEqual([{ seed: 31, error: "one" }]);
  });
});
