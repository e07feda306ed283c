import { checkScenario } from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";

/* Scenarios that have the form of the format, and contradict themselves. */

const orders = { kind: "set", writes: { perSecond: 10 } };
const base = { scenario: 1, horizon: "1d", topology: { orders } };

/** Every problem of a scenario, as `field: expected (rule)`. */
function problems(parts: object): readonly string[] {
  return checkScenario({ ...base, ...parts }).issues.map(
    ({ field, expected, rule }) => `${field}: ${expected} (${rule})`,
  );
}

const stepOf = (action: object | string, more: object = {}): object => ({
  steps: [{ ...more, do: action }],
});
const onCall = (when: object, ...actions: readonly object[]): object => ({
  operators: {
    "on call": {
      when,
      do: actions.length === 0 ? [{ command: "restartInstance", of: "orders" }] : actions,
    },
  },
});

describe("a reference to nothing is refused where it stands", () => {
  const unknown = "the name of a thing: orders; did you mean orders? (scenario-reference)";
  test.each<[place: string, parts: object]>([
    ["steps[0].do.of", stepOf({ fault: "crash", of: "ordes.source" })],
    ["steps[0].do.of", stepOf({ command: "restartInstance", of: "ordes" })],
    [
      "steps[0].do.replicaOf",
      stepOf({ command: "createReplica", replicaOf: "ordes", flavorId: 2, volumeGb: 10 }),
    ],
    ["steps[0].do.expect", stepOf({ expect: "ordes" })],
    ['operators["on call"].when.of', onCall({ condition: "writesDown", of: "ordes" })],
    [
      'operators["on call"].do[1].of',
      onCall(
        { condition: "writesDown", of: "orders" },
        { command: "restartInstance", of: "orders" },
        { command: "restartInstance", of: "ordes.r1" },
      ),
    ],
    [
      "random.r.of",
      { random: { r: { fault: "crash", of: "ordes", every: "1d", timeToRepair: 1 } } },
    ],
    ["measures.m.of", { measures: { m: { measure: "writesDown", of: "ordes" } } }],
    ["expect.e.of", { expect: { e: { never: "noCopy", of: "ordes" } } }],
  ])("%s", (place, parts) => {
    expect(problems(parts)).toEqual([`${place}: ${unknown}`]);
  });

  test("with no hint where there is none", () => {
    expect(problems({ topology: {}, ...stepOf({ fault: "crash", of: "x" }) })).toEqual([
      "steps[0].do.of: the name of a thing: none is defined (scenario-reference)",
    ]);
  });

  test("labels and aliases of steps, and of members of a group, are names", () => {
    const size = { flavorId: 2, volumeGb: 10 };
    const steps = [
      { label: "a", do: { command: "createInstance", ...size } },
      { alias: "b", do: { command: "createInstance", ...size } },
      {
        do: {
          command: "createHaGroup",
          name: "g",
          source: { ...size, label: "c" },
          replicas: [size, { ...size, label: "d" }],
        },
      },
      ...["a", "b", "c", "d", "id:any-id", "orders.backup1"].map((of) => ({
        do: { expect: of, exists: true },
      })),
    ];
    expect(problems({ steps })).toEqual([]);
    expect(problems({ steps: [...steps, { do: { expect: "e" } }] })).toEqual([
      "steps[9].do.expect: the name of a thing: orders, a, b, c, d; did you mean a? (scenario-reference)",
    ]);
    // What steps create exists later: nothing that begins with the run refers to it.
    const later = { measures: { m: { measure: "writesDown", of: "a" } } };
    expect(problems({ steps, ...later })).toHaveLength(1);
  });

  test("an alias is no name that something else has", () => {
    const make = { command: "createInstance", flavorId: 2, volumeGb: 10 };
    expect(problems(stepOf(make, { alias: "orders" }))).toEqual([
      "steps[0].alias: a name that nothing else has (scenario-label)",
    ]);
    const steps = [
      { label: "a", do: make },
      { alias: "a", do: make },
    ];
    expect(problems({ steps })).toEqual([
      "steps[1].alias: a name that nothing else has (scenario-label)",
    ]);
  });
});

