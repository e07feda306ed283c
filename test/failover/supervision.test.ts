import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/model/facts.js";
import { superviseGroups } from "../../src/service/failover/superviseGroups.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import {
  type GroupRow,
  membersWith,
  type Rows,
  recordedTransaction,
  removeRow,
  topologyWith,
} from "./recordedTransaction.js";

/*
 * When a group looks for another source, and what else it does when a member changes (§3.8, H11, H12): each fact with the
 * signals that follow from it.
 */

/** Facts as short as they can be; the rows of `s`, `a` and `b` are 0, 1 and 2. */
const changed = {
  s: { type: "InstanceStateEntered", row: 0 },
  a: { type: "InstanceStateEntered", row: 1 },
  g: { type: "GroupStateEntered", row: 0 },
  left: { type: "MemberLeft", groupRow: 0, instanceRow: 2 },
  cutOff: { type: "PartitionChanged", row: 0 },
} as const;

function supervise(
  rows: Rows,
  facts: readonly object[],
  { before = {}, from = 0 }: { readonly before?: Rows; readonly from?: number } = {},
): readonly string[] {
  const { transaction, sent } = recordedTransaction(topologyWith(rows), {
    before: topologyWith(before),
    facts: facts as readonly Fact[],
  });
  superviseGroups(transaction, from);
  return sent;
}

/** What a group with a source sends itself first, whatever has happened. */
const toGroup = ["g source.recovered"];

function membersIn(states: Readonly<Record<"s" | "a" | "b", Instance["state"]>>) {
  const { s, a, b } = states;
  return membersWith({ s: { state: s }, a: { state: a }, b: { state: b } });
}

function groupIn(state: HaGroup["state"], rest: Partial<HaGroup> = {}): GroupRow[] {
  return [{ id: "g", state, ...rest }];
}

describe("a group is looked at", () => {
  test.each([
    ["its member enters a state", changed.a],
    ["it enters a state itself", changed.g],
    ["a member leaves it", changed.left],
    ["a partition cuts a member off", changed.cutOff],
  ])("when %s", (_, fact) => {
    expect(supervise({}, [fact])).toEqual(toGroup);
  });

  test("once for all facts of a transaction", () => {
    expect(supervise({}, [changed.s, changed.a, changed.g])).toEqual(toGroup);
  });

  test("with all others that the transaction touches", () => {
    const groups = [
      { id: "g", replicaIds: ["a"] },
      { id: "h", sourceId: "t", replicaIds: [] },
    ];
    const instances = [...membersWith().slice(0, 2), { id: "t", sourceId: null, groupId: "h" }];
    const facts = [changed.a, { type: "InstanceStateEntered", row: 2 }];
    expect(supervise({ groups, instances }, facts)).toEqual([
      "g source.recovered",
      "h source.recovered",
    ]);
  });

  test.each<[string, Rows, readonly object[]]>([
    ["by a fact about something else", {}, [{ type: "InstanceChanged", row: 0 }]],
    [
      "when an instance without a group changes",
      { instances: membersWith({ s: { groupId: null } }) },
      [changed.s],
    ],
    ["while it is being built", { groups: groupIn("building") }, [changed.s]],
    ["when it is being deleted", { groups: groupIn("deleting") }, [changed.g]],
    ["where there is none", { groups: [] }, [changed.s]],
  ])("not %s", (_, rows, facts) => {
    expect(supervise(rows, facts)).toEqual([]);
  });

  test("not by facts that it has seen", () => {
    expect(supervise({}, [changed.s, changed.g], { from: 2 })).toEqual([]);
  });

  test("not after it, or the instance, was removed", () => {
    const topology = topologyWith({ groups: [{ id: "g" }, { id: "h" }] });
    removeRow(topology, "groups", 0);
    removeRow(topology, "instances", 2);
    const facts = [changed.g, { type: "InstanceStateEntered", row: 2 }] as readonly unknown[];
    const { transaction, sent } = recordedTransaction(topology, { facts: facts as Fact[] });
    superviseGroups(transaction, 0);
    expect(sent).toEqual([]);
  });
});

