import { describe, expect, test } from "vitest";
import type { Mutable, Topology } from "../../src/model/topology.js";
import { roleMembers } from "../../src/service/failover/roleMembers.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import { recordedTransaction, rowWith, topologyWith } from "./recordedTransaction.js";

/** Queries one world several times, as its transactions do. */
function memberQuery(topology: Topology): (id: string) => string {
  const { transaction } = recordedTransaction(topology);
  return (id) => {
    const { source, replicas } = roleMembers(transaction, rowWith(topology, "groups", id));
    const names = [source, ...replicas].map((row) => `${row.accountId}/${row.name}`);
    return names.join(" ");
  };
}

function change(topology: Topology, id: string, changes: Partial<HaGroup>): void {
  Object.assign(rowWith(topology, "groups", id) as Mutable<HaGroup>, changes);
}

const member = (id: string, groupId: string, rest: object = {}) => ({
  id,
  groupId,
  name: id,
  ...rest,
});

describe("the members of a group, queried again", () => {
  test("are those of its list, in its order, as rows of now", () => {
    const topology = topologyWith();
    const members = memberQuery(topology);
    const first = "1234/name of s 1234/name of a 1234/name of b";
    expect([members("g"), members("g")]).toEqual([first, first]);
    Object.assign(rowWith(topology, "instances", "a"), { name: "renamed" });
    expect(members("g")).toBe("1234/name of s 1234/renamed 1234/name of b");
  });

  test("are others once the list or the source is another", () => {
    const topology = topologyWith();
    const members = memberQuery(topology);
    members("g");
    change(topology, "g", { replicaIds: ["b"] });
    expect(members("g")).toBe("1234/name of s 1234/name of b");
    change(topology, "g", { sourceId: "a" });
    expect(members("g")).toBe("1234/name of a 1234/name of b");
    change(topology, "g", { sourceId: "b", replicaIds: ["s", "a"] });
    expect(members("g")).toBe("1234/name of b 1234/name of s 1234/name of a");
  });

  test("are its own where groups share a list, and accounts an id", () => {
    const none: readonly string[] = [];
    const topology = topologyWith({
      groups: [
        { id: "g", sourceId: "s", replicaIds: none },
        { id: "h", sourceId: "t", replicaIds: none },
        { id: "k", sourceId: "s", replicaIds: none, accountId: "other" },
      ],
      instances: [
        member("s", "g"),
        member("t", "h"),
        member("s", "k", { accountId: "other", name: "of the other account" }),
      ],
    });
    for (const id of ["g", "h", "k"]) change(topology, id, { replicaIds: none });
    const members = memberQuery(topology);
    expect(["g", "h", "g", "k", "g"].map(members)).toEqual([
      "1234/s",
      "1234/t",
      "1234/s",
      "other/of the other account",
      "1234/s",
    ]);
  });
});