describe("a random process of a step", () => {
  const process = { fault: "random", effect: "crash", every: "1d", timeToRepair: "1h" };
  test.each([
    { of: "orders" },
    { of: "all" },
    { zone: "zone-1" },
    { rack: "rack-2" },
    { each: "zone" },
  ])("has the target %j", (target) => {
    expect(problems(stepOf({ ...process, ...target }))).toEqual([]);
  });

  const one = "exactly one of of, zone, rack, each (scenario-random)";
  test.each<[problem: string, target: object]>([
    [`steps[0].do.of: ${one}`, {}],
    [`steps[0].do.zone: ${one}`, { of: "all", zone: "zone-1" }],
    [`steps[0].do.each: ${one}`, { rack: "rack-1", each: "rack" }],
  ])("has exactly one target: %s", (problem, target) => {
    expect(problems(stepOf({ ...process, ...target }))).toEqual([problem]);
  });

  test("a fault of another kind does not have the target all", () => {
    expect(problems(stepOf({ fault: "crash", of: "all" }))).toEqual([
      "steps[0].do.of: the name of a thing: orders (scenario-reference)",
    ]);
  });

  test("nor does a command of an operator", () => {
    const when = { condition: "writesDown", of: "orders" };
    expect(problems(onCall(when, { command: "restartInstance", of: "all" }))).toHaveLength(1);
    expect(problems(onCall(when, { ...process, of: "all" }))).toEqual([]);
  });
});

describe("the times of a step", () => {
  test.each<[timing: object, problem?: string]>([
    [{ at: "1d" }],
    [{ at: 86_400_001 }, "steps[0].at: a time before the horizon, 1d (scenario-step)"],
    [{ after: "2d" }],
    [{ at: "1h", after: 0 }, "steps[0].after: left out where at is given (scenario-step)"],
    [{ at: 0, repeat: 1 }],
    [{ at: 0, repeat: 0 }, "steps[0].repeat: longer than 0 (scenario-step)"],
  ])("%j", (timing, problem) => {
    expect(problems(stepOf({ expect: "orders" }, timing))).toEqual(
      problem === undefined ? [] : [problem],
    );
  });

  test("a repetition needs a horizon, a time does not", () => {
    const endless = { horizon: undefined };
    expect(problems({ ...endless, ...stepOf({ expect: "orders" }, { at: "40d" }) })).toEqual([]);
    expect(problems({ ...endless, ...stepOf({ expect: "orders" }, { repeat: "1h" }) })).toEqual([
      "steps[0].repeat: left out where there is no horizon (scenario-step)",
    ]);
  });
});

describe("a measure", () => {
  const measure = (spec: object, more: object = {}): readonly string[] =>
    problems({ ...more, measures: { m: spec } });
  const two = { orders, idle: { kind: "group", replicas: 2 }, lone: { kind: "instance" } };

  test.each<[of: string, isTaken: boolean]>([
    ["idle.1", true],
    ["idle.3", true],
    ["idle.4", false],
    ["idle.r1", false],
    ["idle.source", false],
    ["idle.backup1", false],
    ["idle.all", true],
    ["orders.2", true],
    ["orders.3", false],
    ["lone.1", true],
    ["lone.2", false],
  ])("of %s: %j", (of, isTaken) => {
    expect(measure({ measure: "writesDown", of }, { topology: two })).toHaveLength(isTaken ? 0 : 1);
  });

  test("of a part of a thing is refused with the instances that there are", () => {
    const topology = { topology: two };
    expect(measure({ measure: "readsDown", of: "idle.r1" }, topology)).toEqual([
      "measures.m.of: idle, or an instance that exists at time 0: idle.1 to idle.3, the source first (scenario-measure)",
    ]);
    expect(measure({ measure: "readsDown", of: "lone.2" }, topology)).toEqual([
      "measures.m.of: lone, or an instance that exists at time 0: lone.1 (scenario-measure)",
    ]);
    expect(measure({ measure: "failovers", of: "idle.1" }, topology)).toEqual([
      "measures.m.of: a thing as a whole: idle (scenario-measure)",
    ]);
    expect(measure({ measure: "refused", of: "idle" }, topology)).toEqual([
      "measures.m.of: left out: refused commands of all steps and operators count (scenario-measure)",
    ]);
  });

  test("of writes needs some: at its thing, at any thing if it has none, or by a command", () => {
    const topology = { topology: two };
    const needed = "one that needs no writes, or writes: { perSecond: 100 }";
    expect(measure({ measure: "lag" }, topology)).toEqual([]);
    expect(measure({ measure: "lag", of: "idle" }, topology)).toEqual([
      `measures.m.measure: ${needed} at the thing (scenario-measure)`,
    ]);
    const set = { command: "setWorkload", of: "idle", transactionsPerSecond: 5 };
    const other = { command: "restartInstance", of: "idle.source" };
    expect(measure({ measure: "lag", of: "idle" }, { ...topology, ...stepOf(set) })).toEqual([]);
    expect(measure({ measure: "lag", of: "idle" }, { ...topology, ...stepOf(other) })).toHaveLength(
      1,
    );
    const when = { condition: "writesDown", of: "idle" };
    const byOperator = { ...topology, ...onCall(when, set) };
    expect(measure({ measure: "lag", of: "idle" }, byOperator)).toEqual([]);
  });
});

