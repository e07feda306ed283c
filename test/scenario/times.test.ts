import { InvalidInputError } from "replication-simulator";
import { runScenario, type ScenarioInput, scenario } from "replication-simulator/scenario";
import { parseScenarioFile, ScenarioFileError } from "replication-simulator/scenario-file";
import { shrink, whatIf } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { parseMoment } from "../../src/scenario/format/worldField.js";

/* Times that a run would not keep, and fields that a measure or a condition does not use, are refused by their path. */

const minute = 60_000;
const base: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1, writes: { perSecond: 10 } } },
  horizon: "1h",
  measures: { down: { measure: "writesDown", of: "orders" } },
};
const crash = { fault: "crash", of: "orders.source", for: "1m" } as const;

/** The refusals of a scenario: path, and what was expected. */
function issuesOf(more: object): readonly string[] {
  try {
    scenario({ ...base, ...more } as ScenarioInput);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.issues.map(({ field, expected }) => `${field}: ${expected}`);
  }
}

describe("a warm-up", () => {
  test("that is shorter than the horizon is taken", () => {
    expect(issuesOf({ warmUp: "59m" })).toEqual([]);
  });

  test.each(["1h", "2h"])("of %s is refused, as nothing is measured after it", (warmUp) => {
    expect(issuesOf({ warmUp })).toEqual(["warmUp: a time before the horizon, 1h"]);
  });
});

describe("a repetition", () => {
  test("is kept where steps have times", () => {
    const steps = [{ at: "1m", repeat: "10m", do: crash }];
    expect(whatIf({ ...base, steps }).future(0).outcome["down"]).toBe(6 * minute);
  });

  test.each(["settle", { advance: "1m" }, { fork: {} }, "restore"])(
    "is refused beside %j, where steps happen once",
    (move) => {
      const steps = [{ do: move }, { at: "1m", repeat: "10m", do: crash }];
      const expected = [
        "steps[1].repeat: left out in a list with settle, step, restore, advance or fork, whose steps happen once",
      ];
      expect(issuesOf({ steps })).toEqual(expected);
      const run = (): unknown => runScenario({ ...base, steps } as ScenarioInput);
      expect(run).toThrow(/steps\[1\]\.repeat/);
    },
  );
});

describe("a step after the horizon is refused", () => {
  test.each<[string, readonly object[], readonly string[]]>([
    ["at its time", [{ at: "61m", do: crash }], ["steps[0].at: a time before the horizon, 1h"]],
    [
      "after the step before it",
      [
        { at: "30m", do: crash },
        { after: "31m", do: crash },
      ],
      ["steps[1].after: at most 30m, as the horizon is 1h"],
    ],
    [
      "once, though others follow it",
      [{ after: "2h", do: crash }, { after: "1m", do: crash }, { do: crash }],
      ["steps[0].after: at most 1h, as the horizon is 1h"],
    ],
    [
      "where it moves time beyond it",
      [{ at: "30m", do: crash }, { do: { advance: "31m" } }],
      ["steps[1].do.advance: at most 30m, as the horizon is 1h"],
    ],
    [
      "after a move of time",
      [{ do: { advance: "50m" } }, { after: "11m", do: crash }],
      ["steps[1].after: at most 10m, as the horizon is 1h"],
    ],
  ])("%s", (_, steps, expected) => {
    expect(issuesOf({ steps })).toEqual(expected);
  });

  test.each<[string, readonly object[]]>([
    [
      "at the horizon",
      [
        { at: "30m", do: crash },
        { after: "30m", do: crash },
      ],
    ],
    ["which moves time to it", [{ do: { advance: "30m" } }, { do: { advance: "30m" } }]],
    [
      "where an earlier time stands later in the list",
      [
        { at: "50m", do: crash },
        { at: "1m", do: crash },
        { after: "59m", do: crash },
      ],
    ],
  ])("but not one %s", (_, steps) => {
    expect(issuesOf({ steps })).toEqual([]);
  });

  test("with its line in a file", () => {
    const text = `scenario: 1
topology: { orders: { kind: set } }
measures: { down: { measure: writesDown, of: orders } }
horizon: 1h
steps:
  - { at: 30m, do: { fault: crash, of: orders.source, for: 1m } }
  - { after: 10h, do: { fault: crash, of: orders.source, for: 1m } }
`;
    expect(() => parseScenarioFile(text)).toThrow(ScenarioFileError);
    expect(() => parseScenarioFile(text)).toThrow(/scenario\.yaml:7:\d+ steps\[1\]\.after: "10h"/);
  });
});

