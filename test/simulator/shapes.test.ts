import {
  InvalidInputError,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { createActiveHaGroup, createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import {
  after,
  type Budget,
  type Menu,
  movesOf,
  type Situation,
  wholeState,
} from "./worldStates.js";

const options: SimulatorOptions = { seed: 1, journal: false, startAt: 0 };
const all = ["crash", "hang", "breakReplication", "cutLink"] as const;

function set(replicas: 1 | 2): ReplicationSimulator {
  const sim = new ReplicationSimulator(options);
  createReplicationSet(sim, { replicas });
  return sim;
}

function group(replicas: 1 | 2): ReplicationSimulator {
  const sim = new ReplicationSimulator(options);
  createActiveHaGroup(sim, { replicas });
  return sim;
}

interface SmallWorld {
  readonly name: string;
  readonly make: () => ReplicationSimulator;
  readonly menu: Menu;
  readonly budget: Budget;
  readonly depth: number;
}

const commands = ["restartInstance", "detachReplica", "deleteInstance"] as const;
const worlds: readonly SmallWorld[] = [
  {
    name: "a set of 1 + 1, 2 faults of 4 kinds",
    make: () => set(1),
    menu: { faults: all },
    budget: { faults: 2, commands: 0 },
    depth: 5,
  },
  {
    name: "a set of 1 + 2, 2 faults of 4 kinds",
    make: () => set(2),
    menu: { faults: all },
    budget: { faults: 2, commands: 0 },
    depth: 3,
  },
  {
    name: "a set of 1 + 1, 1 fault and 1 command",
    make: () => set(1),
    menu: { faults: all, commands },
    budget: { faults: 1, commands: 1 },
    depth: 4,
  },
  {
    name: "a set of 1 + 2, 1 fault and 1 command",
    make: () => set(2),
    menu: { faults: ["crash", "breakReplication"], commands },
    budget: { faults: 1, commands: 1 },
    depth: 3,
  },
  {
    name: "a group of 1 + 1, 2 crashes",
    make: () => group(1),
    menu: { faults: ["crash"] },
    budget: { faults: 2, commands: 0 },
    depth: 5,
  },
  {
    name: "a group of 1 + 2, 2 faults of 3 kinds",
    make: () => group(2),
    menu: { faults: ["crash", "hang", "breakReplication"] },
    budget: { faults: 2, commands: 0 },
    depth: 3,
  },
];

/** Every situation up to a depth, each found by every way to it: nothing is merged. */
function* everyWay(world: SmallWorld): Generator<Situation> {
  function* from(situation: Situation, depth: number): Generator<Situation> {
    yield situation;
    if (depth === 0) return;
    for (const move of movesOf(situation, world.menu)) {
      const next = after(situation, move);
      if (next !== undefined) yield* from(next, depth - 1);
    }
  }
  yield* from({ sim: world.make(), left: world.budget }, world.depth);
}

describe("the shape of a world", () => {
  test.each(worlds)("$name has as many shapes as whole states", (world) => {
    const states = new Set<string>();
    const shapes = new Set<string>();
    const pairs = new Set<string>();
    for (const { sim } of everyWay(world)) {
      const [state, shape] = [wholeState(sim), sim.stateSpace.shape()];
      states.add(state);
      shapes.add(shape);
      pairs.add(`${state}\n${shape}`);
    }
    expect(states.size).toBeGreaterThan(5);
    expect(shapes.size).toBe(states.size);
    expect(pairs.size).toBe(states.size);
  });

  test.each(worlds)("$name: worlds of one shape run on alike", (world) => {
    const runsOn = new Map<string, string>();
    const seen = new Map<string, number>();
    let compared = 0;
    for (const situation of everyWay({ ...world, depth: 3 })) {
      const { sim, left } = situation;
      const key = `${sim.stateSpace.shape()}\n${JSON.stringify(left)}`;
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      if (times > 3) continue;
      // What can be tried, and where each of it leads: induction does the rest.
      const next = movesOf(situation, world.menu)
        .map((move) => {
          const name =
            move.kind === "choice" ? (move.choice.task ?? move.choice.kind) : move.command.type;
          return `${name} ${after(situation, move)?.sim.stateSpace.shape() ?? "refused"}`;
        })
        .sort()
        .join("\n");
      const before = runsOn.get(key);
      if (before === undefined) runsOn.set(key, next);
      else {
        compared += 1;
        expect(next).toBe(before);
      }
    }
    expect(compared).toBeGreaterThan(3);
  });

  test("is the same whatever rows are called, and whichever replica it is", () => {
    const shapes = new Set<string>();
    for (const seed of [1, 2]) {
      for (const name of ["orders", "invoices"]) {
        for (const at of [0, 1] as const) {
          const sim = new ReplicationSimulator({ ...options, seed });
          const { replicas } = createReplicationSet(sim, { replicas: 2, name });
          sim.advance(seed * 1000);
          const replica = replicas[at];
          if (replica === undefined) throw new Error("a set of two replicas has two");
          sim.inject({ kind: "breakReplication", replicaId: replica.id });
          shapes.add(sim.stateSpace.shape());
        }
      }
    }
    expect(shapes.size).toBe(1);
  });

  test("distinguishes which replica it is where order counts", () => {
    const shapes = [0, 1].map((at) => {
      const sim = group(2);
      const replica = [...sim.instances({ role: "replica" })][at];
      if (replica === undefined) throw new Error("a group of two replicas has two");
      sim.inject({ kind: "cutLink", replicaId: replica.id });
      return [sim.stateSpace.shape(), sim.stateSpace.shape({ ordered: true })];
    });
    expect(shapes[0]?.[0]).toBe(shapes[1]?.[0]);
    expect(shapes[0]?.[1]).not.toBe(shapes[1]?.[1]);
  });

  test("distinguishes what happened to one instance, and to two", () => {
    const [both, one] = [set(2), set(2)];
    const [a, b] = [...both.instances({ role: "replica" })];
    both.inject({ kind: "breakReplication", replicaId: a?.id ?? "" });
    both.inject({ kind: "cutLink", replicaId: b?.id ?? "" });
    one.inject({ kind: "breakReplication", replicaId: a?.id ?? "" });
    one.inject({ kind: "cutLink", replicaId: a?.id ?? "" });
    expect(both.stateSpace.shape()).not.toBe(one.stateSpace.shape());
  });

  test("does not hold when a failure will be repaired, where that was drawn", () => {
    const shapes = [1, 2].map((seed) => {
      const sim = new ReplicationSimulator({ ...options, seed });
      sim.createInstance({ flavorId: "2", volumeGb: 10 });
      sim.settle();
      const times = { kind: "exponential", meanMs: 1000 } as const;
      sim.injectRandom({
        fault: "crash",
        target: "all",
        timeToFailure: times,
        timeToRepair: times,
      });
      const [fault] = sim.stateSpace.choices();
      if (fault === undefined) throw new Error("a clock runs");
      sim.stateSpace.fire(fault);
      return sim.stateSpace.shape();
    });
    expect(shapes[0]).toBe(shapes[1]);
  });

  test("can leave out what is being deleted", () => {
    const sim = set(1);
    const before = sim.stateSpace.shape();
    const { id } = sim.createInstance({ flavorId: "2", volumeGb: 10 });
    sim.settle();
    sim.deleteInstance(id);
    expect(sim.stateSpace.shape()).not.toBe(before);
    expect(sim.stateSpace.shape({ deleting: false })).toBe(before);
  });

  test.each([[null], [{ order: true }], [{ ordered: 1 }]])("refuses %j", (given) => {
    expect(() => set(1).stateSpace.shape(given as never)).toThrow(InvalidInputError);
  });
});

describe("choices", () => {
  test("happen now, whenever they are due", () => {
    const sim = set(1);
    const [source] = [...sim.instances({ role: "source" })];
    const id = source?.id ?? "";
    sim.inject({ kind: "crash", instanceId: id, durationMs: 3_600_000 });
    sim.restartInstance([...sim.instances({ role: "replica" })][0]?.id ?? "");
    const { now } = sim;
    expect(sim.stateSpace.choices().map(({ kind, task }) => [kind, task])).toEqual([
      ["instance", "reboot"],
      ["fault", null],
    ]);
    const repair = sim.stateSpace.choices()[1];
    if (repair === undefined) throw new Error("the fault is repaired some day");
    sim.stateSpace.fire(repair);
    expect(sim.now).toBe(now);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    expect(sim.listFaults()).toEqual([]);
    // What was fired is not due any more, and what was not still is.
    expect(sim.stateSpace.choices()).toHaveLength(1);
    sim.settle();
    expect(sim.stateSpace.choices()).toEqual([]);
    expect(() => {
      sim.stateSpace.fire(repair);
    }).toThrow(InvalidInputError);
  });

  test("name each victim of a process on a population", () => {
    const base = set(2);
    base.injectRandomAmong({
      fault: "crash",
      target: "all",
      timeBetweenFailures: { kind: "exponential", meanMs: 1000 },
      timeToRepair: { kind: "exponential", meanMs: 10 },
    });
    const choices = base.stateSpace.choices();
    expect(choices.map(({ outOf }) => outOf)).toEqual([3, 3, 3]);
    expect(choices.map(({ distribution }) => distribution)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: "exponential", meanMs: 1000 })),
    );
    for (const choice of choices) {
      const sim = base.fork();
      sim.stateSpace.fire(choice);
      const down = [...sim.instances()].filter(({ status }) => status === "SHUTDOWN");
      expect(down.map(({ id }) => id)).toEqual([choice.victimId]);
    }
  });

  test("are refused where a journal is kept, and where they are none", () => {
    const written = new ReplicationSimulator();
    written.createInstance({ flavorId: "2", volumeGb: 10 });
    const [choice] = written.stateSpace.choices();
    if (choice === undefined) throw new Error("a build ends some day");
    const before = JSON.stringify(written.snapshot());
    expect(() => {
      written.stateSpace.fire(choice);
    }).toThrow(/journal/);
    expect(JSON.stringify(written.snapshot())).toBe(before);
    const sim = written.fork();
    expect(() => {
      sim.stateSpace.fire({ ...choice, seq: 99 });
    }).toThrow(InvalidInputError);
  });
});

