import { readdirSync, readFileSync } from "node:fs";
import { scenario as readScenario, type ScenarioInput } from "replication-simulator/scenario";
import {
  dataScenario,
  type EngineReport,
  EnsembleError,
  type Outcome,
  whatIf,
} from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { durationOf } from "../../../src/kernel/distribution.js";
import { KeyedRandom, purposes } from "../../../src/kernel/keyedRandom.js";
import { quickDurationOf } from "../../../src/kernel/quickDuration.js";
import type { Distribution } from "../../../src/model/distributions.js";
import { parseScenarioFile } from "../../../src/scenario/file/parseScenarioFile.js";
import { CompiledDesign } from "../../../src/whatif/compiled/compiledDesign.js";
import { FutureDraws } from "../../../src/whatif/compiled/futureDraws.js";
import { KeyTable } from "../../../src/whatif/compiled/keyTable.js";
import { clockLaw, LawTable } from "../../../src/whatif/compiled/lawTable.js";
import { Registers } from "../../../src/whatif/compiled/registers.js";
import { OutcomeColumns } from "../../../src/whatif/ensemble/outcomeColumns.js";

const crash = {
  fault: "crash",
  of: "orders.any",
  every: { exponential: "3d" },
  timeToRepair: { lognormal: "20m", sigma: 1 },
} as const;

const group = { kind: "group", replicas: 2 } as const;

const stock: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2 } },
  random: { crashes: crash },
  horizon: "30d",
  measures: {
    down: { measure: "writesDown", of: "orders" },
    reads: { measure: "readsDown", of: "orders" },
    interruptions: { measure: "interruptions", of: "orders" },
    taken: { measure: "recoveryTime", of: "orders" },
    "by failover": { measure: "failoverTime", of: "orders" },
    failovers: { measure: "failovers", of: "orders" },
    aborted: { measure: "abortedFailovers", of: "orders" },
    faults: { measure: "faults" },
    hours: { measure: "instanceHours" },
    degraded: { measure: "degraded", of: "orders" },
    "no copy": { measure: "noCopy", of: "orders" },
    actions: { measure: "operatorActions" },
    refused: { measure: "refused" },
  },
  expect: {
    "a minute": { never: "writesDown", of: "orders", for: "1m" },
    "a copy": { never: "noCopy", of: "orders" },
  },
};

