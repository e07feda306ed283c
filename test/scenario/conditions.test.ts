import {
  type ConditionOf,
  type NameTable,
  runScenario,
  type ScenarioInput,
} from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { watchCondition } from "../../src/scenario/run/conditions.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Parts = Omit<ScenarioInput, "scenario">;

/** The names of a scenario at its horizon. */
function namesAt(horizon: string | number, parts: Parts): NameTable {
  const { names, refusals } = runScenario({ scenario: 1, ...parts, horizon });
  expect(refusals).toEqual([]);
  return names;
}

const watch = (names: NameTable, condition: Omit<ConditionOf<number>, "of">) =>
  watchCondition({ of: "orders", ...condition } as ConditionOf<number>, names);

const two = { orders: { kind: "set", replicas: 2 } } as const;
const crash = (of: string): object => ({ at: "1h", do: { fault: "crash", of } });
const parts = (...steps: readonly object[]): Parts => ({
  topology: two,
  steps: steps as NonNullable<Parts["steps"]>,
});

describe("a condition of copies", () => {
  const kinds = ["writesDown", "readsDown", "degraded", "noCopy", "replicationBroken"] as const;
  test.each<[state: string, steps: readonly object[], holding: readonly string[]]>([
    ["as planned", [], []],
    ["without a replica", [crash("orders.r1")], ["degraded"]],
    // Both replicas have lost their source, and hold all that was written.
    ["without a source", [crash("orders.source")], ["writesDown", "degraded", "replicationBroken"]],
    [
      "with one replica alone",
      [crash("orders.source"), crash("orders.r1")],
      ["writesDown", "degraded", "replicationBroken"],
    ],
    [
      "without an instance that answers",
      [crash("orders.source"), crash("orders.r1"), crash("orders.r2")],
      ["writesDown", "readsDown", "degraded", "noCopy"],
    ],
    ["with a cut link", [{ at: "1h", do: { fault: "cutLink", of: "orders.r1" } }], ["degraded"]],
  ])("%s", (_, steps, holding) => {
    const names = namesAt("2h", parts(...steps));
    expect(kinds.filter((condition) => watch(names, { condition }).holds())).toEqual(holding);
    for (const condition of kinds) {
      expect(watch(names, { condition }).turnsAt()).toBeUndefined();
    }
  });

  test("holds with so many copies, and fewer", () => {
    const held = (...steps: readonly object[]): readonly boolean[] => {
      const names = namesAt("2h", parts(...steps));
      return [0, 1, 2, 3].map((copies) => watch(names, { condition: "degraded", copies }).holds());
    };
    expect(held()).toEqual([false, false, false, true]);
    expect(held(crash("orders.r1"))).toEqual([false, false, true, true]);
    expect(held(crash("orders.r1"), crash("orders.r2"))).toEqual([false, true, true, true]);
  });

  test("of a label that names a replica has clients that write nowhere else", () => {
    const names = namesAt("2h", {
      topology: { orders: { kind: "set" } },
      steps: [
        {
          label: "copy",
          do: { command: "createReplica", replicaOf: "orders", flavorId: 2, volumeGb: 10 },
        },
      ],
    });
    const copy = (condition: "writesDown" | "readsDown"): boolean =>
      watchCondition({ condition, of: "copy" }, names).holds();
    expect([copy("writesDown"), copy("readsDown")]).toEqual([false, false]);
    expect(() => watchCondition({ condition: "noCopy", of: "other" }, names)).toThrow(
      "other is not a thing of the topology",
    );
  });
});

