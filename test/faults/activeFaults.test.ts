import { describe, expect, test } from "vitest";
import type { Topology } from "../../src/model/topology.js";
import type { Backup } from "../../src/service/backups/backup.model.js";
import {
  activeFaults,
  clockAt,
  clocksOf,
  faultOf,
  faultOnPart,
  faultsOf,
  findResource,
  isStillDamaged,
  partsOf,
  randomProcesses,
  slowdownFactor,
  targetIdOf,
} from "../../src/service/faults/activeFaults.js";
import type { Fault, FaultOf, RandomTarget } from "../../src/service/faults/fault.model.js";
import { outageRefusal } from "../../src/service/faults/outage.js";
import {
  candidatesAmong,
  candidatesOf,
  canFail,
  isTarget,
  targetsOf,
} from "../../src/service/faults/randomTargets.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import { instancesInPlace } from "../../src/service/placement/placement.js";
import { faultRow, instanceRow, topologyWith } from "./rows.js";
import { foreign, lifecycle } from "./transaction.js";

/*
 * How faults are looked up, and which instances random and correlated ones can strike.
 */

const crash: Fault = { kind: "crash", instanceId: "i0" };
const random = (target: RandomTarget): FaultOf<"random"> => ({
  kind: "random",
  fault: "crash",
  target,
  timeToFailure: 10,
  timeToRepair: 5,
});
const among = (
  target: RandomTarget,
  fault: FaultOf<"randomAmong">["fault"] = "crash",
): FaultOf<"randomAmong"> => ({
  kind: "randomAmong",
  fault,
  target,
  timeBetweenFailures: 10,
  timeToRepair: 5,
});
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe("a fault still damages an instance", () => {
  const link = (condition: "cut" | "slow") =>
    ({ link: { condition: { condition } } }) as Partial<Instance>;
  const cases: readonly (readonly [Fault, Partial<Instance>, boolean])[] = [
    [crash, { state: "shutdown" }, true],
    [crash, { state: "replicaDown" }, true],
    [crash, { state: "blocked" }, false],
    [crash, { state: "active" }, false],
    [{ kind: "hang", instanceId: "i0" }, { state: "blocked" }, true],
    [{ kind: "hang", instanceId: "i0" }, { state: "shutdown" }, false],
    [{ kind: "loseHost", instanceId: "i0" }, { state: "error" }, true],
    [{ kind: "loseHost", instanceId: "i0" }, { state: "shutdown" }, false],
    [
      { kind: "breakReplication", replicaId: "i0" },
      { state: "replicationBroken", sourceId: "s" },
      true,
    ],
    [{ kind: "breakReplication", replicaId: "i0" }, { state: "replicationBroken" }, false],
    [{ kind: "breakReplication", replicaId: "i0" }, { state: "active", sourceId: "s" }, false],
    [{ kind: "cutLink", replicaId: "i0" }, link("cut"), true],
    [{ kind: "cutLink", replicaId: "i0" }, link("slow"), false],
    [{ kind: "cutLink", replicaId: "i0" }, {}, false],
    [{ kind: "slowLink", replicaId: "i0", lagMs: 1 }, link("slow"), true],
    [{ kind: "slowLink", replicaId: "i0", lagMs: 1 }, link("cut"), false],
    [{ kind: "partition", instanceId: "i0" }, { partitionId: "p" }, true],
    [{ kind: "partition", instanceId: "i0" }, {}, false],
    [{ kind: "outage" }, {}, true],
    [{ kind: "recover", instanceId: "i0" }, {}, true],
  ];

  test.each(cases)("%j in %j: %j", (fault, changes, expected) => {
    expect(isStillDamaged(fault, instanceRow(0, changes))).toBe(expected);
  });
});

