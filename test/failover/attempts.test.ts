import { describe, expect, test } from "vitest";
import type { Topology } from "../../src/model/topology.js";
import { completeFailover } from "../../src/service/failover/completeFailover.js";
import { failoverImplementations } from "../../src/service/failover/decideFailover.js";
import { hasLivingReplica } from "../../src/service/failover/electCandidate.js";
import { failoverInvariants } from "../../src/service/failover/failoverInvariants.js";
import { sourceOf } from "../../src/service/failover/roleMembers.js";
import { group as activeGroup, empty, small } from "../rules/fixtures.js";
import { membersWith, recordedTransaction, rowWith, topologyWith } from "./recordedTransaction.js";

/*
 * How a failover without a promotion ends, and what the one that is promoted and its replacement are called (§3.8).
 */

const groupIn = (topology: Topology) => rowWith(topology, "groups", "g");

/** No replica is left to promote. */
const allDown = {
  instances: membersWith({
    s: { state: "shutdown" },
    a: { state: "shutdown" },
    b: { state: "shutdown" },
  }),
};

describe("a failover without a replica that is left", () => {
  function end(attempt: number | null, message?: string, rows = allDown): readonly string[] {
    const topology = topologyWith(rows);
    const { transaction, sent } = recordedTransaction(topology);
    const work = { task: "failover", target: attempt };
    const failure = message === undefined ? undefined : { task: "failover", message };
    completeFailover(transaction, groupIn(topology), { work, failure } as never);
    return sent;
  }
  const aborted = (reason: string) => [
    `FailoverAborted ${JSON.stringify({ id: "g", row: 0, sourceId: "s", reason })}`,
    `g task.failed ${JSON.stringify({ lastError: { task: "failover", message: reason, createdAt: 7 } })}`,
  ];

  test("ends and is not repeated", () => {
    expect(end(1)).toEqual(aborted("no replica is left that can be promoted"));
  });

  test("is tried again if its task failed, three times in all", () => {
    const failed = aborted("it failed");
    expect(end(null, "it failed")).toEqual([...failed, `g source.lost {"target":2}`]);
    expect(end(2, "it failed")).toEqual([...failed, `g source.lost {"target":3}`]);
    expect(end(3, "it failed")).toEqual(failed);
  });

  test("is not tried again if the source is back", () => {
    const instances = membersWith({ a: { state: "shutdown" }, b: { state: "shutdown" } });
    expect(end(1, "it failed", { instances })).toEqual(aborted("it failed"));
  });
});

test("one replica that is up is enough to go on, none is not", () => {
  const isAnyUp = (fields: Parameters<typeof membersWith>[0]) => {
    const topology = topologyWith({ instances: membersWith(fields) });
    return hasLivingReplica(recordedTransaction(topology).transaction, groupIn(topology));
  };
  expect(isAnyUp({ a: { state: "shutdown" } })).toBe(true);
  expect(isAnyUp({ b: { state: "shutdown" } })).toBe(true);
  expect(isAnyUp({ a: { state: "shutdown" }, b: { partitionId: "east" } })).toBe(false);
});

test("a forced failover starts at once if no replica is eligible now", () => {
  const { transaction, sent } = recordedTransaction(topologyWith(allDown));
  failoverImplementations.forceFailover.decide(transaction, {
    type: "forceFailover",
    groupId: "g",
  });
  expect(sent).toEqual([`g failover.forced {"extraMs":0}`]);
});

test("a group without a source has none to fail over from", () => {
  const topology = topologyWith({ groups: [{ id: "g", sourceId: null }] });
  const { transaction } = recordedTransaction(topology);
  expect(() => sourceOf(transaction, groupIn(topology))).toThrow("HA group g has no source");
});

describe("a source that was lost", () => {
  const holds = failoverInvariants["a source that was lost never comes back"];
  const failover = {
    id: "f",
    groupId: "g",
    oldSourceId: "a",
    newSourceId: "s",
    at: 0,
    isForced: false,
    lostTransactions: 0,
  };

  test.each([
    ["is gone", { id: "other" }, true],
    ["is being deleted", { id: "a", groupId: null, state: "deleting" }, true],
    ["is ACTIVE", { id: "a", groupId: null, state: "active" }, false],
    ["is in a group", { id: "a", state: "error" }, false],
  ] as const)("%s", (_, lost, isSound) => {
    const groups = [{ id: "g", replicaIds: [], failovers: [failover] }];
    const topology = topologyWith({ groups, instances: [{ id: "s" }, lost] });
    expect(holds?.(groupIn(topology), { topology } as never)).toBe(isSound);
  });

  test("may be in its group if an operator replaced it", () => {
    const groups = [{ id: "g", failovers: [{ ...failover, isForced: true }] }];
    const topology = topologyWith({ groups });
    expect(holds?.(groupIn(topology), { topology } as never)).toBe(true);
  });
});

describe("the replacement of a source", () => {
  test.each([
    [255, "orders", "orders (2)"],
    [255, "orders (2)", "orders (3)"],
    [255, "orders (x)", "orders (x) (2)"],
    [10, "orders", "orders (2)"],
    [9, "orders", "order (2)"],
    [10, "😀😀😀😀😀😀", "😀😀😀😀😀😀 (2)"],
    [9, "😀😀😀😀😀😀", "😀😀😀😀😀 (2)"],
    [3, "abc", " (2"],
  ])("has a name of at most %i characters: %s, then %s", (maxNameLength, name, next) => {
    const sim = empty({ limits: { maxNameLength } });
    sim.createHaGroup({
      name: "g",
      source: { name, ...small },
      replicas: [{ name: "b", ...small }],
    });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    sim.settle();
    expect(sim.instances().map((row) => row.name)).toEqual(["b", next]);
  });

  test("is logged under an id of its own kind", () => {
    const sim = activeGroup();
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    sim.settle();
    expect(sim.getGroup("group-0").failovers.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^failover-\d+$/),
    ]);
  });
});