describe("a choice that is none", () => {
  test.each([[null], [1], ["choice"], [[]], [{}], [{ kind: "instance", id: 1, seq: "a" }]])(
    "is refused: %j",
    (given) => {
      const sim = set(1);
      sim.restartInstance([...sim.instances()][0]?.id ?? "");
      const before = JSON.stringify(sim.snapshot());
      expect(() => {
        sim.stateSpace.fire(given as never);
      }).toThrow(InvalidInputError);
      expect(JSON.stringify(sim.snapshot())).toBe(before);
    },
  );
});

describe("allowed commands", () => {
  test("are those that no rule refuses, of all combinations", () => {
    const sim = set(1);
    const [source, replica] = [...sim.instances()].map(({ id }) => id);
    const ids = [source ?? "", replica ?? "", "nothing"];
    const allowed = sim.stateSpace.allowedCommands({
      detachReplica: { instanceId: ids },
      resizeFlavor: { instanceId: ids, flavorId: ["2", "3"] },
    });
    expect(allowed).toContainEqual({ type: "detachReplica", instanceId: replica });
    expect(allowed.filter(({ type }) => type === "detachReplica")).toHaveLength(1);
    for (const command of allowed) expect(() => sim.fork().execute(command)).not.toThrow();
  });

  test.each([[null], [{ restartInstance: 1 }], [{ restartInstance: { instanceId: "a" } }]])(
    "refuse %j",
    (given) => {
      expect(() => set(1).stateSpace.allowedCommands(given as never)).toThrow(InvalidInputError);
    },
  );
});