describe("faults are found", () => {
  const faults = [
    faultRow(0, random("all"), { phase: "recurring" }),
    faultRow(1, random({ instanceId: "i1" }), {
      clockOf: { processOrdinal: 0, instanceOrdinal: 1 },
    }),
    faultRow(2, random({ instanceId: "i2" }), {
      clockOf: { processOrdinal: 0, instanceOrdinal: 2 },
    }),
    faultRow(3, random("all"), { accountId: "b" }),
    faultRow(4, { kind: "outage" }),
    faultRow(5, { kind: "slowTasks", factor: 2 }),
    faultRow(6, crash, { partOf: "f8", targetOrdinal: 0 }),
    faultRow(7, crash, { partOf: "f8", accountId: "b" }),
    faultRow(8, { kind: "correlated", effect: "crash", zone: "zone-1" }),
    faultRow(9, { kind: "outage" }),
    faultRow(10, random({ instanceId: "i1" }), { id: "f2", accountId: "b" }),
  ];
  const topology = topologyWith({
    instances: [instanceRow(0)],
    faults,
    watched: [0, 3, 4, 5, 8, 9],
    standing: { "clock 0 1": 1, "clock 0 2": 2, "clock 00 1": 3, "clock 3 1": 10, "service 0": 6 },
  });

  test("by the process and the instance of a clock", () => {
    expect(clockAt(topology, { processOrdinal: 0, instanceOrdinal: 2 })).toBe(faults[2]);
    expect(clockAt(topology, { processOrdinal: 0, instanceOrdinal: 3 })).toBeUndefined();
    expect(ids(clocksOf(topology, 0))).toEqual(["f1", "f2"]);
    expect(clocksOf(topology, 1)).toEqual([]);
  });

  test("by the account of a random process", () => {
    expect(ids(randomProcesses(topology, "a"))).toEqual(["f0"]);
    expect(ids(randomProcesses(topology, "b"))).toEqual(["f3"]);
    expect(randomProcesses(topologyWith({ watched: [0] }), "a")).toEqual([]);
  });

  test("by id and account", () => {
    expect(faultOf(topology, { accountId: "a", id: "f2" })).toBe(faults[2]);
    expect(faultOf(topology, { accountId: "b", id: "f2" })).toBe(faults[10]);
    expect(faultOf(topology, { accountId: "b", id: "f4" })).toBeUndefined();
    expect(ids(faultsOf(topology, "b"))).toEqual(["f3", "f7", "f2"]);
    expect(ids(partsOf(topology, { accountId: "a", id: "f8" }))).toEqual(["f6"]);
    expect(ids(partsOf(topology, { accountId: "b", id: "f8" }))).toEqual(["f7"]);
  });

  test("by the part of an instance that they damage", () => {
    expect(faultOnPart(topology, "service", instanceRow(0))).toBe(faults[6]);
    expect(faultOnPart(topology, "link", instanceRow(0))).toBeUndefined();
    expect(faultOnPart(topology, "service", instanceRow(1))).toBeUndefined();
    expect(faultOnPart(topologyWith({}), "service", instanceRow(0))).toBeUndefined();
  });

  test("by kind, in the order of injection", () => {
    expect([...activeFaults(topology, "outage")]).toEqual([
      { row: faults[4], fault: { kind: "outage" } },
      { row: faults[9], fault: { kind: "outage" } },
    ]);
    expect([...activeFaults(topology, "failTask")]).toEqual([]);
    expect([...activeFaults(topologyWith({ watched: [0] }), "outage")]).toEqual([]);
  });
});

describe("tasks are slowed down", () => {
  const slowedBy = (...faults: (Omit<FaultOf<"slowTasks">, "kind"> & { by?: string })[]) => {
    const rows = faults.map(({ by: accountId = "a", ...fault }, ordinal) =>
      faultRow(ordinal, { kind: "slowTasks", ...fault }, { accountId }),
    );
    const topology = topologyWith({ faults: rows, watched: rows.map(({ ordinal }) => ordinal) });
    return (accountId: string) => slowdownFactor(topology, { task: "build", accountId });
  };

  test("by no factor without a fault", () => {
    expect(slowedBy()("a")).toBe(1);
  });

  test("by the product of the factors for their kind", () => {
    const factor = slowedBy(
      { factor: 2 },
      { factor: 3, task: "build" },
      { factor: 5, task: "restart" },
    );
    expect(factor("a")).toBe(6);
    expect(factor("b")).toBe(6);
  });

  test("in one account only, where the fault says so", () => {
    const factor = slowedBy(
      { factor: 2, scope: "account" },
      { factor: 3, scope: "service" },
      { factor: 5, scope: "account", by: "b" },
      { factor: 7, scope: "account", task: "restart" },
    );
    expect(factor("a")).toBe(6);
    expect(factor("b")).toBe(15);
  });
});

test.each([
  [crash, "i0"],
  [{ kind: "cutLink", replicaId: "r" }, "r"],
  [{ kind: "failTask", task: "build", of: "g" }, "g"],
  [{ kind: "failTask", task: "build" }, null],
  [{ kind: "failTask", task: "build", of: undefined } as unknown as Fault, null],
  [{ kind: "outage" }, null],
  [random("all"), null],
  [random({ role: "source" }), null],
  [random({ instanceId: "i" }), "i"],
  [among({ groupId: "g", role: "source" }), "g"],
  [among({ sourceId: "s" }), "s"],
  [random({ zone: "zone-1" }), null],
] satisfies [Fault, string | null][])("the target of %j is %j", (fault, id) => {
  expect(targetIdOf(fault)).toBe(id);
});