test("a replay without figures may last longer than its horizon", () => {
  const { measures: _, ...replay } = base;
  const steps = [
    { at: "30m", do: crash },
    { after: "31m", do: crash },
  ] as const;
  expect(scenario({ ...replay, steps }).steps).toHaveLength(2);
});

test("a run without a horizon takes any times", () => {
  const { horizon: _, ...open } = base;
  const steps = [{ do: { advance: "3h" } }, { after: "31h", do: crash }] as const;
  expect(scenario({ ...open, steps, warmUp: "1h" }).steps).toHaveLength(2);
});

describe("measures and expectations end at the horizon", () => {
  // The crash ends long after the horizon, and the last of these moves of time is to its end.
  const moves = Array.from({ length: 20 }, () => ({ do: "step" }));
  const steps = [{ at: "50m", do: { ...crash, for: "5h" } }, ...moves];
  const late = { ...base, steps } as ScenarioInput;

  test("though steps go on after it", () => {
    const { outcome, run } = whatIf(late).future(0);
    expect(run.sim.now - run.start).toBeGreaterThan(60 * minute);
    expect(outcome["down"]).toBe(10 * minute);
  });

  test("and so do conditions that must never hold", () => {
    const never = { never: "writesDown", of: "orders" } as const;
    const question = whatIf({
      ...late,
      expect: { short: { ...never, for: "10m" }, long: { ...never, for: "11m" } },
    });
    expect(question.future(0).breaks).toEqual(["short"]);
  });

  test("and commands that are refused later do not count", () => {
    const refused = { command: "restartInstance", of: "orders.source" };
    const question = whatIf({
      ...late,
      measures: { refused: { measure: "refused" } },
      steps: [...steps, { do: { ...refused, of: "id:nothing" } }],
    } as ScenarioInput);
    const { outcome, run } = question.future(0);
    expect(run.refusals).toHaveLength(1);
    expect(outcome["refused"]).toBe(0);
  });
});

test("a scenario that was shrunk can be read again", () => {
  const question = whatIf({
    ...base,
    warmUp: "10m",
    steps: [
      { at: "1m", do: { ...crash, for: "5m" } },
      { after: "50m", do: crash },
    ],
    expect: { up: { never: "writesDown", of: "orders" } },
  });
  const found = shrink(question.scenario, 0);
  expect(found?.scenario.horizon).toBeLessThanOrEqual(10 * minute);
  expect(() => scenario(found?.scenario as ScenarioInput)).not.toThrow();
});

describe("a moment", () => {
  test.each(["2026-02-28", "2024-02-29T00:00:00Z", "2026-12-31T23:59:59.999Z"])(
    "%s exists",
    (value) => {
      expect(parseMoment(value)).toBe(Date.parse(value));
    },
  );

  test.each(["2026-02-29", "2026-02-31T00:00:00Z", "2026-04-31", "2026-13-01", "2026-01-00"])(
    "%s does not, and is refused",
    (value) => {
      expect(parseMoment(value)).toBeUndefined();
      expect(issuesOf({ world: { startAt: value } })[0]).toMatch(/^world\.startAt: .*exists/);
    },
  );
});