describe("a condition", () => {
  const topology = { orders, idle: { kind: "group" } };
  const whole = (of: string): string => `a thing as a whole: ${of} (scenario-reference)`;
  test("is one of a thing as a whole", () => {
    for (const of of ["idle", "idle.all", "idle.any"]) {
      expect(problems({ topology, expect: { e: { never: "noCopy", of } } })).toEqual([]);
    }
    for (const of of ["idle.1", "idle.r1", "idle.source", "idle.replicas", "idle.backup1"]) {
      expect(problems({ topology, expect: { e: { never: "noCopy", of } } })).toEqual([
        `expect.e.of: ${whole("idle")}`,
      ]);
      expect(problems({ topology, ...onCall({ condition: "noCopy", of }) })).toEqual([
        `operators["on call"].when.of: ${whole("idle")}`,
      ]);
    }
  });

  test("of a lag needs writes at its thing, or a command that sets them", () => {
    const needed = "one that needs no writes, or writes: { perSecond: 100 } at idle";
    const never = { topology, expect: { e: { never: "lagAbove", of: "idle", limit: "1m" } } };
    const when = { condition: "lagAbove", of: "idle", limit: "1m" };
    expect(problems(never)).toEqual([`expect.e.never: ${needed} (scenario-measure)`]);
    expect(problems({ topology, ...onCall(when) })).toEqual([
      `operators["on call"].when.condition: ${needed} (scenario-measure)`,
    ]);
    const set = { command: "setWorkload", of: "idle", transactionsPerSecond: 5 };
    expect(problems({ ...never, ...stepOf(set) })).toEqual([]);
    expect(
      problems({ topology, expect: { e: { never: "lagAbove", of: "orders", limit: "1m" } } }),
    ).toEqual([]);
  });
});

describe("what would be ignored is refused", () => {
  test.each<[spec: object, problem?: string]>([
    [{ measure: "degraded", copies: 1 }],
    [{ measure: "noCopy", copies: 1 }, "measures.m.copies: one of measure, of (known-field)"],
    [{ measure: "lag", quantile: 0.5 }],
    [
      { measure: "interruptions", quantile: 0.5 },
      "measures.m.quantile: one of measure, of (known-field)",
    ],
  ])("in a measure: %j", (spec, problem) => {
    expect(problems({ measures: { m: spec } })).toEqual(problem === undefined ? [] : [problem]);
  });

  test.each<[condition: string, more: object, problem?: string]>([
    ["degraded", { copies: 0 }],
    ["writesDown", { copies: 0 }, "copies"],
    ["lagAbove", { limit: "1m" }],
    ["backupOlderThan", { limit: 0 }],
    ["writesDown", { limit: "10m" }, "limit"],
    ["writesDown", { for: "10m" }],
  ])("in a condition: %s with %j", (condition, more, problem) => {
    const at = (field: string, key: string): readonly string[] =>
      problem === undefined ? [] : [`${field}.${problem}: one of ${key}, of, for (known-field)`];
    expect(problems({ expect: { e: { never: condition, of: "orders", ...more } } })).toEqual(
      at("expect.e", "never"),
    );
    expect(problems(onCall({ condition, of: "orders", ...more }))).toEqual(
      at('operators["on call"].when', "condition"),
    );
  });

  test("of a warm-up that measures nothing", () => {
    const problem = "warmUp: a time before the horizon, 1d (scenario-measure)";
    expect(problems({ warmUp: "23h" })).toEqual([]);
    expect(problems({ warmUp: "1d" })).toEqual([problem]);
    expect(problems({ warmUp: "2d" })).toEqual([problem]);
    expect(problems({ warmUp: 0, horizon: 0 })).toEqual([]);
    expect(problems({ warmUp: "2d", horizon: undefined })).toEqual([]);
  });
});