describe("a group whose source is lost", () => {
  const lost = membersWith({ s: { state: "shutdown" } });
  const lostAndGone = ["g source.lost"];
  const error = { task: "reboot", message: "it failed", createdAt: 3 } as const;

  test.each<[string, Rows, Rows]>([
    ["its source went down", { instances: lost }, {}],
    [
      "its source was cut off from the monitor",
      { instances: membersWith({ s: { partitionId: "east" } }) },
      {},
    ],
    [
      "its source failed again in its state",
      { instances: membersWith({ s: { state: "shutdown", lastError: error } }) },
      { instances: lost },
    ],
    [
      "failover was enabled",
      { instances: lost },
      { instances: lost, groups: groupIn("enablingFailover") },
    ],
    [
      "a replica can be promoted again",
      { instances: membersWith({ s: { state: "shutdown" } }) },
      { instances: membersWith({ s: { state: "shutdown" }, a: { state: "shutdown" } }) },
    ],
    [
      "a replica is reached again",
      { instances: lost },
      { instances: membersWith({ s: { state: "shutdown" }, a: { partitionId: "east" } }) },
    ],
  ])("looks for another one when %s", (_, rows, before) => {
    expect(supervise(rows, [changed.s], { before })).toEqual(lostAndGone);
  });

  test.each<[string, Rows, Rows]>([
    ["nothing has changed", { instances: lost }, { instances: lost }],
    [
      "its search has just ended without a promotion",
      { instances: lost },
      { instances: lost, groups: groupIn("failingOver") },
    ],
    [
      "its search while replication was broken has just ended",
      { instances: lost },
      { instances: lost, groups: groupIn("detectingWhileBroken") },
    ],
  ])("does not look for another one when %s", (_, rows, before) => {
    expect(supervise(rows, [changed.s], { before })).toEqual([]);
  });

  test("does not look for another one when a replica changed and none can be promoted", () => {
    const allDown = { s: "shutdown", a: "shutdown", b: "shutdown" } as const;
    const instances = membersIn(allDown);
    const before = { instances: membersIn({ ...allDown, a: "rebooting" }) };
    expect(supervise({ instances }, [changed.s], { before })).toEqual([
      "a member.lost",
      "b member.lost",
    ]);
  });

  test("waits for a new replica, which nothing has happened to yet", () => {
    const groups = groupIn("active", { replicaIds: ["a"] });
    const before = { groups, instances: membersWith({ s: { state: "shutdown" } }).slice(0, 1) };
    expect(supervise({ groups, instances: lost.slice(0, 2) }, [changed.a], { before })).toEqual([]);
  });

  test("gives up what it was building if no member is left to copy, and owes it", () => {
    const instances = membersWith({
      s: { state: "shutdown" },
      a: { state: "building" },
      b: { state: "shutdown" },
    });
    const pendingReplicaNames = [{ name: "x", label: "y" }];
    const groups = groupIn("addingReplica", { pendingReplicaNames });
    expect(supervise({ groups, instances }, [changed.s])).toEqual([
      "b member.lost",
      `GroupChanged {"id":"g","row":0,"changes":{"pendingReplicaNames":[{"name":"x","label":"y"},{"name":"name of a","label":null}]}}`,
      `a task.failed {"lastError":{"task":"build","message":"its source s was lost, and no other member is left to copy","createdAt":7}}`,
      `MemberLeft {"groupId":"g","groupRow":0,"instanceId":"a","instanceRow":1}`,
      `ReplicationStopped {"replicaId":"a","replicaRow":1,"sourceId":"s","sourceRow":0}`,
      "a delete.requested",
      `g member.failed {"lastError":{"task":"build","message":"its source s was lost, and no other member is left to copy","createdAt":7}}`,
      "g source.lost",
    ]);
  });

  test("goes on building while a replica can be copied", () => {
    const instances = membersWith({ s: { state: "shutdown" }, a: { state: "building" } });
    expect(supervise({ groups: groupIn("addingReplica"), instances }, [changed.s])).toEqual(
      lostAndGone,
    );
  });
});

describe("a group whose source serves", () => {
  test.each<[string, Partial<HaGroup>, Parameters<typeof membersWith>[0], string | undefined]>([
    ["nothing is left to do", {}, {}, undefined],
    [
      "the second replica is broken",
      {},
      { b: { state: "replicationBroken" } },
      "replication.broken",
    ],
    ["a replica is cut off", {}, { a: { partitionId: "east" } }, "replication.broken"],
    ["replication works again", { state: "replicationBroken" }, {}, "replication.repaired"],
    ["an operation has damaged it", { state: "addReplicaFailed" }, {}, undefined],
    [
      "its source waits for a restart",
      {},
      { s: { state: "restartRequired" } },
      "configuration.pending",
    ],
    [
      "a replica waits for a restart",
      {},
      { b: { state: "restartRequired" } },
      "configuration.pending",
    ],
    [
      "a member waits for a restart while it is busy",
      { state: "rebooting" },
      { s: { state: "restartRequired" } },
      undefined,
    ],
    ["a backup of it runs", { backupId: "backup" }, {}, "backup.started"],
  ])("%s", (_, group, members, signal) => {
    const rows = { groups: [{ id: "g", ...group }], instances: membersWith(members) };
    const expected = signal === undefined ? toGroup : [...toGroup, `g ${signal}`];
    expect(supervise(rows, [changed.a])).toEqual(expected);
  });

  test("a replica is down", () => {
    const instances = membersWith({ a: { state: "shutdown" } });
    expect(supervise({ instances }, [changed.a])).toEqual([
      "a member.lost",
      ...toGroup,
      "g replication.broken",
    ]);
  });
});