/** What the tables have to get right, each for a reason of its own. */
const scenarios: Readonly<Record<string, ScenarioInput>> = {
  "a group that one process strikes": stock,
  "a plain set": { ...stock, topology: { orders: { kind: "set", replicas: 2 } } },
  "a lone instance": { ...stock, topology: { orders: { kind: "instance" } } },
  "clocks of instances that age": {
    ...stock,
    random: { crashes: { ...crash, of: "orders", every: { weibull: "2d", shape: 0.7 } } },
  },
  "several processes at once, each with its own law": {
    ...stock,
    random: {
      crashes: { ...crash, of: "orders", every: { weibull: "2d", shape: 2 } },
      hangs: { ...crash, fault: "hang", of: "orders.replicas", every: { from: "1h", to: "3d" } },
      broken: { ...crash, fault: "breakReplication", of: "orders.replicas", every: "1d" },
      cut: { ...crash, fault: "cutLink", every: { measured: ["1h", "7h", "3d"] } },
    },
  },
  "fixed durations, which end at one moment": {
    ...stock,
    world: {},
    random: { crashes: { ...crash, of: "orders", every: "1d", timeToRepair: "3m" } },
  },
  "a repair that ends as the next failure comes, which goes by the order of their beginnings": {
    ...stock,
    world: {},
    topology: { orders: { kind: "set", replicas: 2 } },
    random: { crashes: { ...crash, every: "6h", timeToRepair: "6h" } },
  },
  "durations of no length": {
    ...stock,
    world: { latency: "instant" },
    random: { crashes: { ...crash, timeToRepair: { measured: ["0s", "20m"] } } },
  },
  "copies of much data": {
    ...stock,
    topology: { orders: { kind: "group", replicas: 2, volumeGb: 40, usedGb: 25 } },
  },
  "a fleet": {
    ...stock,
    topology: {
      orders: { kind: "group", replicas: 2 },
      users: { kind: "set", replicas: 1 },
      cache: { kind: "instance" },
    },
    random: {
      crashes: { ...crash, of: "orders" },
      hangs: { ...crash, fault: "hang", of: "users.any" },
      losses: { ...crash, of: "cache" },
    },
    measures: {
      down: { measure: "writesDown" },
      "down of users": { measure: "writesDown", of: "users" },
      interruptions: { measure: "interruptions" },
      "of the first": { measure: "writesDown", of: "orders.1" },
      "of a replica": { measure: "interruptions", of: "orders.2" },
      "of another": { measure: "interruptions", of: "orders.3" },
      faults: { measure: "faults" },
      hours: { measure: "instanceHours" },
    },
  },
  "measures that begin later": { ...stock, warmUp: "10d" },
  "restarts at given times, again and again, among crashes": {
    ...stock,
    warmUp: "2d",
    steps: [
      { at: "2h", repeat: "12h", do: { command: "restartGroup", of: "orders" } },
      { after: "15m", do: { command: "restartInstance", of: "orders.replicas" } },
      { at: "1d", do: { fault: "crash", of: "orders.source", for: "2h" } },
    ],
  },
  "planned faults": {
    ...stock,
    topology: { orders: { kind: "set", replicas: 2 } },
    random: { crashes: { ...crash, of: "orders" } },
    steps: [
      { at: 0, do: { fault: "breakReplication", of: "orders.replicas", for: "1d" } },
      { at: 0, do: { command: "restartInstance", of: "orders.source" } },
      { at: "3d", repeat: "5d", do: { fault: "hang", of: "orders.2", in: "20m", for: "1h" } },
      { at: "7d", do: { fault: "crash", of: "orders.1" } },
      { at: "30d", do: { command: "restartInstance", of: "orders.all" } },
    ],
  },
  "steps as other things end, and without any length": {
    ...stock,
    world: { latency: "instant" },
    topology: { orders: { kind: "set", replicas: 2 } },
    random: { crashes: { ...crash, every: "6h", timeToRepair: "6h" } },
    steps: [
      { at: "6h", repeat: "6h", do: { command: "restartInstance", of: "orders.all" } },
      { at: "6h", repeat: "12h", do: { fault: "crash", of: "orders.replicas", for: "12h" } },
      { at: "30d", do: { command: "restartInstance", of: "orders.source" } },
    ],
  },
  "faults and commands at given times": {
    ...stock,
    warmUp: "1d",
    steps: [
      { at: "12h", do: { fault: "crash", of: "orders.source", for: "2h" } },
      { at: "2d", repeat: "3d", do: { command: "restartGroup", of: "orders" } },
      { at: "2d", do: { fault: "hang", of: "orders.replicas", in: "1h" } },
      { after: "1m", do: { fault: "breakReplication", of: "orders.2" } },
      { at: "30d", do: { command: "restartInstance", of: "orders.source" } },
    ],
  },
  "a step at the end of work, which comes after it": {
    ...stock,
    world: {},
    topology: { orders: { kind: "set", replicas: 1 } },
    random: { crashes: { ...crash, of: "orders", every: "1d", timeToRepair: "6h" } },
    steps: [{ at: "6h", repeat: "6h", do: { command: "restartInstance", of: "orders.source" } }],
  },
  "a conversion, and failovers of the group that it makes": {
    ...stock,
    topology: { orders: { kind: "set", replicas: 2 } },
    random: { crashes: { ...crash, of: "orders.all", every: { exponential: "2d" } } },
    steps: [
      { at: "5d", label: "ha", do: { command: "convertToHa", of: "orders", name: "ha" } },
      { at: "6d", label: "again", do: { command: "convertToHa", of: "orders", name: "again" } },
      { at: "7d", repeat: "7d", do: { command: "restartGroup", of: "ha" } },
    ],
  },
  "a replica that a step makes, and one that it deletes": {
    ...stock,
    topology: { orders: { kind: "set", replicas: 1 } },
    steps: [
      {
        at: "2d",
        repeat: "9d",
        label: "third",
        do: {
          command: "createReplica",
          replicaOf: "orders.source",
          name: "third",
          flavorId: "2",
          volumeGb: 20,
        },
      },
      { at: "6d", do: { command: "deleteInstance", of: "third" } },
    ],
  },
  "a process that a step starts": {
    ...stock,
    steps: [
      {
        at: "3d",
        label: "links",
        do: {
          fault: "random",
          effect: "cutLink",
          of: "orders.replicas",
          every: { exponential: "1d" },
          timeToRepair: "2h",
        },
      },
      { at: "20d", do: { command: "clearFault", of: "links" } },
    ],
  },
  "an operator who detaches, and one who restarts": {
    ...stock,
    topology: { orders: { kind: "set", replicas: 2 } },
    operators: {
      "on call": {
        when: { condition: "writesDown", of: "orders", for: "15m" },
        after: { lognormal: "3m", sigma: 0.5 },
        do: [{ command: "detachReplica", of: "orders.replicas" }],
      },
      late: {
        when: { condition: "degraded", of: "orders", for: "10m" },
        evenIfOver: true,
        after: { from: "1m", to: "40m" },
        do: [
          { command: "restartInstance", of: "orders.source" },
          { command: "restartInstance", of: "orders.1" },
        ],
      },
    },
    steps: [{ at: "3d", repeat: "1d", do: { command: "restartInstance", of: "orders.source" } }],
  },
  "operators without delay, at fixed times": {
    ...stock,
    world: { latency: "instant" },
    topology: { orders: { kind: "set", replicas: 1 } },
    random: { crashes: { ...crash, of: "orders", every: "6h", timeToRepair: "1h" } },
    operators: {
      now: {
        when: { condition: "readsDown", of: "orders" },
        do: [{ command: "restartInstance", of: "orders.source" }],
      },
      then: {
        when: { condition: "writesDown", of: "orders", for: "1h" },
        do: [{ command: "restartInstance", of: "orders.1" }],
      },
    },
    steps: [
      { at: "6h", repeat: "1h", do: { fault: "crash", of: "orders.source", for: "30m" } },
      { at: "30d", do: { fault: "crash", of: "orders.source" } },
    ],
  },
  "a fleet with operators and steps of its things": {
    ...stock,
    topology: { orders: { kind: "group", replicas: 1 }, users: { kind: "set", replicas: 1 } },
    random: {
      crashes: { ...crash, of: "orders" },
      hangs: { ...crash, fault: "hang", of: "users.any" },
    },
    operators: {
      "on call": {
        when: { condition: "writesDown", of: "users", for: "10m" },
        do: [{ command: "detachReplica", of: "users.replicas" }],
      },
    },
    steps: [
      { at: "2d", repeat: "5d", do: { command: "restartGroup", of: "orders" } },
      { at: "2d", repeat: "5d", do: { command: "restartInstance", of: "users.source" } },
    ],
    measures: {
      down: { measure: "writesDown" },
      actions: { measure: "operatorActions" },
      refused: { measure: "refused" },
    },
  },
};

