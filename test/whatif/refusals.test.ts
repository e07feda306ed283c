import "./matchers.js";
import { EnsembleError, futuresCsv, pageFutures, whatIf } from "replication-simulator/whatif";
import { beforeAll, describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../src/scenario/format/scenario.js";
import { overTime } from "../../src/whatif/sweep.js";
import type { WhatIfAnswer } from "../../src/whatif/whatIf.js";

/* What would give figures of something else, or 0 for a value that does not exist, is refused by field and value. */

const base: ScenarioInput = {
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
  measures: { down: { measure: "writesDown", of: "orders" } },
  designs: { two: { topology: { orders: { replicas: 2 } } } },
};

let answer: WhatIfAnswer;
beforeAll(async () => {
  answer = await whatIf(base).run({ futures: 40 });
});

/** What a call is refused with. */
async function refusalOf(call: () => unknown): Promise<unknown> {
  try {
    return { accepted: await call() };
  } catch (error) {
    if (!(error instanceof EnsembleError)) throw error;
    return { rule: error.rule, field: error.field, message: error.message };
  }
}

describe("results of another ensemble are refused", () => {
  test("by a run that would take their figures for its own", async () => {
    const other = whatIf({ ...base, horizon: "60d" });
    expect(
      await refusalOf(() => other.run({ futures: 40, results: answer.results })),
    ).toMatchObject({ rule: "other-ensemble", field: "results" });
    const again = await whatIf(base).run({ futures: 40, results: answer.results });
    expect(again.figures("down")).toEqual(answer.figures("down"));
  });

  test("though only the number of futures, the first seed or the designs differ", async () => {
    const { results } = answer;
    for (const plan of [
      { futures: 50 },
      { futures: 40, firstSeed: 1 },
      { futures: 40, designs: ["two"] },
    ]) {
      expect(await refusalOf(() => whatIf(base).run({ ...plan, results }))).toMatchObject({
        rule: "other-ensemble",
      });
    }
  });

  test("and so are shards of another ensemble", async () => {
    const shards = [{ id: "0".repeat(32), index: 0, first: 0, count: 5 }];
    expect(await refusalOf(() => whatIf(base).run({ futures: 40, shards }))).toMatchObject({
      rule: "shard-id",
    });
  });
});

describe("a name that does not exist is refused, with the nearest that does", () => {
  test.each<[string, () => unknown, string, string]>([
    ["figures of a measure", () => answer.figures("dwon"), "measure-names", "did you mean down?"],
    ["figures of a design", () => answer.figures("down", "tow"), "design-name", "mean two?"],
    ["worst seeds", () => answer.worst("dwon"), "measure-names", "did you mean down?"],
    ["a comparison", () => answer.compare("tow", "down"), "design-name", "did you mean two?"],
    ["its measure", () => answer.compare("two", "dwon"), "measure-names", "did you mean down?"],
    ["its baseline", () => answer.compare("two", "down", "tow"), "design-name", "mean two?"],
    ["a column", () => answer.results.column("two", "dwon"), "measure-names", "mean down?"],
    ["measures of a design", () => answer.results.measuresOf("tow"), "design-name", "mean two?"],
    ["failures of a design", () => answer.results.failuresOf("tow"), "design-name", "mean two?"],
    ["futures of a page", () => pageFutures(answer, { measure: "dwon" }), "measure-names", "down?"],
    ["a plan", () => whatIf(base).run({ designs: ["tow"] }), "design-name", "did you mean two?"],
    [
      "keep",
      () => whatIf(base).run({ keep: "sketches" as "sketch" }),
      "spec-input",
      "mean sketch?",
    ],
    ["engine", () => whatIf(base).run({ engine: "compile" as "auto" }), "engine", "mean compiled?"],
  ])("%s", async (_, call, rule, message) => {
    expect(await refusalOf(call)).toMatchObject({
      rule,
      message: expect.stringContaining(message) as unknown,
    });
  });
});

describe("numbers that cannot be are refused", () => {
  test.each<[string, () => unknown]>([
    ["half of a shard", () => answer.results.futures(1.5)],
    ["a negative number of shards", () => answer.results.column("two", "down", -1)],
    ["a course of no moments", () => overTime(answer.scenario, "down", { moments: 0 })],
    ["a course of half a future", () => overTime(answer.scenario, "down", { futures: 0.5 })],
    ["a page of NaN futures", () => pageFutures(answer, { maxFutures: Number.NaN })],
    ["a future of seed 1.5", () => whatIf(base).future(1.5)],
    ["a future of a seed above 2^53", () => whatIf(base).future(2 ** 53)],
  ])("%s", async (_, call) => {
    expect(await refusalOf(call)).toMatchObject({ rule: "spec-input" });
  });

  test("seeds above 2^53, of which several are one number", async () => {
    const last = Number.MAX_SAFE_INTEGER;
    expect(await refusalOf(() => whatIf(base).run({ futures: 10, firstSeed: last }))).toMatchObject(
      {
        rule: "spec-input",
        field: "firstSeed",
      },
    );
    expect(
      await refusalOf(() => whatIf(base).run({ futures: 11, firstSeed: last - 10 })),
    ).toMatchObject({ rule: "spec-input" });
    const highest = await whatIf(base).run({ futures: 10, firstSeed: last - 10 });
    expect(highest.futures).toBe(10);
    expect(new Set(highest.results.column("two", "down").seeds).size).toBe(10);
  });
});

describe("designs of one name", () => {
  test("are refused where a plan lists one twice", async () => {
    expect(await refusalOf(() => whatIf(base).run({ designs: ["two", "two"] }))).toMatchObject({
      rule: "design-name",
      field: "designs",
    });
  });

  test("are refused where one has the name of the scenario without a patch", () => {
    const designs = { "as it is": { horizon: "1d" } };
    expect(() => whatIf({ ...base, designs })).toThrow(/designs\["as it is"\].*another name/);
  });
});

test("the measures of a table of futures are those of all designs", async () => {
  const failing = {
    ...base,
    measures: {},
  };
  const own = {
    measures: {
      up: () => {
        let entries = 0;
        return {
          after: () => {
            entries += 1;
          },
          end: () => {
            if (entries === 0) throw new Error("nothing happened");
            return entries;
          },
        };
      },
    },
  };
  const still = { ...failing, random: {}, designs: { faulty: { random: base.random ?? {} } } };
  const { results } = await whatIf(still, own).run({ futures: 20 });
  expect(results.failuresOf("as it is")).toHaveLength(20);
  const [head, ...rows] = futuresCsv(results).trim().split("\n");
  expect(head).toBe("seed,design,up");
  expect(rows).toHaveLength(20 - results.failuresOf("faulty").length);
  expect(rows[0]).toMatch(/^\d+,faulty,\d+$/);
});
