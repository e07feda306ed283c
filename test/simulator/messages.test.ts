import { ReplicationSimulator } from "replication-simulator";
import { journalTimeline } from "replication-simulator/render";
import { createActiveHaGroup, createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { byNumber } from "../ids.js";

describe("a misspelt name is reported with its place and the known names", () => {
  test.each([
    [{ seeed: 1 }, /^seeed is not known here; it must be one of seed, startAt, .*, interpreter/],
    [
      { latency: { buidl: 5 } },
      /^latency\.buidl is not known here; it must be one of build, .*buildReplica, .*; did you mean build\?$/,
    ],
    [
      { latency: { build: 1, detach: { kind: "exponential", mean: 5 } } },
      /^latency\.detach must be an integer \(ms\), .*\{ kind: exponential, meanMs \}.*; got an object$/,
    ],
    [
      { latency: { build: -1, detach: "5 s" } },
      /^latency\.build must be .*; got -1; latency\.detach must be .*; got "5 s"$/,
    ],
    [
      { limits: { instancePerAccount: 9 } },
      /^limits\.instancePerAccount is not known here; it must be one of .*maxInstancesPerAccount/,
    ],
    [
      { limits: { maxInstancesPerAccount: 0 } },
      /^limits\.maxInstancesPerAccount must be .*; got 0$/,
    ],
    [{ latency: "slow" }, /^latency must be "documented", .*; got "slow"$/],
  ])("an option of a simulator: %j", (options, message) => {
    expect(() => new ReplicationSimulator(options as never)).toThrow(message);
  });

  test("an option of a helper", () => {
    const sim = new ReplicationSimulator();
    expect(() => createActiveHaGroup(sim, { replica: 1 } as never)).toThrow(
      /^replica is not known here; it must be one of replicas, .*, groupName, networks, acls; did you mean replicas\?$/,
    );
    expect(() => createReplicationSet(sim, { groupName: "a" } as never)).toThrow(
      /^groupName is not/,
    );
    expect(sim.listInstances().items).toEqual([]);
  });

  test("the kind of a fault", () => {
    const sim = new ReplicationSimulator();
    for (const [kind, got] of [
      ["crsh", 'must be one of crash, .*; got "crsh"'],
      [undefined, "is required: one of crash, "],
      ["toString", 'must be one of crash, .*; got "toString"'],
      [["crash"], "must be one of crash, .*; got an array of 1"],
    ] as const) {
      expect(() => sim.inject({ kind, instanceId: "a" } as never)).toThrow(
        new RegExp(`^fault.kind ${got}`),
      );
    }
    expect(() => sim.inject("crash" as never)).toThrow(
      /^fault must be an object whose kind is one of .*; got "crash"$/,
    );
  });
});

test("a wait that cannot end says why", () => {
  const sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  expect(() => sim.waitFor(id, "ACTIVE", { withinMs: 1000 })).toThrow(
    `${id} is BUILD and did not become ACTIVE: 1000 ms of virtual time have passed; raise withinMs`,
  );
  expect(() => sim.waitFor(id, "ERROR")).toThrow(
    `${id} is ACTIVE and did not become ERROR: no pending task of its account can change it`,
  );
});

test("a timeline says what a fault does when it strikes later", () => {
  const sim = new ReplicationSimulator({ createId: byNumber });
  const { id } = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
  sim.settle();
  sim.inject({ kind: "hang", instanceId: id }, { afterMs: 1000 });
  sim.advance(1000);
  expect(journalTimeline(sim.journal(), { since: 3 }).trim()).toBe(
    "0:00:36  #3  a  ACTIVE → BLOCKED  a fault activates: its service hangs  ← #2",
  );
});
