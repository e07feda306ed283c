import { ReplicationError } from "replication-simulator";
import * as scenario from "replication-simulator/scenario";
import * as scenarioFile from "replication-simulator/scenario-file";
import * as whatif from "replication-simulator/whatif";
import * as bullmq from "replication-simulator/whatif/bullmq";
import * as threads from "replication-simulator/whatif/threads";
import { describe, expect, test } from "vitest";
import { exportsOf, files } from "./publicSurface.js";

/*
 * Every function and class of these entry points is called with nonsense in every place: it works, or throws an error of
 * this library. None ends in a TypeError or in NaN, and none searches without an end. A new export is called without being named
 * here.
 */

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  scenario,
  "scenario-file": scenarioFile,
  whatif,
  "whatif/threads": threads,
  "whatif/bullmq": bullmq,
};

/** What is not called, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "whatif EnsembleError": "an error, which the library creates",
  "scenario-file ScenarioFileError": "an error, which the library creates",
};

const nonsense: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  "an empty object": {},
  "an empty list": [],
  NaN: Number.NaN,
  "-1": -1,
  "an empty string": "",
  "a list": [1, 2],
};

/** Places in which arguments are passed, those with a default as well. */
const placesMax = 4;

type Callable = ((...given: readonly unknown[]) => unknown) &
  (new (
    ...given: readonly unknown[]
  ) => unknown);

const callables = Object.entries(modules).flatMap(([entry, module]) =>
  Object.entries(module).flatMap(([name, value]) =>
    typeof value === "function" ? [[`${entry} ${name}`, value as Callable] as const] : [],
  ),
);

function isClass(value: Callable): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}

