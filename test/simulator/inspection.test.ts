import assert from "node:assert";
import { inspect } from "node:util";
import { ReplicationSimulator } from "replication-simulator";
import { chai, describe, expect, test } from "vitest";

/*
 * Equality assertions, snapshot matchers and prints see the simulated world. Other test runners compare own enumerable
 * properties as Vitest and node:assert do.
 */

const small = { name: "orders", flavorId: 2, volumeGb: 1 } as const;

function pair(): readonly [ReplicationSimulator, ReplicationSimulator] {
  return [new ReplicationSimulator({ seed: 7 }), new ReplicationSimulator({ seed: 7 })];
}

describe("two simulators", () => {
  test("are equal after the same commands", () => {
    const [a, b] = pair();
    for (const sim of [a, b]) {
      sim.createInstance(small);
      sim.settle();
    }
    expect(a).toEqual(b);
    expect(a).toStrictEqual(b);
    assert.deepStrictEqual(a, b);
    chai.expect(a).to.deep.equal(b);
    expect(a.account("5678")).toEqual(b.account("5678"));
  });

  const changes: Readonly<Record<string, (sim: ReplicationSimulator) => void>> = {
    "an instance more": (sim) => void sim.createInstance(small),
    "a moment later": (sim) => sim.advance(1),
    "a fault that is scheduled": (sim) =>
      void sim.inject({ kind: "outage", durationMs: 1 }, { afterMs: 60_000 }),
    "a fault of another account": (sim) => void sim.account("5678").failTask({ task: "build" }),
  };

  test.each(Object.entries(changes))("differ by %s", (_, change) => {
    const [a, b] = pair();
    change(b);
    expect(a).not.toEqual(b);
    expect(a).not.toStrictEqual(b);
    assert.throws(() => {
      assert.deepStrictEqual(a, b);
    });
    chai.expect(a).not.to.deep.equal(b);
    expect(JSON.stringify(a)).not.toBe(JSON.stringify(b));
  });

  test("differ by a seed that has decided nothing yet", () => {
    expect(new ReplicationSimulator({ seed: 1 })).not.toEqual(
      new ReplicationSimulator({ seed: 2 }),
    );
  });

  test("differ in place, too", () => {
    const [a, b] = [1, 2].map(() => new ReplicationSimulator({ store: "in-place" }));
    expect(a).toEqual(b);
    b?.createInstance(small);
    expect(a).not.toEqual(b);
  });
});

describe("two clients of an account", () => {
  test("are equal when another account changes, and differ when theirs does", () => {
    const [a, b] = pair();
    b.account("5678").createInstance(small);
    expect(a.account("1234")).toEqual(b.account("1234"));
    b.account("1234").createInstance(small);
    expect(a.account("1234")).not.toEqual(b.account("1234"));
  });
});

describe("a simulator prints its topology as a tree, not its settings", () => {
  const sim = new ReplicationSimulator({ seed: 7 });
  const { id } = sim.createInstance(small);
  sim.settle();
  sim.createReplica({ ...small, name: "orders-eu", replicaOf: id });
  const tree = [
    "ReplicationSimulator at 0:00:35",
    "source orders         RESTART  mysql 5.6, flavor 2, 1 GB",
    "└─ replica orders-eu  BUILD    mysql 5.6, flavor 2, 1 GB",
  ].join("\n");

  test("with util.inspect and console.log", () => {
    expect(inspect(sim)).toBe(tree);
  });

  test("in a template string", () => {
    expect(`${sim.toString()}`).toBe(tree);
    expect(String(sim)).toBe(tree);
  });

  test("as JSON, with the fingerprint", () => {
    expect(JSON.parse(JSON.stringify(sim))).toEqual({
      now: sim.now,
      elapsed: "0:00:35",
      topology: tree.split("\n").slice(1),
      fingerprint: sim.fingerprint(),
    });
  });

  test("of its own account alone, for the client of an account", () => {
    expect(String(sim.account("5678"))).toBe("AccountClient at 0:00:35\n(no instances)");
  });
});
