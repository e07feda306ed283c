import { ReplicationSimulator } from "replication-simulator";
import { createActiveHaGroup, createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";

describe("all rows of an account", () => {
  test("are returned without paging, in order of creation, and filtered", () => {
    const sim = new ReplicationSimulator({ limits: { maxInstancesPerAccount: 100 } });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const { group, source: groupSource } = createActiveHaGroup(sim, { name: "users" });
    for (let count = 0; count < 25; count++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.account("5678").createInstance({ flavorId: 2, volumeGb: 1 });

    expect(sim.listInstances().items).toHaveLength(20);
    expect(sim.instances()).toHaveLength(30);
    expect(sim.instances({ role: "source" }).map(({ id }) => id)).toEqual([
      source.id,
      groupSource.id,
    ]);
    expect(sim.instances({ sourceId: source.id })).toEqual(
      replicas.map(({ id }) => sim.getInstance(id)),
    );
    expect(sim.instances({ role: "stand-alone", status: "BUILD" })).toHaveLength(25);
    expect(sim.instances({ groupId: group.id })).toHaveLength(2);
    expect(sim.groups({ status: "ACTIVE" }).map(({ id }) => id)).toEqual([group.id]);
    expect(sim.account("5678").instances()).toHaveLength(1);
  });

  test("refuse a filter that is not known", () => {
    const sim = new ReplicationSimulator();
    expect(() => sim.instances({ state: "ACTIVE" } as never)).toThrow("status");
    expect(() => sim.instances({ role: "leader" } as never)).toThrow("replica");
  });
});

describe("at", () => {
  const sim = new ReplicationSimulator({ seed: 7, jitter: 0.3 });
  const { source } = createReplicationSet(sim);
  const snapshots = new Map([[sim.now, sim.fingerprint()]]);
  sim.restartInstance(source.id);
  snapshots.set(sim.now, sim.fingerprint());
  sim.settle();

  test("is the state after an entry, and time stands there", () => {
    for (const { seq, at } of sim.history.entries()) {
      const past = sim.at({ seq });
      expect(past.now).toBe(at);
      expect(past.snapshot().seq).toBe(seq + 1);
    }
    expect(sim.at({ seq: -1 }).instances()).toEqual([]);
  });

  test("is the state at a time, and goes on as this one did", () => {
    const last = sim.history.entries().at(-1)?.at ?? 0;
    const past = sim.at({ time: last - 1 });
    expect(past.getInstance(source.id).status).toBe("REBOOT");
    past.advanceTo(sim.now);
    expect(past.fingerprint()).toBe(sim.fingerprint());
  });

  test("refuses the future, and a point that is none", () => {
    expect(() => sim.at({ time: sim.now + 1 })).toThrow("at most");
    expect(() => sim.at({} as never)).toThrow("{ seq } or { time }");
    expect(() => sim.at({ seq: 1, time: 2 } as never)).toThrow("either");
  });
});

test("on calls back with the facts of one type, until it is ended", () => {
  const sim = new ReplicationSimulator();
  const created: string[] = [];
  const end = sim.on("InstanceCreated", ({ instance }, { seq }) => {
    created.push(`${instance.name} #${String(seq)}`);
  });
  sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
  sim.settle();
  end();
  sim.createInstance({ name: "b", flavorId: 2, volumeGb: 1 });
  expect(created).toEqual(["a #0"]);
});

test("fold visits every fact of the journal in order", () => {
  const sim = new ReplicationSimulator();
  createReplicationSet(sim);
  const types = sim.history.fold<readonly string[]>([], (all, { type }) => [...all, type]);
  expect(types).toEqual(
    sim.history.entries().flatMap(({ facts }) => facts.map(({ type }) => type)),
  );
});

test("an advance ends before the step at which its condition holds", () => {
  const sim = new ReplicationSimulator();
  const ids = [1, 2, 3].map(() => sim.createInstance({ flavorId: 2, volumeGb: 1 }).id);
  const start = sim.now;
  sim.advanceTo(start + 60_000, { until: () => sim.instances({ status: "ACTIVE" }).length === 2 });
  expect(sim.now).toBe(start + 35_000);
  expect(ids.map((id) => sim.getInstance(id).status)).toEqual(["ACTIVE", "ACTIVE", "BUILD"]);
  sim.advance(1_000, { until: () => false });
  expect(sim.now).toBe(start + 36_000);
  expect(() => sim.advance(1, { until: 3 } as never)).toThrow("a function");
});