const seeds = 60;

function reportOf(input: ScenarioInput, count = seeds): EngineReport {
  const full = dataScenario(input, {}, { engine: "simulator" });
  const compiled = new CompiledDesign(readScenario(input));
  // Compared at the end: an outcome keeps its values while later futures run.
  const outcomes: Outcome[] = [];
  for (let seed = 0; seed < count; seed++) {
    const outcome = compiled.simulate(seed);
    if (outcome === undefined) break;
    outcomes.push(outcome);
  }
  for (const [seed, outcome] of outcomes.entries())
    expect(outcome, `seed ${String(seed)}`).toEqual(full.simulate("as it is", seed));
  expectSameColumns(compiled, outcomes);
  return compiled.report();
}

/** What futures add to the columns of a shard is what they come to. */
function expectSameColumns(compiled: CompiledDesign, outcomes: readonly Outcome[]): void {
  const [added, expected] = [new OutcomeColumns(), new OutcomeColumns()];
  for (const [seed, outcome] of outcomes.entries()) {
    expected.add(seed, outcome);
    // Every other future is one of the simulator, as in a shard in which some come to too many states.
    if (seed % 2 === 1) added.add(seed, outcome);
    else expect(compiled.addTo(added, seed)).toBe(true);
  }
  expect(added.columns()).toEqual(expected.columns());
  expect(added.seeds).toEqual(expected.seeds);
}