/** i0 is the source of i1 and i2, i3 of i4 and i5 in the group g0; i6 stands alone, i7 is the first member of g1. */
const instances = [
  instanceRow(0, { replicaIds: ["i1", "i2"] }),
  instanceRow(1, { sourceId: "i0", zone: "zone-2", rack: "rack-3" }),
  instanceRow(2, { sourceId: "i0", state: "shutdown", zone: "zone-2", rack: "rack-4" }),
  instanceRow(3, { replicaIds: ["i4", "i5"], groupId: "g0" }),
  instanceRow(4, { sourceId: "i3", groupId: "g0", state: "restarting" }),
  instanceRow(5, { sourceId: "i3", groupId: "g0", zone: "zone-2", rack: "rack-3" }),
  instanceRow(6, { zone: "zone-2", rack: "rack-4" }),
  instanceRow(7, { groupId: "g1" }),
  instanceRow(8, { groupId: "g1" }),
  foreign,
];
const groups = [
  { ordinal: 0, id: "g0", accountId: "a", sourceId: "i3", replicaIds: ["i4", "i5"] },
  { ordinal: 1, id: "g1", accountId: "a", sourceId: "i7", replicaIds: [] },
] as unknown as HaGroup[];
const backups = [
  { ordinal: 0, id: "b0", accountId: "a" },
  { ordinal: 1, id: "i6", accountId: "b" },
] as unknown as Backup[];
const fleet = topologyWith({ instances, groups, backups });

test("an instance, a group or a backup is found by its id in its account", () => {
  const found = (id: string, accountId = "a") => findResource(fleet, { accountId, id });
  expect(found("i6")).toBe(instances[6]);
  expect(found("g1")).toBe(groups[1]);
  expect(found("b0")).toBe(backups[0]);
  expect(found("i6", "b")).toBe(backups[1]);
  expect(found("g1", "b")).toBeUndefined();
});

const scopes: readonly (readonly [RandomTarget, readonly string[]])[] = [
  ["all", ["i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8"]],
  [{ role: "source" }, ["i0", "i3", "i7"]],
  [{ role: "replica" }, ["i1", "i2", "i4", "i5"]],
  [{ role: "standalone" }, ["i6", "i8"]],
  [{ instanceId: "i6" }, ["i6"]],
  [{ groupId: "g0" }, ["i3", "i4", "i5"]],
  [{ groupId: "g0", role: "replica" }, ["i4", "i5"]],
  [{ sourceId: "i0" }, ["i0", "i1", "i2"]],
  [{ sourceId: "i0", role: "source" }, ["i0"]],
  [{ sourceId: "i6" }, ["i6"]],
];

describe("the scope of a random fault", () => {
  const row = faultRow(0, among("all"));

  test.each(scopes)("%j contains %j", (target, expected) => {
    expect(ids(targetsOf(row, among(target), fleet))).toEqual(expected);
    expect(ids(targetsOf(row, random(target), fleet))).toEqual(expected);
    const own = target === "all" || !("groupId" in target) || target.groupId !== "g1";
    const members = instances.filter(
      (one) => one !== foreign && isTarget(one, { target, topology: fleet }),
    );
    if (own) expect(ids(members)).toEqual(expected);
  });

  test.each<RandomTarget>([
    { instanceId: "foreign" },
    { groupId: "i0" },
    { sourceId: "foreign" },
    { zone: "zone-1" },
    { rack: "rack-1" },
    { each: "zone" },
  ])("%j contains no instance", (target) => {
    expect(targetsOf(row, among(target), fleet)).toEqual([]);
  });

  test("contains no instance of an account that owns nothing", () => {
    const unknown = faultRow(0, among("all"), { accountId: "unknown" });
    expect(targetsOf(unknown, among("all"), fleet)).toEqual([]);
  });
});

