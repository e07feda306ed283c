import { InvalidInputError } from "replication-simulator";
import {
  designsOf,
  type MergePatch,
  mergePatch,
  type ScenarioInput,
  scenario,
} from "replication-simulator/scenario";
import { formatScenario, parseScenarioFile } from "replication-simulator/scenario-file";
import { describe, expect, test } from "vitest";
import { withValueAt } from "../../src/scenario/format/designs.js";

const minute = 60_000;
const hour = 60 * minute;

const base: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", writes: { perSecond: 10 } } },
  steps: [
    { at: "1m", do: { fault: "crash", of: "orders.source", for: "5m" } },
    { at: "2m", do: { fault: "crash", of: "orders.r1", for: "5m" } },
  ],
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { exponential: "2d" },
      timeToRepair: "1h",
    },
  },
  horizon: "10d",
};

function varied(vary: ScenarioInput["vary"], more: Partial<ScenarioInput> = {}): ScenarioInput {
  return { ...base, ...more, vary } as ScenarioInput;
}

/** The names of the alternatives. */
function namesOf(vary: ScenarioInput["vary"], more: Partial<ScenarioInput> = {}): string[] {
  return designsOf(scenario(varied(vary, more)))
    .slice(1)
    .map(({ name }) => name);
}

/** The values that a range has. */
function valuesOf(path: string, range: object): readonly unknown[] {
  const vary = { [path]: range } as ScenarioInput["vary"];
  return designsOf(scenario(varied(vary))).flatMap(({ point = [] }) =>
    point.map(({ value }) => value),
  );
}

/** What is wrong with a variation, as `field: expected`. */
function problemsOf(input: ScenarioInput): readonly string[] {
  try {
    designsOf(scenario(input));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.issues.map(({ field, expected }) => `${field}: ${expected}`);
  }
  return [];
}

describe("an alternative is named by its values", () => {
  test.each<[name: string, path: string, value: unknown]>([
    ["perSecond 2000", "topology.orders.writes.perSecond", 2000],
    ["bytes 4000", "topology.orders.writes.bytes", 4000],
    ["perSecond 999", "topology.orders.writes.perSecond", 999],
    ["jitter 0.5", "world.jitter", 0.5],
    ["kind group", "topology.orders.kind", "group"],
    ["horizon 1d", "horizon", 24 * hour],
    ["horizon 26h", "horizon", "26h"],
    ["at 0s", "steps[0].at", 0],
    ["detectFailure 39s", "world.latency.detectFailure", 39_000],
    ["detectFailure 450ms", "world.latency.detectFailure", 450],
    ["exponential 1d 12h", "random.crashes.every.exponential", 36 * hour],
    ['timeToRepair {"from":1,"to":2}', "random.crashes.timeToRepair", { from: 1, to: 2 }],
  ])("%s", (name, path, value) => {
    expect(namesOf({ [path]: [value] })).toEqual([name]);
  });

  test("all of them, in the order of the file", () => {
    expect(namesOf({ "world.jitter": [0, 1], horizon: ["2d", "3d"] })).toEqual([
      "jitter 0, horizon 2d",
      "jitter 0, horizon 3d",
      "jitter 1, horizon 2d",
      "jitter 1, horizon 3d",
    ]);
  });

  test("with a number where another alternative has the name", () => {
    expect(namesOf({ "world.jitter": [1, 10 / 10, 0.1] })).toEqual([
      "jitter 1",
      "jitter 1 (2)",
      "jitter 0.1",
    ]);
    const designs = { "jitter 1": { topology: null, steps: null, random: null } };
    expect(namesOf({ "world.jitter": [1] }, { designs })).toEqual(["jitter 1", "jitter 1 (2)"]);
  });
});

describe("the values of a range", () => {
  test.each<[range: object, values: readonly number[]]>([
    [{ from: 0, to: 1 }, [0, 0.25, 0.5, 0.75, 1]],
    [{ from: 0, to: 1, points: 2 }, [0, 1]],
    [{ from: 1, to: 0, points: 3 }, [1, 0.5, 0]],
    [{ from: 0.001, to: 1, points: 4, scale: "log" }, [0.001, 0.01, 0.1, 1]],
    [{ from: 0.5, to: 0.5 }, [0.5]],
    [{ from: 0, to: 1, points: 4 }, [0, 0.3333, 0.6667, 1]],
  ])("have four digits: %j", (range, values) => {
    expect(valuesOf("world.jitter", range)).toEqual(values);
  });

  test.each<[range: object, values: readonly number[]]>([
    [{ from: 0, to: 4 }, [0, 1, 2, 3, 4]],
    [{ from: 4, to: 0, points: 3 }, [4, 2, 0]],
    [{ from: 1, to: 100, points: 4 }, [1, 34, 67, 100]],
    [{ from: "1m", to: "1h", points: 3, scale: "log" }, [minute, 464_800, hour]],
  ])("between whole numbers are whole: %j", (range, values) => {
    expect(valuesOf("random.crashes.timeToRepair", range)).toEqual(values);
  });

  test("are refused where whole numbers are too near for so many", () => {
    expect(
      problemsOf(varied({ "random.crashes.timeToRepair": { from: 0, to: 3 } })).map(
        (problem) => problem.split(":")[0],
      ),
    ).toEqual(Array.from({ length: 3 }, () => 'vary["random.crashes.timeToRepair"]'));
  });

  test("of a Latin hypercube lie within it", () => {
    const vary = { "world.jitter": { from: 0.2, to: 0.4 }, horizon: { from: "1d", to: "2d" } };
    const points = designsOf(scenario(varied(vary, { samples: 5 }))).flatMap(({ point }) =>
      point === undefined ? [] : [point],
    );
    expect(points).toHaveLength(5);
    for (const [jitter, horizon] of points) {
      expect(jitter?.path).toBe("world.jitter");
      expect(jitter?.value).toBeGreaterThanOrEqual(0.2);
      expect(jitter?.value).toBeLessThanOrEqual(0.4);
      expect(horizon?.path).toBe("horizon");
      expect(Number.isInteger(horizon?.value)).toBe(true);
    }
    // Nothing varies, so nothing is drawn.
    expect(designsOf(scenario({ ...base, samples: 5 }))).toHaveLength(1);
  });
});

