import { ReplicationSimulator } from "replication-simulator";
import {
  baseDesign,
  designsOf,
  formatDuration,
  journalToScenario,
  parseDuration,
  prepareScenario,
  runPrepared,
  runScenario,
  scenario,
} from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";

const minute = 60_000;

describe("durations", () => {
  test.each([
    ["0s", 0],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["1d 12h", 129_600_000],
    ["2w", 1_209_600_000],
    ["250ms", 250],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  test.each(["", "1", "1 h", "-1s", "1h2m", "1:30", "1e3s"])("not %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("a run", () => {
  test("begins at startAt, with the topology at rest, for every seed", () => {
    const question = scenario({
      scenario: 1,
      world: { startAt: "2026-03-01T00:00:00Z", jitter: 0.5 },
      topology: {
        orders: { kind: "group", replicas: 2 },
        users: { kind: "set" },
        lone: { kind: "instance" },
      },
    });
    const prepared = prepareScenario(question);
    for (const seed of [1, 2]) {
      const { sim, names } = runPrepared(prepared, { seed });
      expect(sim.now).toBe(Date.parse("2026-03-01T00:00:00Z"));
      expect(sim.getGroup(names.resolve("orders")[0] ?? "").status).toBe("ACTIVE");
      expect(names.resolve("orders.all")).toHaveLength(3);
      expect(names.resolve("users.replicas")).toHaveLength(1);
      expect(names.resolve("lone.replicas")).toEqual([]);
    }
  });

  test("resolves roles when they are used: after a failover, orders.source is another instance", () => {
    const { sim, names, refusals } = runScenario({
      scenario: 1,
      topology: { orders: { kind: "group", replicas: 1 } },
      steps: [
        { at: "1m", do: { fault: "crash", of: "orders.source" } },
        { after: "1h", do: { fault: "crash", of: "orders.source" } },
      ],
      horizon: "3h",
    });
    expect(refusals).toEqual([]);
    const [group = ""] = names.resolve("orders");
    expect(sim.listFailovers(group)).toHaveLength(2);
    expect(names.resolve("orders.3")).toEqual(names.resolve("orders.source"));
  });

  test("an operator detaches the freshest replica, and the clients go there", () => {
    const question = scenario({
      scenario: 1,
      topology: { orders: { kind: "set", replicas: 2, writes: { perSecond: 100 } } },
      steps: [{ at: "1h", do: { fault: "crash", of: "orders.source" } }],
      operators: {
        "on call": {
          when: { condition: "writesDown", of: "orders", for: "10m" },
          after: "5m",
          do: [{ command: "detachReplica", of: "orders.freshest" }],
        },
      },
      horizon: "2h",
    });
    for (const workload of [true, false]) {
      const acted: number[] = [];
      const { sim, names, start } = runPrepared(prepareScenario(question), {
        workload,
        onReaction: () => acted.push(sim_now()),
        onStart: (run) => {
          sim_now = () => run.sim.now - run.start;
        },
      });
      expect(acted).toEqual([75 * minute]);
      expect(names.resolve("orders")).not.toEqual(names.resolve("orders.1"));
      expect(sim.getInstance(names.resolve("orders")[0] ?? "").status).toBe("ACTIVE");
      expect(sim.now - start).toBe(120 * minute);
    }
  });
  let sim_now = (): number => 0;

  test("an operator does nothing when the condition is over in time, unless it shall", () => {
    const stepsUntil = (evenIfOver: boolean): number => {
      let count = 0;
      runScenario(
        {
          scenario: 1,
          topology: { orders: { kind: "set" } },
          steps: [{ at: "1h", do: { fault: "crash", of: "orders.source", for: "12m" } }],
          operators: {
            "on call": {
              when: { condition: "writesDown", of: "orders", for: "10m" },
              after: "5m",
              evenIfOver,
              do: [{ command: "restartInstance", of: "orders.source" }],
            },
          },
          horizon: "2h",
        },
        { onReaction: () => count++ },
      );
      return count;
    };
    expect([stepsUntil(false), stepsUntil(true)]).toEqual([0, 1]);
  });

  test("an operator watches what grows with time alone", () => {
    const at: number[] = [];
    let start = 0;
    let now = (): number => 0;
    runScenario(
      {
        scenario: 1,
        topology: {
          orders: {
            kind: "set",
            writes: { perSecond: 10 },
            backup: { hour: 0, minute: 30, fullBackupRetention: 2 },
          },
        },
        steps: [{ at: "1h", do: { fault: "cutLink", of: "orders.r1" } }],
        operators: {
          lag: {
            when: { condition: "lagAbove", of: "orders", limit: "20m" },
            do: [{ command: "setWorkload", of: "orders.source", transactionsPerSecond: 0 }],
          },
          backup: {
            when: { condition: "backupOlderThan", of: "orders", limit: "12h" },
            do: [{ command: "createBackup", name: "again", of: "orders" }],
          },
        },
        horizon: "1d",
      },
      {
        onStart: (run) => {
          start = run.start;
          now = () => run.sim.now;
        },
        onReaction: () => at.push(Math.floor((now() - start) / minute)),
      },
    );
    expect(at).toEqual([79, 12 * 60 + 30]);
  });

  test("counts what was refused, and goes on", () => {
    const { refusals, start } = runScenario({
      scenario: 1,
      topology: { orders: { kind: "instance" } },
      steps: [{ at: "1m", repeat: "1m", do: { command: "detachReplica", of: "orders" } }],
      horizon: "3m",
    });
    expect(refusals.map(({ at, error }) => [at - start, error.rule])).toEqual([
      [minute, "is-replica"],
      [2 * minute, "is-replica"],
      [3 * minute, "is-replica"],
    ]);
  });

  test("checks say what is not so", () => {
    const { failedChecks } = runScenario({
      scenario: 1,
      steps: [
        { label: "a", do: { command: "createInstance", flavorId: 2, volumeGb: 10 } },
        { do: { expect: "a", status: "ACTIVE" } },
        { do: "settle" },
        { label: "b", do: { command: "createReplica", replicaOf: "a", flavorId: 2, volumeGb: 10 } },
        { do: "settle" },
        { do: { expect: "a", status: "ACTIVE", role: "source", replicas: 1 } },
        { do: { expect: "b", role: "source" } },
        { do: { expect: "b", exists: false } },
      ],
    });
    expect(failedChecks.map(({ index, message }) => [index, message])).toEqual([
      [1, "a has status BUILD; expected ACTIVE"],
      [6, "b is replica; expected source"],
      [7, "b exists"],
    ]);
  });

  test("goes on in forks and restored worlds, and labels keep their meaning", () => {
    const { sim, names } = runScenario({
      scenario: 1,
      steps: [
        { label: "a", do: { command: "createInstance", flavorId: 2, volumeGb: 10 } },
        { do: "step" },
        { do: "restore" },
        { do: { fork: { jitter: 0.5 } } },
        { do: { advance: "1h" } },
        { do: { command: "renameInstance", of: "a", name: "new" } },
      ],
    });
    expect(sim.getInstance(names.resolve("a")[0] ?? "").name).toBe("new");
    expect(sim.settings.jitter).toBe(0.5);
  });
});

describe("designs", () => {
  test("are merged, then every combination of the parameters", () => {
    const question = scenario({
      scenario: 1,
      topology: { orders: { kind: "group", replicas: 2 } },
      designs: {
        "plain set": { topology: { orders: { kind: "set" } } },
        nothing: { topology: null },
      },
      vary: { "world.jitter": [0, 1], "topology.orders.replicas": [1] },
    });
    expect(
      designsOf(question).map(({ name, scenario: { topology, world } }) => [
        name,
        topology,
        world?.jitter,
      ]),
    ).toEqual([
      [baseDesign, { orders: { kind: "group", replicas: 2 } }, undefined],
      ["plain set", { orders: { kind: "set", replicas: 2 } }, undefined],
      ["nothing", undefined, undefined],
      ["jitter 0, replicas 1", { orders: { kind: "group", replicas: 1 } }, 0],
      ["jitter 1, replicas 1", { orders: { kind: "group", replicas: 1 } }, 1],
    ]);
  });
});

describe("a journal as a scenario", () => {
  test("reads as its author would have written it, and gives the same facts", () => {
    const sim = new ReplicationSimulator({ seed: 5 });
    const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
    sim.settle();
    const replica = sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: source.id });
    sim.advance(10 * minute);
    const fault = sim.inject({ kind: "crash", instanceId: replica.id }, { afterMs: 500 });
    sim.clearFault(fault);
    const group = sim.createHaGroup({
      name: "g",
      source: { flavorId: 2, volumeGb: 10 },
      replicas: [{ flavorId: 2, volumeGb: 10 }],
    });
    sim.settle();
    sim.inject({
      kind: "hang",
      instanceId: sim.getGroup(group.id).replicaIds[0] ?? "",
      durationMs: 1000,
    });
    sim.settle();
    const reported = journalToScenario(sim.journal());
    expect(reported.steps?.slice(0, 6)).toEqual([
      {
        at: 0,
        alias: "instance1",
        do: { command: "createInstance", name: "orders", flavorId: "2", volumeGb: 10 },
      },
      {
        at: 35_000,
        alias: "replica1",
        do: { command: "createReplica", flavorId: "2", volumeGb: 10, replicaOf: "instance1" },
      },
      { at: 635_000, alias: "fault1", do: { fault: "crash", in: 500, of: "replica1" } },
      { at: 635_000, do: { command: "clearFault", of: "fault1" } },
      expect.objectContaining({ at: 635_000, alias: "group1" }),
      expect.objectContaining({
        alias: "fault2",
        do: { fault: "hang", of: "group1.2", for: 1000 },
      }),
    ]);
    expect(runScenario(reported).sim.history.entries()).toEqual(sim.history.entries());
  });

  test("that begins in another world is refused by name", () => {
    const sim = new ReplicationSimulator();
    sim.createInstance({ flavorId: 2, volumeGb: 10 });
    const fork = sim.fork({ seed: 2 });
    expect(() => journalToScenario(fork.journal())).toThrow(
      expect.objectContaining({ rule: "scenario-journal" }),
    );
  });
});