describe("an expectation of a figure", () => {
  const measures = { measures: { down: { measure: "writesDown" } } };
  test.each<[expectation: object, problem?: string]>([
    [{ mean: "down", atMost: 1 }],
    [{ mean: "down", atLeast: 1 }],
    [{ mean: "down" }, "expect.e.atMost: a bound: atMost, atLeast or both (scenario-expectation)"],
    [
      { share: "dwn", above: 0, atMost: 0.5 },
      "expect.e.share: the name of a measure: down; did you mean down? (scenario-measure)",
    ],
    [
      { quantile: 0.5, of: "orders", atMost: 1 },
      "expect.e.of: the name of a measure: down (scenario-measure)",
    ],
  ])("%j", (expectation, problem) => {
    expect(problems({ ...measures, expect: { e: expectation } })).toEqual(
      problem === undefined ? [] : [problem],
    );
  });

  test("of a scenario without measures is refused", () => {
    expect(problems({ expect: { e: { mean: "down", atMost: 1 } } })).toEqual([
      "expect.e.mean: the name of a measure: none is defined (scenario-measure)",
    ]);
  });
});

describe("a place", () => {
  const world = (placement: object): object => ({ world: { placement } });
  const correlated = { fault: "correlated", effect: "crash" };
  const group = (members: object): object => ({
    command: "createHaGroup",
    name: "g",
    source: { flavorId: 2, volumeGb: 10 },
    replicas: [{ flavorId: 2, volumeGb: 10 }],
    ...members,
  });
  test.each<[problem: string | undefined, parts: object]>([
    [undefined, stepOf({ ...correlated, zone: "zone-3" })],
    [
      "steps[0].do.zone: one of zone-1, zone-2, zone-3 (known-place)",
      stepOf({ ...correlated, zone: "zone-4" }),
    ],
    [undefined, { ...world({ zones: 4 }), ...stepOf({ ...correlated, zone: "zone-4" }) }],
    [
      "steps[0].do.rack: one of rack-1, rack-2 (known-place)",
      {
        ...world({ zones: 1 }),
        ...stepOf({ ...correlated, rack: "rack-3" }),
      },
    ],
    [
      'operators["on call"].do[0].zone: one of zone-1, zone-2, zone-3 (known-place)',
      onCall({ condition: "noCopy", of: "orders" }, { ...correlated, zone: "zone-4" }),
    ],
    [
      "steps[0].do.source.zone: one of zone-1, zone-2, zone-3 (known-place)",
      stepOf(group({ source: { flavorId: 2, volumeGb: 10, zone: "zone-4" } })),
    ],
    [
      "steps[0].do.replicas[1].zone: one of zone-1, zone-2, zone-3 (known-place)",
      stepOf(
        group({
          replicas: [
            { flavorId: 2, volumeGb: 10, zone: "zone-3" },
            { flavorId: 2, volumeGb: 10, zone: "zone-4" },
          ],
        }),
      ),
    ],
  ])("%s", (problem, parts) => {
    expect(problems(parts)).toEqual(problem === undefined ? [] : [problem]);
  });
});