describe("a condition of the age of backups", () => {
  const backup = (name: string, of = "orders", at: string | number = "1h"): object => ({
    at,
    do: { command: "createBackup", name, of },
  });
  const older = (names: NameTable, limit: number) =>
    watch(names, { condition: "backupOlderThan", limit });

  test("counts from the start of the newest one that is complete, and holds above its limit", () => {
    const names = namesAt("10h", parts(backup("a"), backup("b", "orders", "3h")));
    const limit = 7 * hour;
    expect(older(names, limit - 1).holds()).toBe(true);
    expect(older(names, limit).holds()).toBe(false);
    expect(older(names, limit).turnsAt()).toBe(names.sim.now + 1);
    expect(older(names, limit).turnsAt(names.sim.now + 1)).toBeUndefined();
    expect(older(names, limit - 1).turnsAt()).toBeUndefined();
    expect(older(names, day).turnsAt()).toBe(names.sim.now - 7 * hour + day + 1);
  });

  test("counts from the start of the world without one, nor with one under way or of another", () => {
    const begun = (...steps: readonly object[]): number => {
      const names = namesAt("2h", {
        topology: { ...two, users: { kind: "set" } },
        steps: steps as NonNullable<Parts["steps"]>,
      });
      const { now, settings } = names.sim;
      const age = now - settings.startAt;
      expect(older(names, age).holds()).toBe(false);
      expect(older(names, age - 1).holds()).toBe(true);
      return age;
    };
    const age = begun();
    expect(begun(backup("other", "users"))).toBe(age);
    expect(begun(backup("late", "orders", 2 * hour - 1))).toBe(age);
  });

  test("does not count the copy that a new replica is built from", () => {
    const names = namesAt("3h", {
      topology: { orders: { kind: "set" } },
      steps: [
        {
          at: "1h",
          do: { command: "createReplica", replicaOf: "orders", flavorId: 2, volumeGb: 10 },
        },
      ],
    });
    expect(older(names, 2 * hour + 1).holds()).toBe(true);
    expect(names.resolve("orders.backup1")).toEqual([]);
  });
});

