import type { CommandType } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { transitionTables } from "../../src/lifecycle/compile.js";
import { documentedCatalog } from "../../src/model/catalog.js";
import { documentedLimits } from "../../src/model/limits.js";
import { ruleBook } from "../../src/service/commandTable.js";
import { membersWith, type Rows, topologyWith } from "../failover/recordedTransaction.js";

/*
 * What rules find wrong with the members of a group and of a set that is to become one, without a simulator: the book of
 * rules has the situations in which they arise.
 */

const lifecycle = transitionTables();

function messageOf(rows: Rows, type: CommandType, id: string, input: object): string | undefined {
  const rule = ruleBook[type].find((one) => one.id === id);
  const context = {
    topology: topologyWith(rows),
    accountId: "1234",
    lifecycle,
    limits: documentedLimits,
    catalog: documentedCatalog,
    lastNamed: {},
  };
  return rule?.violation({ type, ...input } as never, context as never)?.message;
}

const member = { flavorId: "2", volumeGb: 10, datastoreType: "mysql", datastoreVersion: "5.6" };
/** A source with its replicas, outside of groups. */
function set(fields: Parameters<typeof membersWith>[0] = {}): Rows {
  const instances = membersWith({
    s: { ...member, replicaIds: ["a", "b"], ...fields.s },
    a: { ...member, ...fields.a },
    b: { ...member, ...fields.b },
  });
  return { groups: [], instances: instances.map((row) => ({ groupId: null, ...row })) };
}
const one: Rows = { groups: [{ id: "g", replicaIds: ["a"] }] };

type Case = readonly [
  when: string,
  command: CommandType,
  rule: string,
  input: object,
  rows: Rows,
  message: string | undefined,
];

const inGroup = { groupId: "g" } as const;
const onSource = { instanceId: "s" } as const;
const cases: readonly Case[] = [
  [
    "a third replica",
    "addReplica",
    "group-replica-limit",
    inGroup,
    {},
    "HA group g already has 2 replicas, the maximum",
  ],
  ["a second replica", "addReplica", "group-replica-limit", inGroup, one, undefined],
  [
    "the source",
    "removeReplica",
    "group-replica",
    { ...inGroup, instanceId: "s" },
    {},
    "s is the source of HA group g; only a replica can be removed",
  ],
  ["a replica", "removeReplica", "group-replica", { ...inGroup, instanceId: "a" }, {}, undefined],
  [
    "the last replica",
    "removeReplica",
    "last-replica",
    { ...inGroup, instanceId: "a" },
    one,
    "a is the last replica of HA group g; delete the group instead",
  ],
  ["one of two", "removeReplica", "last-replica", { ...inGroup, instanceId: "a" }, {}, undefined],
  [
    "what is no replica",
    "removeReplica",
    "last-replica",
    { ...inGroup, instanceId: "b" },
    one,
    undefined,
  ],
  [
    "volumes of the same size",
    "resizeGroupVolumes",
    "volume-grows",
    { ...inGroup, volumeGb: 10 },
    { groups: [{ id: "g", volumeGb: 10 }] },
    "cannot shrink the volumes of HA group g from 10 GB; got 10",
  ],
  [
    "larger volumes",
    "resizeGroupVolumes",
    "volume-grows",
    { ...inGroup, volumeGb: 11 },
    { groups: [{ id: "g", volumeGb: 10 }] },
    undefined,
  ],
  [
    "no replica that is up",
    "forceFailover",
    "failover-candidate",
    inGroup,
    { instances: membersWith({ a: { state: "shutdown" }, b: { partitionId: "east" } }) },
    "HA group g has no running replica to promote; recover one first",
  ],
  [
    "one replica that is up",
    "forceFailover",
    "failover-candidate",
    inGroup,
    { instances: membersWith({ a: { state: "shutdown" } }) },
    undefined,
  ],
  [
    "a member",
    "convertToHa",
    "outside-ha",
    onSource,
    {},
    "instance s already belongs to HA group g",
  ],
  ["a member of a set", "convertToHa", "outside-ha", onSource, set(), undefined],
  [
    "a version that the catalog does not have any more",
    "convertToHa",
    "ha-datastore",
    onSource,
    set({ s: { datastoreVersion: "4.1" } }),
    "datastore mysql 4.1 does not support HA",
  ],
  ["a version for HA", "convertToHa", "ha-datastore", onSource, set(), undefined],
  [
    "a replica of another size",
    "convertToHa",
    "equal-members",
    onSource,
    set({ b: { volumeGb: 20 } }),
    "members of an HA group must have equal flavor and volume size: instance s has flavor 2 and 10 GB, b has flavor 2 and 20 GB",
  ],
  [
    "a replica of another size that is leaving",
    "convertToHa",
    "equal-members",
    onSource,
    set({ b: { volumeGb: 20, state: "detaching" } }),
    undefined,
  ],
];

describe("a rule on members", () => {
  test.each(cases)("%s: %s, %s", (_, command, rule, input, rows, message) => {
    expect(messageOf(rows, command, rule, input)).toBe(message);
  });

  test("refuses work on a member once its group is formed, and a deletion before", () => {
    const converting = { instances: membersWith({ a: { state: "converting" } }) };
    const refused = (rows: Rows, command: CommandType) =>
      messageOf(rows, command, "not-ha-member", { instanceId: "a" });
    expect(refused({}, "restartInstance")).toBe(
      "instance a belongs to HA group g; restart the group",
    );
    expect(refused(converting, "restartInstance")).toBeUndefined();
    expect(refused(converting, "deleteInstance")).toMatch("instance a belongs to HA group g; ");
  });
});