describe("a random fault strikes an instance in service", () => {
  const fails = (
    fault: FaultOf<"random">["fault"],
    changes: Partial<Instance>,
    topology: Topology = fleet,
  ) => canFail(instanceRow(1, changes), { fault, topology, lifecycle });

  test("that can crash or hang in its state", () => {
    expect(fails("crash", {})).toBe(true);
    expect(fails("hang", {})).toBe(true);
    expect(fails("crash", { state: "detaching" })).toBe(true);
    // It serves and does not take the signal.
    expect(fails("hang", { state: "detaching" })).toBe(false);
    // It takes the signal and does not serve.
    expect(fails("crash", { state: "restarting" })).toBe(false);
    expect(fails("crash", { state: "shutdown" })).toBe(false);
  });

  test("that is a replica, if it is about replication", () => {
    for (const fault of ["breakReplication", "cutLink"] as const) {
      expect(fails(fault, { sourceId: "i0" })).toBe(true);
      expect(fails(fault, {})).toBe(false);
    }
    expect(fails("cutLink", { sourceId: "i0", state: "restarting" })).toBe(false);
    expect(fails("partition", {})).toBe(true);
  });

  test("whose link or network has no fault yet", () => {
    const standing = { "link 1": 0, "service 1": 1 };
    const topology = topologyWith({
      faults: [faultRow(0, { kind: "cutLink", replicaId: "i1" }), faultRow(1, crash)],
      standing,
    });
    expect(fails("cutLink", { sourceId: "i0" }, topology)).toBe(false);
    expect(fails("breakReplication", { sourceId: "i0" }, topology)).toBe(true);
    expect(fails("partition", {}, topology)).toBe(true);
    // Its state says that already.
    expect(fails("crash", {}, topology)).toBe(true);
  });

  test("among those in its scope", () => {
    const context = { topology: fleet, lifecycle };
    const targets = targetsOf(faultRow(0, among("all")), among("all"), fleet);
    const expected = ["i0", "i1", "i3", "i5", "i6", "i7", "i8"];
    expect(ids(candidatesAmong(targets, among("all"), context))).toEqual(expected);
    expect(ids(candidatesAmong(targets, among("all", "cutLink"), context))).toEqual(["i1", "i5"]);
    expect(ids(candidatesOf(faultRow(0, crash), among({ groupId: "g0" }), context))).toEqual([
      "i3",
      "i5",
    ]);
  });
});

describe("a correlated fault strikes", () => {
  const failing = (fault: Omit<FaultOf<"correlated">, "kind">, topology = fleet, accountId = "a") =>
    ids(instancesInPlace({ topology, lifecycle }, accountId, { kind: "correlated", ...fault }));

  test("the instances in service of a zone, of a rack, or in both", () => {
    expect(failing({ effect: "crash", zone: "zone-2" })).toEqual(["i1", "i5", "i6"]);
    expect(failing({ effect: "hang", rack: "rack-4" })).toEqual(["i6"]);
    expect(failing({ effect: "partition", zone: "zone-2", rack: "rack-3" })).toEqual(["i1", "i5"]);
    expect(failing({ effect: "crash", zone: "zone-1", rack: "rack-3" })).toEqual([]);
    expect(failing({ effect: "crash", zone: "zone-1" })).toEqual(["i0", "i3", "i7", "i8"]);
  });

  test("no instance whose part has a fault, or whose state does not take it", () => {
    const topology = topologyWith({
      instances: [instanceRow(0), instanceRow(1, { state: "detaching" })],
      faults: [faultRow(0, { kind: "partition", instanceId: "i0" })],
      standing: { "network 0": 0 },
    });
    expect(failing({ effect: "partition", zone: "zone-1" }, topology)).toEqual(["i1"]);
    expect(failing({ effect: "crash", zone: "zone-1" }, topology)).toEqual(["i0", "i1"]);
    expect(failing({ effect: "hang", zone: "zone-1" }, topology)).toEqual(["i0"]);
  });

  test("no instance of another account", () => {
    expect(failing({ effect: "crash", zone: "zone-1" }, fleet, "b")).toEqual(["foreign"]);
    expect(failing({ effect: "crash", zone: "zone-1" }, fleet, "unknown")).toEqual([]);
  });
});

describe("an outage", () => {
  const during = (...faults: Fault[]) => {
    const rows = faults.map((fault, ordinal) => faultRow(ordinal, fault, { endsAt: 50 }));
    return topologyWith({ faults: rows, watched: rows.map(({ ordinal }) => ordinal) });
  };

  test.each([
    [{}, "serviceUnavailable", "the service is temporarily unavailable"],
    [
      { respondWith: "instanceFault" },
      "instanceFault",
      "the service failed to process the request",
    ],
    [{ message: "closed" }, "serviceUnavailable", "closed"],
  ] satisfies [Omit<FaultOf<"outage">, "kind">, string, string][])(
    "of %j answers %s",
    (fault, code, message) => {
      const refusal = outageRefusal(
        during({ kind: "slowTasks", factor: 2 }, { kind: "outage", ...fault }),
      );
      expect(refusal).toMatchObject({ code, message, rule: "outage", faultId: "f1", endsAt: 50 });
    },
  );

  test("refuses the operations of the API, and no other command", () => {
    const topology = during({ kind: "outage" });
    expect(outageRefusal(topology, "createInstance")?.faultId).toBe("f0");
    expect(outageRefusal(topology, "clearFault")).toBeUndefined();
  });

  test("is over without a fault", () => {
    expect(outageRefusal(during())).toBeUndefined();
    expect(outageRefusal(during({ kind: "slowTasks", factor: 2 }))).toBeUndefined();
  });
});