/** What a call gives: undefined where it works or is refused, else what is wrong. */
async function problemOf(call: () => unknown): Promise<string | undefined> {
  try {
    const result = await call();
    return hasNaN(result) ? "NaN" : undefined;
  } catch (error) {
    if (error instanceof ReplicationError && error.rule !== "" && error.message !== "") {
      return undefined;
    }
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** Whether a result has a NaN; the value that was refused is no result. */
function hasNaN(value: unknown, depth = 3): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (typeof value !== "object" || value === null || depth === 0) return false;
  return Object.entries(value).some(([key, part]) => key !== "issues" && hasNaN(part, depth - 1));
}

describe("nonsense", () => {
  test("is passed to all that is exported", () => {
    const values = Object.keys(modules).flatMap((entry) => {
      const file = files.find(({ name }) => name === `replication-simulator/${entry}`)?.file ?? "";
      return [...exportsOf(file)].flatMap(([name, symbol]) =>
        symbol.valueDeclaration === undefined ? [] : [`${entry} ${name}`],
      );
    });
    const known = Object.entries(modules).flatMap(([entry, module]) =>
      Object.keys(module).map((name) => `${entry} ${name}`),
    );
    expect(values.filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(exceptions).filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(callables.filter(([name]) => exceptions[name] === undefined))(
    "in the arguments of %s is refused with an error of the library",
    async (_, callable) => {
      const problems: string[] = [];
      for (const [label, value] of Object.entries(nonsense)) {
        for (let places = 1; places <= placesMax; places++) {
          const given = new Array<unknown>(places).fill(value);
          const problem = await problemOf(() =>
            isClass(callable) ? new callable(...given) : callable(...given),
          );
          if (problem !== undefined) problems.push(`${label}, ${String(places)} times: ${problem}`);
        }
      }
      expect(problems).toEqual([]);
    },
  );
});

const question: whatif.WhatIf = whatif.whatIf({
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
  horizon: "10d",
  measures: { down: { measure: "writesDown", of: "orders" } },
  expect: { up: { never: "noCopy", of: "orders", for: "30m" } },
});

/** Functions that take an object of options: the names of its fields, and a call that needs none of them. */
const withOptions: readonly (readonly [
  name: string,
  fields: readonly string[],
  call: (options: object) => unknown,
])[] = [
  [
    "estimateRare",
    [
      ...["event", "design", "level", "method", "roots", "firstSeed", "until", "copies", "scaleMs"],
      ...["engine", "shape", "factors", "shardSize", "executor"],
    ],
    (options) => whatif.estimateRare(question.scenario, { roots: 5, ...options }),
  ],
  [
    "run",
    [
      "futures",
      "firstSeed",
      "designs",
      "shardSize",
      "keep",
      "engine",
      "results",
      "shards",
      "executor",
    ],
    (options) => question.run({ futures: 5, ...options }),
  ],
  [
    "overTime",
    ["design", "futures", "firstSeed", "moments"],
    (options) => whatif.overTime(question.scenario, "down", { futures: 2, moments: 2, ...options }),
  ],
];

describe("nonsense in a field of options", () => {
  const odd = { ...nonsense, "1.5": 1.5, "a word": "nonsense", "2^53": 2 ** 53, Infinity };

  test.each(
    withOptions.flatMap(([name, fields, call]) =>
      fields.map((field) => [name, field, call] as const),
    ),
  )("%s({ %s }) is refused with an error of the library", async (_, field, call) => {
    const problems: string[] = [];
    for (const [label, value] of Object.entries(odd)) {
      const problem = await problemOf(() => call({ [field]: value }));
      if (problem !== undefined) problems.push(`${label}: ${problem}`);
    }
    expect(problems).toEqual([]);
  });
});

describe("functions of statistics", () => {
  const values = Array.from({ length: 40 }, (_, at) => at % 7);
  const { mean, proportion, quantile, sortedValues, comparePairs, elasticity } = whatif;
  const { bandOverTime, latinHypercube, simultaneousConfidence } = whatif;
  const sorted = sortedValues(values);
  const cube = { points: 3, dimensions: 2, seed: 1 };

  test.each([
    ["an empty list has no mean above 0", () => mean([]).value, 0],
    ["none of none is no share", () => proportion(0, 0).value, 0],
    ["an empty list has no quantile", () => quantile([], 0.5).value, null],
    ["no pairs have no ratio", () => comparePairs([], []).ratio, null],
    ["no series have no band", () => bandOverTime([], { kind: "mean" }).means, []],
  ])("%s", (_, call, expected) => {
    expect(call()).toEqual(expected);
  });

  test.each<[string, () => unknown, string]>([
    ["a value that is NaN", () => mean([1, Number.NaN]), "values[1]"],
    ["an infinite value", () => sortedValues([1, Infinity]), "values[1]"],
    ["text for a list", () => mean("12" as never), "values"],
    ["text in a list", () => mean(["1"] as never), "values[0]"],
    ["confidence 0", () => mean(values, 0), "confidence"],
    ["confidence 1", () => proportion(1, 2, 1), "confidence"],
    ["confidence in percent", () => quantile(sorted, 0.5, 95), "confidence"],
    ["confidence as text", () => comparePairs(values, values, "0.95" as never), "confidence"],
    ["confidence that is NaN", () => simultaneousConfidence(Number.NaN, 2), "confidence"],
    ["a negative number of figures", () => simultaneousConfidence(0.95, -1), "count"],
    ["a negative count", () => proportion(-1, 2), "count"],
    ["half a count", () => proportion(0.5, 2), "count"],
    ["more than all", () => proportion(3, 2), "count"],
    ["a negative total", () => proportion(0, -2), "total"],
    ["a share above 1", () => quantile(sorted, 1.5), "share"],
    ["a share of 0", () => quantile(sorted, 0), "share"],
    ["lists of two lengths", () => comparePairs([1, 2], [1]), "second"],
    ["a scale of 1", () => elasticity(values, values, 1), "scale"],
    ["a negative scale", () => elasticity(values, values, -2), "scale"],
    ["another kind of band", () => bandOverTime([[1]], { kind: "sum" as never }), "kind"],
    ["no draws", () => bandOverTime([[1]], { kind: "mean", draws: 0 }), "draws"],
    ["series of two lengths", () => bandOverTime([[1], [1, 2]], { kind: "mean" }), "series[1]"],
    ["a series with NaN", () => bandOverTime([[Number.NaN]], { kind: "mean" }), "series[0][0]"],
    ["no points", () => latinHypercube({ ...cube, points: 0 }), "points"],
    ["half a dimension", () => latinHypercube({ ...cube, dimensions: 0.5 }), "dimensions"],
    ["no seed", () => latinHypercube({ ...cube, seed: undefined as never }), "seed"],
  ])("refuse %s, by its field", (_, call, field) => {
    let refused: unknown;
    try {
      call();
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ReplicationError);
    expect(refused).toMatchObject({ rule: "statistics-input", field });
  });
});