describe("a compiled future", () => {
  test.each(Object.entries(scenarios))("has every value of the simulator's: %s", (_, input) => {
    const { engine, states, reason } = reportOf(input);
    expect(reason).toBeUndefined();
    expect(engine).toBe("compiled");
    expect(states).toBeGreaterThan(1);
  });

  test("of every example in examples/scenarios has them too, where it is compiled at all", () => {
    const folder = new URL("../../../examples/scenarios/", import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
    const reports = names.map((name) => {
      const text = readFileSync(new URL(name, folder), "utf8");
      return reportOf(parseScenarioFile(text, { file: name }), 10);
    });
    const compiled = names.filter((_, at) => reports[at]?.engine === "compiled"); // as docs/compiled.md lists them
    expect(compiled).toEqual(["availability.yaml", "rolling-restarts.yaml", "slow-monitor.yaml"]);
    for (const { engine, reason } of reports)
      expect(engine === "compiled").toBe(reason === undefined);
  });

  test("can be shown with its journal, since the simulator runs it from the same seed", () => {
    const compiled = new CompiledDesign(readScenario(stock));
    for (const seed of [3, 14, 159]) {
      const { outcome, run } = whatIf(stock).future(seed);
      expect(compiled.simulate(seed)).toEqual(outcome);
      expect(run.sim.history.entries().length).toBeGreaterThan(1);
    }
  });

  test("adds nothing to columns of other measures", () => {
    const compiled = new CompiledDesign(readScenario(stock));
    const outcome = compiled.simulate(0) ?? {};
    const others: readonly Outcome[] = [
      { ...outcome, more: 0 },
      { down: 0 },
      { ...outcome, down: [0] },
    ];
    for (const other of others) {
      const columns = new OutcomeColumns();
      columns.add(0, other);
      const before = JSON.stringify(columns.columns());
      expect(compiled.addTo(columns, 1)).toBe(false);
      expect(JSON.stringify(columns.columns())).toBe(before);
      expect(columns.seeds).toEqual([0]);
    }
  });

  test("does not depend on the futures before it", () => {
    const [one, other] = [
      new CompiledDesign(readScenario(stock)),
      new CompiledDesign(readScenario(stock)),
    ];
    for (let seed = 0; seed < 20; seed++) other.simulate(1000 + seed);
    expect(one.simulate(7)).toEqual(other.simulate(7));
    expect(one.simulate(7)).toEqual(other.simulate(7));
  });
});

describe("the engine", () => {
  const refused: readonly (readonly [string, Partial<ScenarioInput>, RegExp])[] = [
    [
      "positions",
      {
        topology: { orders: { ...group, writes: { perSecond: 10 } } },
        measures: { lost: { measure: "lostTransactions" } },
      },
      /measure lost .* needs facts/,
    ],
    [
      "the hour",
      { topology: { orders: { kind: "group", backup: { hour: 3 } } } },
      /depend on the hour/,
    ],
    ["properties", { expect: { all: { holds: "recovers" } } }, /needs facts/],
    [
      "checks",
      { steps: [{ at: "1h", do: { expect: "orders", status: "ACTIVE" } }] },
      /step 1 is not a command or a fault/,
    ],
    [
      "what creates something without a label",
      { steps: [{ at: "1h", do: { command: "createBackup", of: "orders", name: "one" } }] },
      /step 1 creates something without a label/,
    ],
    [
      "faults of a place",
      { steps: [{ at: "1h", do: { fault: "correlated", effect: "crash", zone: "zone-1" } }] },
      /step 1 strikes a place/,
    ],
    [
      "references that depend on more than the state",
      { steps: [{ at: "1h", do: { fault: "crash", of: "orders.r1" } }] },
      /refers to orders\.r1/,
    ],
    [
      "operators who wait for a time",
      {
        operators: {
          "on call": {
            when: { condition: "backupOlderThan", of: "orders", limit: "1d" },
            do: [{ command: "restartGroup", of: "orders" }],
          },
        },
      },
      /operator on call waits for backupOlderThan/,
    ],
    [
      "conditions that hold at time 0",
      {
        operators: {
          "on call": {
            when: { condition: "degraded", of: "orders", copies: 3 },
            do: [{ command: "restartGroup", of: "orders" }],
          },
        },
      },
      /holds at time 0/,
    ],
  ];

  test.each(refused)("is the simulator, and says why: %s", (_, change, reason) => {
    const report = reportOf({ ...stock, ...change });
    expect(report.engine).toBe("simulator");
    expect(report.reason).toMatch(reason);
  });

  test("that is asked for and not possible is refused", () => {
    const needsFacts = {
      ...stock,
      topology: { orders: { ...group, writes: { perSecond: 10 } } },
      measures: { lost: { measure: "lostTransactions" } },
    } as const;
    expect(() => dataScenario(needsFacts, {}, { engine: "compiled" })).toThrow(EnsembleError);
    expect(() => dataScenario(stock, {}, { engine: "compiled" })).not.toThrow();
  });

  test("makes no difference to an answer, and is said with it", async () => {
    const [compiled, simulator] = await Promise.all(
      (["compiled", "simulator"] as const).map((engine) =>
        whatIf(stock).run({ futures: 100, engine }),
      ),
    );
    expect(compiled?.engines["as it is"]?.engine).toBe("compiled");
    expect(simulator?.engines["as it is"]?.engine).toBe("simulator");
    expect(compiled?.figures("down")).toEqual(simulator?.figures("down"));
    expect(compiled?.expectations()).toEqual(simulator?.expectations());
  });
});

test("draws of a compiled future are those of KeyedRandom", () => {
  const keys = new KeyTable();
  const draws = new FutureDraws(keys);
  const texts = Array.from({ length: 40 }, (_, at) =>
    keys.keyOf(keys.fault(keys.numberOf("0123456789abcdef".repeat(2)), at)),
  );
  for (const seed of [0, 1, 4_294_967_296, 2 ** 53 - 1, "text", ""]) {
    const chance = new KeyedRandom(seed);
    draws.begin(seed);
    for (const [sequence, key] of texts.entries()) {
      for (const purpose of ["duration", "timeToFailure", "timeToRepair", "copy"] as const) {
        expect(draws.draw(purposes[purpose], keys.numberOf(key), sequence) >>> 0).toBe(
          chance.draw({ purpose, key, sequence }),
        );
      }
    }
    const [process = "", ...candidates] = texts;
    const ranks = candidates.map((key) =>
      chance.rank({ purpose: "victim", key: process, sequence: 5 }, key),
    );
    const registers = new Registers(keys, new LawTable());
    registers.reserve(texts.length);
    registers.begin(seed, 0, []);
    for (const [row, key] of texts.entries()) registers.setKey(row, keys.numberOf(key));
    registers.count[0] = 5;
    const rows = Int32Array.from(candidates, (_, at) => at + 1);
    expect(process).toBe(keys.keyOf(registers.key[0] ?? -1));
    expect(registers.victim(0, rows)).toBe(ranks.indexOf(Math.max(...ranks)));
  }
});

test("quick durations are those of their definition, for a million draws and both ends", () => {
  const laws: readonly Distribution[] = [
    { kind: "exponential", meanMs: 259_200_000 },
    { kind: "exponential", meanMs: 7 },
    { kind: "lognormal", medianMs: 1_200_000, sigma: 1 },
    { kind: "lognormal", medianMs: 3, sigma: 2.5 },
    { kind: "weibull", scaleMs: 86_400_000, shape: 0.7 },
    { from: 5, to: 9 },
    42,
  ];
  const tail = Math.floor(0.02425 * 2 ** 32);
  const ends = Array.from({ length: 2000 }, (_, at) => [at, 2 ** 32 - 1 - at, tail - 1000 + at]);
  const edges = [...ends.flat(), 2 ** 31 - 1, 2 ** 31, 2 ** 32 - tail];
  const table = new LawTable();
  for (const law of laws) {
    const number = table.numberOf(clockLaw(law));
    for (const draw of edges) {
      expect(table.durationOf(number, draw)).toBe(durationOf(law, draw));
      expect(quickDurationOf(law, draw)).toBe(durationOf(law, draw));
    }
    let state = 12_345;
    let differing = 0;
    for (let at = 0; at < 150_000; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      if (table.durationOf(number, state) !== durationOf(law, state)) differing += 1;
    }
    expect(differing).toBe(0);
  }
});
