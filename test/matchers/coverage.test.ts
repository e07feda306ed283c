import fc from "fast-check";
import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import {
  type Coverage,
  collectCoverage,
  coverageOf,
  coverageTable,
} from "replication-simulator/matchers";
import { createActiveHaGroup } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { runDrafts } from "../drafts/runDrafts.js";

const instance = { name: "orders", flavorId: 2, volumeGb: 10 };

function reached(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

describe("coverage counts", () => {
  test("each rule that refuses a command, through every way to give one", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    expect(() => sim.deleteInstance("no such id")).toThrow();
    expect(sim.try.deleteInstance("no such id").ok).toBe(false);
    const other = sim.account("5678");
    expect(() => other.execute({ type: "deleteInstance", instanceId: "none" })).toThrow();
    expect(reached(collector.coverage().rules)).toEqual({ "instance-exists": 3 });
  });

  test("every malformed field of a request, each rule once", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    const malformed = { name: "", flavorId: 2, volumeGb: -1 };
    expect(() => sim.createInstance(malformed)).toThrow(InvalidInputError);
    expect(reached(collector.coverage().rules)).toEqual({ "name-length": 1, "volume-size": 1 });
  });

  test("roles, rates and outages, of reads too", () => {
    const sim = new ReplicationSimulator({ rateLimits: "documented" });
    const collector = collectCoverage(sim);
    const observer = sim.account(sim.accountId, { role: "observer" });
    expect(observer.try.createInstance(instance).ok).toBe(false);
    sim.inject({ kind: "outage" });
    expect(() => sim.listInstances()).toThrow();
    expect(reached(collector.coverage().rules)).toEqual({ "role-allows": 1, outage: 1 });
  });

  test("no check, since nothing is refused", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    expect(sim.check({ type: "deleteInstance", instanceId: "none" })).toHaveLength(1);
    expect(reached(collector.coverage().rules)).toEqual({});
  });

  test("transitions from the first state on", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    const { id } = sim.createInstance(instance);
    sim.settle();
    sim.restartInstance(id);
    sim.settle();
    sim.deleteInstance(id);
    sim.settle();
    const { transitions } = collector.coverage();
    expect(Object.values(reached(transitions)).every((count) => count === 1)).toBe(true);
    expect(Object.keys(reached(transitions)).sort()).toMatchInlineSnapshot(`
      [
        "instance: active → deleting",
        "instance: active → rebooting",
        "instance: building → active",
        "instance: deleting → deleted",
        "instance: rebooting → active",
      ]
    `);
  });

  test("faults that take effect, not those that are still to come", () => {
    const sim = new ReplicationSimulator();
    const { id } = sim.createInstance(instance);
    sim.settle();
    const collector = collectCoverage(sim);
    sim.inject({ kind: "crash", instanceId: id }, { afterMs: 60_000 });
    sim.failTask({ task: "build", skip: 1 });
    expect(reached(collector.coverage().faults)).toEqual({});
    sim.advance(60_000);
    sim.createInstance(instance);
    sim.settle();
    expect(reached(collector.coverage().faults)).toEqual({ crash: 1 });
    sim.createInstance(instance);
    sim.settle();
    expect(reached(collector.coverage().faults)).toEqual({ crash: 1, failTask: 1 });
  });

  test("until it is stopped", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    collector.stop();
    sim.createInstance(instance);
    sim.try.deleteInstance("none");
    expect(collector.coverage()).toEqual(coverageOf());
  });

  test("after a rewind, in the world that takes the place of the first", () => {
    const sim = new ReplicationSimulator();
    const collector = collectCoverage(sim);
    const savepoint = sim.history.savepoint();
    sim.createInstance(instance);
    sim.history.rollbackTo(savepoint);
    sim.try.deleteInstance("none");
    expect(collector.coverage().rules["instance-exists"]).toBe(1);
  });
});