describe("a name follows", () => {
  /** Ids as the names by birth that have them. */
  const births = (names: NameTable, reference: string): readonly string[] =>
    names
      .resolve(reference)
      .map(
        (id) =>
          [1, 2, 3, 4]
            .map((born) => `orders.${String(born)}`)
            .find((name) => names.resolve(name).includes(id)) ?? id,
      );

  test.each<[what: string, steps: readonly object[], source: string, replicas: string[]]>([
    ["nothing", [], "orders.1", ["orders.2", "orders.3"]],
    [
      "clients to a replica that is detached while its source is down",
      [crash("orders.source"), { at: "2h", do: { command: "detachReplica", of: "orders.r2" } }],
      "orders.3",
      [],
    ],
    [
      "no replica that is detached while its source answers",
      [{ at: "1h", do: { command: "detachReplica", of: "orders.r1" } }],
      "orders.1",
      ["orders.3"],
    ],
    [
      "a replica that is promoted with the clients",
      [{ at: "1h", do: { command: "promoteReplica", of: "orders.r2", moveClients: true } }],
      "orders.3",
      ["orders.2", "orders.1"],
    ],
    [
      "clients that stay where they are when a replica is promoted without them",
      [{ at: "1h", do: { command: "promoteReplica", of: "orders.r2" } }],
      "orders.1",
      [],
    ],
    [
      "clients that an operator moves",
      [
        { do: { command: "setWorkload", of: "orders", transactionsPerSecond: 1 } },
        { at: "1h", do: { command: "detachReplica", of: "orders.r1" } },
        { at: "2h", do: { command: "moveClients", of: "orders.1", toInstanceId: "orders.2" } },
      ],
      "orders.2",
      [],
    ],
    [
      "no replica that is deleted while its source is down",
      [crash("orders.source"), { at: "2h", do: { command: "deleteInstance", of: "orders.r1" } }],
      "orders.1",
      ["orders.3"],
    ],
  ])("%s", (_, steps, source, replicas) => {
    const names = namesAt("4h", parts(...steps));
    expect(births(names, "orders.source")).toEqual([source]);
    expect(births(names, "orders")).toEqual([source]);
    expect(births(names, "orders.replicas")).toEqual(replicas);
    expect(births(names, "orders.all")).toEqual([source, ...replicas]);
    expect(births(names, "orders.r1")).toEqual(replicas.slice(0, 1));
  });

  test("a replica that is added, in the order in which it came", () => {
    const names = namesAt("4h", {
      topology: { orders: { kind: "set", replicas: 1 } },
      steps: [
        { at: "1h", do: { command: "deleteInstance", of: "orders.r1" } },
        {
          at: "2h",
          do: { command: "createReplica", replicaOf: "orders", flavorId: 2, volumeGb: 10 },
        },
      ],
    });
    expect(births(names, "orders.all")).toEqual(["orders.1", "orders.3"]);
    expect(births(names, "orders.r1")).toEqual(["orders.3"]);
    expect(names.resolve("orders.4")).toEqual([]);
  });

  test("the source of a group, whose name is the group", () => {
    const steps = [crash("orders.source")] as NonNullable<Parts["steps"]>;
    const topology = { orders: { kind: "group", replicas: 1 } } as const;
    const names = namesAt("3h", { topology, steps });
    const [group = ""] = names.resolve("orders");
    expect(names.sim.getGroup(group).status).toBe("ACTIVE");
    // The old source is gone, and another replica was built.
    expect(births(names, "orders.all")).toEqual(["orders.2", "orders.3"]);
  });

  test("the freshest replica, of equal ones the first; none that cannot be promoted", () => {
    const slow = { at: "1h", do: { fault: "slowLink", of: "orders.r1", lag: "1m" } };
    const writes = { topology: { orders: { ...two.orders, writes: { perSecond: 10 } } } };
    const freshest = (...steps: readonly object[]): readonly string[] =>
      births(namesAt("2h", { ...parts(...steps), ...writes }), "orders.freshest");
    expect(freshest()).toEqual(["orders.2"]);
    expect(freshest(slow)).toEqual(["orders.3"]);
    expect(freshest(slow, crash("orders.r2"))).toEqual(["orders.2"]);
    expect(freshest(crash("orders.r1"), crash("orders.r2"))).toEqual([]);
  });

  test("backups of the thing, in the order in which they came, those of its schedule too", () => {
    const names = namesAt("26h", {
      topology: {
        orders: {
          kind: "set",
          replicas: 1,
          backup: { hour: 2, minute: 0, fullBackupRetention: 3 },
        },
        users: { kind: "set" },
      },
      steps: [
        { at: "1h", do: { command: "createBackup", name: "other", of: "users" } },
        { at: "90m", do: { command: "createBackup", name: "own", of: "orders" } },
      ],
    });
    const nameOf = (reference: string): string | undefined => {
      const [id] = names.resolve(reference);
      return id === undefined ? undefined : names.sim.getBackup(id).name;
    };
    expect(nameOf("orders.backup1")).toBe("own");
    expect(nameOf("orders.backup2")).toBeDefined();
    expect(names.resolve("orders.backup2")).not.toEqual(names.resolve("orders.backup1"));
    expect(nameOf("users.backup1")).toBe("other");
    expect(names.resolve("users.backup2")).toEqual([]);
  });

  test("a label of a member of a group, an id, and no name that nothing has", () => {
    const size = { flavorId: 2, volumeGb: 10 };
    const names = namesAt("1h", {
      steps: [
        {
          label: "g",
          do: {
            command: "createHaGroup",
            name: "g",
            source: { ...size, label: "first" },
            replicas: [size],
          },
        },
      ],
    } as Parts);
    expect(names.resolve("first")).toEqual(names.resolve("g.source"));
    expect(names.resolve("id:any")).toEqual(["any"]);
    expect(names.resolve("nobody")).toEqual(["nobody"]);
    expect(names.thing("nobody")).toBeUndefined();
  });

  test("in a copy what happens there, and not what happens in the first world", () => {
    const names = namesAt("1h", { topology: { orders: { kind: "set", replicas: 1 } } });
    const fork = names.sim.fork();
    const copy = names.copyFor(fork);
    fork.subscribe((entry) => {
      copy.follow(entry);
    });
    const ownerId = names.resolve("orders")[0] ?? "";
    fork.createBackup({ name: "b", ownerKind: "instance", ownerId });
    fork.settle();
    expect(copy.resolve("orders.backup1")).toHaveLength(1);
    expect(names.resolve("orders.backup1")).toEqual([]);
  });
});
