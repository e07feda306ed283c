import { describe, expect, test } from "vitest";
import { onMemberTaskDone, onMemberTaskFailed } from "../../src/service/haGroups/groupMembers.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import {
  membersWith,
  type Rows,
  recordedTransaction,
  rowWith,
  topologyWith,
} from "./recordedTransaction.js";

/*
 * How the work of a group goes on when the task of one of its members ends (H2 to H8): replicas first, then the source,
 * and the end when all are done.
 */

type Members = Parameters<typeof membersWith>[0];

function after(
  outcome: "done" | "failed",
  member: string,
  rows: Rows,
  refused: readonly string[] = [],
): readonly string[] {
  const topology = topologyWith(rows);
  const { transaction, sent } = recordedTransaction(topology, { refused });
  const group = rowWith(topology, "groups", "g");
  const instance = rowWith(topology, "instances", member);
  if (outcome === "done") onMemberTaskDone(transaction, group, instance);
  else onMemberTaskFailed(transaction, group, instance, error);
  return sent;
}

const error = { task: "build", message: "it failed", createdAt: 3 } as const;
const failed = `g member.failed ${JSON.stringify({ lastError: error })}`;

function rows(state: HaGroup["state"], members: Members = {}): Rows {
  return { groups: [{ id: "g", state }], instances: membersWith(members) };
}

/** A task with the new size. */
function sized(target: string | number) {
  return { work: { target } as never };
}

describe("after a member is done", () => {
  test.each<[string, string, HaGroup["state"], Members, readonly string[]]>([
    ["the last replica is built", "b", "building", {}, ["g members.ready"]],
    ["another replica is being built", "b", "building", { a: { state: "building" } }, []],
    ["another replica has failed", "b", "building", { a: { state: "error" } }, []],
    ["the added replica is built", "b", "addingReplica", {}, ["g members.ready"]],
    [
      "the added replica is built and another is down",
      "b",
      "addingReplica",
      { a: { state: "shutdown" } },
      ["g members.ready"],
    ],
    ["another one is being added", "b", "addingReplica", { a: { state: "building" } }, []],
    ["another replica restarts", "b", "rebooting", { a: { state: "rebooting" } }, []],
    ["the source is left to restart", "b", "rebooting", {}, ["s restart.requested"]],
    ["the source has restarted", "s", "rebooting", {}, ["g members.ready"]],
    ["another replica is resized", "b", "resizingFlavor", { a: { state: "resizingFlavor" } }, []],
    [
      "the source is left to resize",
      "b",
      "resizingFlavor",
      { b: sized("3") },
      [`s flavorResize.requested {"target":"3"}`],
    ],
    [
      "the source has its flavor",
      "s",
      "resizingFlavor",
      { s: sized("3") },
      [
        `InstanceChanged {"id":"s","row":0,"changes":{"flavorId":"3"}}`,
        `InstanceChanged {"id":"a","row":1,"changes":{"flavorId":"3"}}`,
        `InstanceChanged {"id":"b","row":2,"changes":{"flavorId":"3"}}`,
        `GroupChanged {"id":"g","row":0,"changes":{"flavorId":"3"}}`,
        "g members.ready",
      ],
    ],
    ["another volume grows", "b", "resizingVolume", { a: { state: "resizingVolume" } }, []],
    [
      "the last volume has grown",
      "b",
      "resizingVolume",
      { b: sized(20) },
      [
        `InstanceChanged {"id":"s","row":0,"changes":{"volumeGb":20}}`,
        `InstanceChanged {"id":"a","row":1,"changes":{"volumeGb":20}}`,
        `InstanceChanged {"id":"b","row":2,"changes":{"volumeGb":20}}`,
        `GroupChanged {"id":"g","row":0,"changes":{"volumeGb":20}}`,
        "g members.ready",
      ],
    ],
    ["the group has no work", "b", "active", {}, []],
  ])("%s", (_, member, state, members, sent) => {
    expect(after("done", member, rows(state, members))).toEqual(sent);
  });

  test.each([
    ["rebooting", "restart.requested", "reboot"],
    ["resizingFlavor", "flavorResize.requested", "resizeFlavor"],
  ] as const)("the work ends if the source is lost: %s", (state, signal, task) => {
    const lost = rows(state, { s: { state: "error", status: "ERROR" } });
    const lastError = { task, message: "its source s is ERROR", createdAt: 7 };
    expect(after("done", "b", lost, [`s ${signal}`])).toEqual([
      `g member.failed ${JSON.stringify({ lastError })}`,
    ]);
  });
});

describe("after a member has failed", () => {
  const building: Members = { a: { state: "building" } };
  const removed = [
    `MemberLeft {"groupId":"g","groupRow":0,"instanceId":"a","instanceRow":1}`,
    `ReplicationStopped {"replicaId":"a","replicaRow":1,"sourceId":"s","sourceRow":0}`,
    "a delete.requested",
  ];

  test("a replica that was being added is removed", () => {
    expect(after("failed", "a", rows("addingReplica", building))).toEqual([...removed, failed]);
  });

  test("a new member that replicates from no source is removed, too", () => {
    const alone = rows("addingReplica", { a: { state: "building", sourceId: null } });
    expect(after("failed", "a", alone)).toEqual([removed[0], removed[2], failed]);
  });

  test("a member of a new group stays", () => {
    expect(after("failed", "a", rows("building", building))).toEqual([failed]);
  });

  test("a member that was built before stays", () => {
    expect(after("failed", "a", rows("rebooting", { a: { state: "rebooting" } }))).toEqual([
      failed,
    ]);
  });
});