describe("a variation is refused", () => {
  test.each<[problem: string, input: ScenarioInput]>([
    [
      'vary["world.jitter"]: a range { from, to }, as samples are drawn',
      varied({ "world.jitter": [0, 1] }, { samples: 2 }),
    ],
    [
      'vary["world.jitter"].from: over 0 on a log scale',
      varied({ "world.jitter": { from: 0, to: 1, scale: "log" } }),
    ],
    [
      "vary: at most 200 combinations",
      varied({ "world.jitter": { from: 0, to: 1, points: 3 }, horizon: from1(67) }),
    ],
  ])("%s", (problem, input) => {
    expect(problemsOf(input)).toEqual([problem]);
  });

  test("not with 200 combinations", () => {
    const jitters = { from: 0, to: 1, points: 2 };
    expect(namesOf({ "world.jitter": jitters, horizon: from1(100) })).toHaveLength(200);
  });

  test("with the path of the patch, where a design does not fit", () => {
    expect(problemsOf({ ...base, designs: { "no name": { horizon: "1x" } } })).toEqual([
      'designs["no name"].horizon: a duration: whole ms, or text such as 90s, 15m, 1.5h, 30d, 1d 12h',
    ]);
  });
});

describe("a path", () => {
  test.each([
    ["steps[1].at", { steps: [{ at: 1 }, { at: 9 }] }],
    ["world.jitter", { steps: [{ at: 1 }, { at: 2 }], world: { jitter: 9 } }],
    ["steps[11].at", { steps: [{ at: 1 }, { at: 2 }] }],
  ])("%s has another value, and all else stays", (path, changed) => {
    const given = { steps: [{ at: 1 }, { at: 2 }] };
    expect(withValueAt(given, path, 9)).toEqual(changed);
    expect(given).toEqual({ steps: [{ at: 1 }, { at: 2 }] });
  });

  test("leads to the twelfth of a list", () => {
    const list = Array.from({ length: 12 }, () => 0);
    expect(withValueAt({ list }, "list[11]", 1)).toEqual({ list: [...list.slice(1), 1] });
  });
});

describe("a merge patch", () => {
  test.each([
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { c: 4 } }, { a: 1, b: { c: 4, d: 3 } }],
    [{ a: 1 }, { a: null, b: 2 }, { b: 2 }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 1 }, { a: { b: 1, c: null } }, { a: { b: 1 } }],
  ])("of %j, %j, gives %j", (target, patch, merged) => {
    expect(mergePatch(target, patch as MergePatch)).toEqual(merged);
  });

  test("that is none is refused", () => {
    expect(() => mergePatch({}, "x" as unknown as MergePatch)).toThrow(
      expect.objectContaining({ rule: "scenario-design" }),
    );
  });
});

describe("a file of what varies", () => {
  test.each<[vary: NonNullable<ScenarioInput["vary"]>, written: string]>([
    [{ "world.jitter": { from: 0.25, to: 0.5 } }, "world.jitter: { from: 0.25, to: 0.5 }"],
    [
      { "world.jitter": { from: 0.001, to: 1, scale: "log" } },
      "world.jitter: { from: 0.001, to: 1, scale: log }",
    ],
    [
      { "topology.orders.writes.perSecond": { from: 1000, to: 5000 } },
      "topology.orders.writes.perSecond: { from: 1000, to: 5000 }",
    ],
    [{ horizon: { from: "1d", to: "36h" } }, "horizon: { from: 1d, to: 1d 12h }"],
    [{ "world.latency.build": [450, 90_000] }, "world.latency.build: [ 450, 90000 ]"],
    [
      { "random.crashes.every": [{ exponential: 60_000 }] },
      "random.crashes.every: [ { exponential: 60000 } ]",
    ],
  ])("%j reads as it is meant, and is the same again", (vary, written) => {
    const question = scenario(varied(vary));
    const text = formatScenario(question);
    expect(text).toContain(written);
    expect(parseScenarioFile(text)).toEqual(question);
  });

  test("has patches as they are", () => {
    const designs = { slow: { random: { crashes: { every: { exponential: 60_000 } } } } };
    const question = scenario({ ...base, designs });
    expect(parseScenarioFile(formatScenario(question))).toEqual(question);
  });
});

/** A range of so many whole days from 1 on. */
function from1(points: number): { from: string; to: string; points: number } {
  return { from: "1d", to: `${String(points)}d`, points };
}