describe("coverage of several simulators", () => {
  test("is added up, a simulator once", () => {
    const [first, second] = [new ReplicationSimulator(), new ReplicationSimulator()];
    const collector = collectCoverage(first, second);
    collector.add(first);
    const alone = collectCoverage(first);
    for (const sim of [first, second]) sim.try.deleteInstance("none");
    expect(collector.coverage().rules["instance-exists"]).toBe(2);
    const stored = JSON.parse(JSON.stringify(collector.coverage())) as Coverage;
    expect(coverageOf(stored, alone).rules["instance-exists"]).toBe(3);
    expect(stored.rules["instance-exists"]).toBe(2);
  });

  test("takes simulators only", () => {
    expect(() => collectCoverage({} as ReplicationSimulator)).toThrow(
      expect.objectContaining({ rule: "coverage-simulator" }),
    );
  });
});

test("a collector changes nothing in the world", () => {
  const [watched, alone] = [0, 1].map(() => new ReplicationSimulator({ seed: 5, journal: false }));
  if (watched === undefined || alone === undefined) throw new Error("two simulators");
  const collector = collectCoverage(watched);
  for (const sim of [watched, alone]) {
    const { source } = createActiveHaGroup(sim);
    sim.try.deleteInstance(source.id);
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.settle();
  }
  expect(reached(collector.coverage().faults)).toEqual({ crash: 1 });
  expect(watched.fingerprint()).toBe(alone.fingerprint());
  expect(watched.snapshot()).toEqual(alone.snapshot());
});

test("scenarios reach nothing that coverage does not know", () => {
  const collectors = fc.sample(draftArbitrary(), { seed: 3, numRuns: 150 }).map((draft) => {
    const sim = new ReplicationSimulator({ rateLimits: "documented" });
    const collector = collectCoverage(sim);
    runDrafts(sim, draft, { onStep: ({ next }) => collector.add(next) });
    return collector;
  });
  const total = coverageOf(...collectors);
  const known = coverageOf();
  expect(Object.keys(total.rules).sort()).toEqual(Object.keys(known.rules).sort());
  expect(Object.keys(total.transitions).sort()).toEqual(Object.keys(known.transitions).sort());
  expect(Object.keys(total.faults).sort()).toEqual(Object.keys(known.faults).sort());
  // The drafts have reached enough for that to mean something.
  expect(Object.keys(reached(total.rules)).length).toBeGreaterThan(20);
  expect(Object.keys(reached(total.transitions)).length).toBeGreaterThan(20);
  expect(Object.keys(reached(total.faults)).length).toBeGreaterThan(5);
});

test("a table shows what was reached, most often first, and on demand the rest", () => {
  const coverage: Coverage = {
    rules: { "a-rule": 0, "instance-exists": 12, "flavor-exists": 3 },
    transitions: { "instance: building → active": 1 },
    faults: { crash: 0 },
  };
  expect(coverageTable(coverage)).toBe(
    [
      "rules that refused: 2 of 3",
      "  instance-exists  12",
      "  flavor-exists     3",
      "transitions taken: 1 of 1",
      "  instance: building → active  1",
      "faults in effect: 0 of 1",
    ].join("\n"),
  );
  expect(coverageTable(coverage, { unreached: true })).toContain("\n  crash  0");
});

test("coverage of a simulator counts what a collector counts, from the journal and without refusals", () => {
  const sim = new ReplicationSimulator({ seed: 7 });
  const collector = collectCoverage(sim);
  const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
  sim.settle();
  const replica = sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: source.id });
  sim.settle();
  sim.inject({ kind: "crash", instanceId: source.id });
  sim.failTask({ task: "delete", of: replica.id });
  sim.try.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: replica.id });
  sim.deleteInstance(replica.id);
  sim.settle();
  const { transitions, faults } = collector.coverage();
  const read = coverageOf(sim);
  expect([read.transitions, read.faults]).toEqual([transitions, faults]);
  expect(Object.values(read.rules).every((count) => count === 0)).toBe(true);
  expect(read.faults["crash"]).toBe(1);
});