describe("a quantile of all values", () => {
  test.each([0, 1, "0 %", "100 %", "0.0 %"])("is refused where its share is %j", (quantile) => {
    const expect_ = { e: { quantile, of: "down", atMost: "1h" } };
    expect(issuesOf({ expect: expect_ })).toEqual([
      "expect.e.quantile: a share over 0 and under 1, such as 0.95 or 99.9 %",
    ]);
  });

  test.each([0.001, 0.999, "0.1 %", "99.95 %"])("is taken where its share is %j", (quantile) => {
    expect(issuesOf({ expect: { e: { quantile, of: "down", atMost: "1h" } } })).toEqual([]);
  });
});

describe("a field that is not used is refused", () => {
  test.each<[string, object]>([
    ["expect.e.limit", { expect: { e: { never: "noCopy", of: "orders", limit: "5m" } } }],
    ["expect.e.copies", { expect: { e: { never: "noCopy", of: "orders", copies: 1 } } }],
    [
      "expect.e.copies",
      { expect: { e: { never: "lagAbove", of: "orders", limit: "1s", copies: 1 } } },
    ],
    ["expect.e.of", { expect: { e: { holds: "invariants", of: "orders" } } }],
    ["measures.m.quantile", { measures: { m: { measure: "writesDown", quantile: 0.5 } } }],
    ["measures.m.copies", { measures: { m: { measure: "noCopy", copies: 1 } } }],
    ["measures.m.quantile", { measures: { m: { measure: "degraded", quantile: "mean" } } }],
    [
      "operators.o.when.copies",
      {
        operators: {
          o: { when: { condition: "writesDown", of: "orders", copies: 1 }, do: [crash] },
        },
      },
    ],
  ])("%s", (field, more) => {
    expect(issuesOf(more).map((issue) => issue.split(":")[0])).toEqual([field]);
  });

  test.each<[string, object]>([
    ["expect.e.limit", { expect: { e: { never: "lagAbove", of: "orders" } } }],
    ["expect.e.limit", { expect: { e: { never: "backupOlderThan", of: "orders" } } }],
    [
      "operators.o.when.limit",
      { operators: { o: { when: { condition: "lagAbove", of: "orders" }, do: [crash] } } },
    ],
  ])("and one that is needed is asked for: %s", (field, more) => {
    expect(issuesOf(more).map((issue) => issue.split(":")[0])).toEqual([field]);
  });

  test.each<[string, object]>([
    ["copies of degraded", { expect: { e: { never: "degraded", of: "orders", copies: 1 } } }],
    ["a limit of lagAbove", { expect: { e: { never: "lagAbove", of: "orders", limit: "1s" } } }],
    ["copies of a measure", { measures: { m: { measure: "degraded", of: "orders", copies: 1 } } }],
    ["a quantile of lag", { measures: { m: { measure: "lag", of: "orders", quantile: "100 %" } } }],
  ])("but not %s", (_, more) => {
    expect(issuesOf(more)).toEqual([]);
  });
});

describe("a property of one thing", () => {
  const two: ScenarioInput = {
    scenario: 1,
    topology: {
      a: { kind: "group", replicas: 2 },
      b: { kind: "group", replicas: 2 },
    },
    steps: [{ at: "2h", do: { command: "removeReplica", of: "b", instanceId: "b.r1" } }],
    horizon: "1d",
  };

  test.each([
    ["a", []],
    ["b", ["b has 2 copies of 3"]],
    [undefined, ["b has 2 copies of 3"]],
  ])("holds of %s alone", (of, messages) => {
    const { violations } = whatIf({
      ...two,
      expect: { r: { holds: "recovers", ...(of === undefined ? {} : { of }) } },
    }).future(0);
    expect(violations.map(({ message }) => message)).toEqual(messages);
  });

  test("is refused of a part of it", () => {
    expect(() => whatIf({ ...two, expect: { r: { holds: "recovers", of: "a.source" } } })).toThrow(
      /expect\.r\.of.*a thing as a whole: a/,
    );
  });
});
