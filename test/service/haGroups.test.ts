import { NotFoundError, type ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { converting, empty, group, largeGroup, pair, small } from "../rules/fixtures.js";
import { idsOf, received } from "./statusChanges.js";

/*
 * HA groups as their users see them (§2.4, §3.4, §3.5): what they read while an operation runs, how long it takes, and
 * what is left of it when it fails.
 */

const id = "group-0";
const members = (sim: ReplicationSimulator) => {
  const { sourceId, replicaIds } = sim.getGroup(id);
  return [sourceId, ...replicaIds];
};
const statusOf = (sim: ReplicationSimulator, instanceId: string) =>
  sim.getInstance(instanceId).status;

describe("a group that is created", () => {
  test("builds its source, then its replicas, then its addresses, in five minutes", () => {
    const sim = empty();
    const reported = received(sim);
    const made = sim.createHaGroup({
      name: "orders",
      source: { name: "orders-a", ...small },
      replicas: [{ name: "orders-b", ...small }, small],
      networks: ["public"],
      acls: ["10.0.0.0/8", "10.0.0.0/8"],
    });
    expect(made).toMatchObject({
      id,
      name: "orders",
      status: "BUILD",
      flavorId: "2",
      volumeGb: 10,
      sourceId: "instance-0",
      networks: ["servicenet", "public"],
      acls: ["10.0.0.0/8"],
      replicationMode: "asynchronous",
    });
    // Nodes are visible while they are built (v2.34).
    expect(sim.getInstance("instance-0")).toMatchObject({ status: "BUILD", groupId: id });
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: BUILD",
      "0 s instance-0: BUILD",
      "35 s instance-0: BUILD → ACTIVE",
      "35 s instance-1: BUILD",
      "35 s instance-2: BUILD",
      "109 s instance-1: BUILD → ACTIVE",
      "109 s instance-2: BUILD → ACTIVE",
      "300 s group-0: BUILD → ACTIVE",
    ]);
    expect(sim.getGroup(id)).toMatchObject({
      replicaIds: ["instance-1", "instance-2"],
      replicationMode: "semi-synchronous",
    });
    expect(sim.getInstance("instance-1")).toMatchObject({
      name: "orders-b",
      sourceId: "instance-0",
    });
    // A replica that was given no name is called by its id.
    expect(sim.getInstance("instance-2").name).toBe("instance-2");
    expect(sim.listReplicas("instance-0")).toHaveLength(2);
  });

  test("has servicenet alone when no network is named, and blocks all traffic without ranges", () => {
    const sim = empty();
    sim.createHaGroup({ name: "orders", source: small, replicas: [small] });
    expect(sim.getGroup(id)).toMatchObject({ networks: ["servicenet"], acls: [] });
  });

  test("gives its configuration to all members", () => {
    const sim = empty();
    sim.createConfiguration({ name: "tuned", values: { max_connections: 100 } });
    sim.createHaGroup({
      name: "orders",
      source: small,
      replicas: [small],
      configurationId: "configuration-0",
    });
    sim.settle();
    expect(sim.getGroup(id).configurationId).toBe("configuration-0");
    for (const { configurationId } of sim.listInstances().items) {
      expect(configurationId).toBe("configuration-0");
    }
  });

  test.each([
    ["its source", 0, ["instance-0"]],
    ["a replica", 1, ["instance-0", "instance-1", "instance-2"]],
  ])(
    "is ERROR when %s cannot be built, and can then only be deleted, with all of it",
    (_, skip, ids) => {
      const sim = empty();
      sim.createHaGroup({ name: "orders", source: small, replicas: [small, small] });
      sim.failTask({ task: "build", skip, message: "no host had room" });
      sim.settle();
      expect(sim.getGroup(id)).toMatchObject({
        status: "ERROR",
        lastError: { task: "build", message: "no host had room" },
      });
      expect(idsOf(sim.listInstances())).toEqual(ids);
      expect(sim.try.restartGroup(id)).toMatchObject({ error: { rule: "group-status" } });
      sim.deleteHaGroup(id);
      sim.settle();
      expect(sim.listGroups().items).toEqual([]);
      expect(sim.listInstances().items).toEqual([]);
    },
  );

  test("is ERROR when its addresses cannot be made", () => {
    const sim = empty();
    sim.createHaGroup({ name: "orders", source: small, replicas: [small] });
    sim.failTask({ task: "connect" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({
      status: "ERROR",
      replicationMode: "asynchronous",
      lastError: { task: "connect" },
    });
  });
});

describe("a group whose clients write before it has its addresses", () => {
  test("waits for acknowledgements as soon as it is ACTIVE, though no member changes then", () => {
    const sim = empty();
    sim.createHaGroup({ name: "orders", source: small, replicas: [small] });
    while (sim.getGroup(id).state !== "connecting") sim.step();
    const sourceId = sim.getGroup(id).sourceId ?? "";
    sim.setWorkload(sourceId, { transactionsPerSecond: 100 });
    expect(sim.getReplicationStatus(sourceId)).toMatchObject({ semiSynchronous: "off" });
    sim.waitFor(id, "ACTIVE");
    // Its replica is behind by its lag: commits wait for it when it has caught up.
    expect(sim.getReplicationStatus(sourceId)).toMatchObject({ semiSynchronous: "degraded" });
    expectNoBrokenInvariants(sim);
    sim.advance(60_000);
    expect(sim.getReplicationStatus(sourceId)).toMatchObject({ semiSynchronous: "on" });
  });
});

describe("a set that is converted", () => {
  test("reads CONVERT_TO_HA in all members, whichever was named, then ACTIVE as a group", () => {
    for (const named of ["instance-0", "instance-1"]) {
      const sim = pair();
      const reported = received(sim);
      sim.convertToHa(named, { name: "orders" });
      expect(members(sim)).toEqual(["instance-0", "instance-1"]);
      // Members know their group as soon as the conversion is accepted (T18).
      expect(sim.getInstance("instance-1").groupId).toBe(id);
      sim.settle();
      expect(reported).toEqual([
        "0 s group-0: BUILD",
        "0 s instance-0: ACTIVE → CONVERT_TO_HA",
        "0 s instance-1: ACTIVE → CONVERT_TO_HA",
        "120 s instance-0: CONVERT_TO_HA → ACTIVE",
        "120 s instance-1: CONVERT_TO_HA → ACTIVE",
        "120 s group-0: BUILD → ACTIVE",
      ]);
      expect(sim.getGroup(id).replicationMode).toBe("semi-synchronous");
    }
  });

  test("is a plain set again when that fails: ERROR is a group without members, which can be deleted (C21)", () => {
    const sim = pair();
    sim.createSchedule({ ownerId: "instance-1", dayOfWeek: 3, hour: 4, minute: 30 });
    const { instances, schedules } = topologyOf(sim);
    sim.convertToHa("instance-0", { name: "orders" });
    sim.failTask({ task: "convert", message: "no address was free" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({
      status: "ERROR",
      sourceId: null,
      replicaIds: [],
      scheduleId: null,
      replicationMode: "asynchronous",
      lastError: { message: "no address was free" },
    });
    expect(sim.listInstances().items).toMatchObject([
      { status: "ACTIVE", groupId: null, replicaIds: ["instance-1"] },
      { status: "ACTIVE", groupId: null, sourceId: "instance-0", scheduleId: "schedule-0" },
    ]);
    expect(topologyOf(sim).schedules).toEqual(schedules);
    expect(topologyOf(sim).instances).not.toBe(instances);
    sim.deleteHaGroup(id);
    expect(sim.try.getGroup(id).ok).toBe(false);
    // Nothing of the set went with it, and it can be tried again.
    expect(idsOf(sim.listInstances())).toEqual(["instance-0", "instance-1"]);
    sim.convertToHa("instance-1", { name: "orders" });
    sim.settle();
    expect(sim.getGroup("group-1").status).toBe("ACTIVE");
  });

  test("fails when a member goes down meanwhile, which stays down", () => {
    const sim = converting();
    sim.advance(60_000);
    sim.inject({ kind: "crash", instanceId: "instance-1" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({ status: "ERROR", replicaIds: [] });
    expect(sim.getInstance("instance-0")).toMatchObject({ status: "ACTIVE", groupId: null });
    expect(sim.getInstance("instance-1")).toMatchObject({ status: "SHUTDOWN", groupId: null });
  });
});

describe("a group that is deleted", () => {
  test("is DELETING while its members go, then all of it is unknown; its backups stay (H13, C22)", () => {
    const sim = largeGroup();
    sim.createSchedule({ ownerKind: "ha", ownerId: id });
    sim.createBackup({ name: "last", ownerKind: "ha", ownerId: id });
    sim.settle();
    const reported = received(sim);
    sim.deleteHaGroup(id);
    expect(sim.listSchedules().items).toEqual([]);
    expect(sim.getGroup(id).status).toBe("DELETING");
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → DELETING",
      "0 s instance-0: ACTIVE → DELETION_PENDING",
      "0 s instance-1: ACTIVE → DELETION_PENDING",
      "0 s instance-2: ACTIVE → DELETION_PENDING",
      "10 s instance-0: gone",
      "10 s instance-1: gone",
      "10 s instance-2: gone",
      "10 s group-0: DELETING → DELETED",
    ]);
    expect(() => sim.getGroup(id)).toThrow(NotFoundError);
    expect(() => sim.getInstance("instance-1")).toThrow(NotFoundError);
    expect(sim.listBackups({ ownerId: id }).items).toMatchObject([{ status: "COMPLETED" }]);
  });

  test("takes a member that is still being built with it", () => {
    const sim = group();
    sim.addReplica(id, small);
    sim.deleteHaGroup(id);
    sim.settle();
    expect(sim.listInstances().items).toEqual([]);
  });

  test("fails the backup that is being taken of it", () => {
    const sim = group();
    sim.createBackup({ name: "last", ownerKind: "ha", ownerId: id });
    sim.advance(2_000);
    sim.deleteHaGroup(id);
    sim.settle();
    expect(sim.listGroups().items).toEqual([]);
    expect(sim.listBackups().items).toMatchObject([
      {
        status: "FAILED",
        sizeGb: null,
        lastError: { message: "its group group-0 is being deleted" },
      },
    ]);
  });

  test("is DELETION-ERROR when a member cannot be deleted; the deletion can be asked for again", () => {
    const sim = largeGroup();
    sim.deleteHaGroup(id);
    sim.failTask({ task: "delete", of: "instance-1" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({
      status: "DELETION-ERROR",
      sourceId: null,
      replicaIds: ["instance-1"],
    });
    expect(statusOf(sim, "instance-1")).toBe("ERROR");
    sim.deleteHaGroup(id);
    sim.settle();
    expect(sim.listInstances().items).toEqual([]);
    expect(sim.listGroups().items).toEqual([]);
  });
});

describe("a replica that is added", () => {
  test("is built as the group is, in 74 s and 20 s for each GB above the first, without a restart of the source", () => {
    const sim = group();
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    sim.setDataSize("instance-0", 3);
    const reported = received(sim);
    const added = sim.addReplica(id, { name: "third", ...small });
    expect(added).toMatchObject({ name: "third", status: "BUILD", groupId: id });
    expect(sim.try.addReplica(id, small)).toMatchObject({ error: { rule: "group-status" } });
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → ADDING_REPLICA",
      "0 s instance-2: BUILD",
      "114 s instance-2: BUILD → ACTIVE",
      "114 s group-0: ADDING_REPLICA → ACTIVE",
    ]);
    expect(members(sim)).toEqual(["instance-0", "instance-1", "instance-2"]);
    expect(sim.getInstance("instance-2")).toMatchObject({
      sourceId: "instance-0",
      usedGb: 3,
      databases: [{ name: "shop" }],
    });
  });

  test("that cannot be built is no member, and is cleared away: ADD_REPLICA_FAIL", () => {
    const sim = group();
    sim.addReplica(id, small);
    sim.failTask({ task: "build", message: "no host had room" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({
      status: "ADD_REPLICA_FAIL",
      replicaIds: ["instance-1"],
      lastError: { message: "no host had room" },
    });
    expect(idsOf(sim.listInstances())).toEqual(["instance-0", "instance-1"]);
  });
});

describe("a replica that is removed", () => {
  test("detaches, leaves the group and stands alone with its data: REMOVING_REPLICA", () => {
    const sim = largeGroup();
    sim.createConfiguration({ name: "tuned", values: {} });
    sim.attachGroupConfiguration(id, "configuration-0");
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    sim.setDataSize("instance-1", 3);
    const reported = received(sim);
    sim.removeReplica(id, "instance-1");
    // Until it is done, it is a member and a replica.
    expect(sim.getInstance("instance-1")).toMatchObject({ groupId: id, sourceId: "instance-0" });
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → REMOVING_REPLICA",
      "0 s instance-1: ACTIVE → DETACH_REPLICA",
      "8 s instance-1: DETACH_REPLICA → ACTIVE",
      "8 s group-0: REMOVING_REPLICA → ACTIVE",
    ]);
    expect(members(sim)).toEqual(["instance-0", "instance-2"]);
    expect(sim.getInstance("instance-1")).toMatchObject({
      groupId: null,
      sourceId: null,
      configurationId: null,
      usedGb: 3,
      databases: [{ name: "shop" }],
    });
    // It is operated like any other instance now.
    sim.restartInstance("instance-1");
    sim.settle();
    sim.deleteInstance("instance-1");
  });

  test("that cannot be detached stays a member: REMOVE_REPLICA_ERROR", () => {
    const sim = largeGroup();
    sim.removeReplica(id, "instance-2");
    sim.failTask({ task: "detach" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({
      status: "REMOVE_REPLICA_ERROR",
      replicaIds: ["instance-1", "instance-2"],
    });
    expect(sim.getInstance("instance-2")).toMatchObject({
      status: "ERROR",
      groupId: id,
      sourceId: "instance-0",
    });
  });
});

describe("a group that is restarted", () => {
  test("reads REBOOT while its replicas restart, then its source (H8)", () => {
    const sim = largeGroup();
    const reported = received(sim);
    sim.restartGroup(id);
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → REBOOT",
      "0 s instance-1: ACTIVE → REBOOT",
      "0 s instance-2: ACTIVE → REBOOT",
      "5 s instance-1: REBOOT → ACTIVE",
      "5 s instance-2: REBOOT → ACTIVE",
      "5 s instance-0: ACTIVE → REBOOT",
      "10 s instance-0: REBOOT → ACTIVE",
      "10 s group-0: REBOOT → ACTIVE",
    ]);
  });

  test("promotes no replica meanwhile: failover is disabled", () => {
    const sim = largeGroup();
    sim.restartGroup(id);
    sim.advance(7_000);
    expect(statusOf(sim, "instance-0")).toBe("REBOOT");
    sim.settle();
    expect(sim.getGroup(id).sourceId).toBe("instance-0");
    expect(sim.listFailovers(id)).toEqual([]);
  });

  test("is ERROR when a replica does not come back; the others are left as they are", () => {
    const sim = largeGroup();
    sim.restartGroup(id);
    sim.failTask({ task: "reboot", of: "instance-2" });
    sim.settle();
    expect(sim.getGroup(id).status).not.toBe("ACTIVE");
    expect(["instance-0", "instance-1"].map((one) => statusOf(sim, one))).toEqual([
      "ACTIVE",
      "ACTIVE",
    ]);
    expectNoBrokenInvariants(sim);
  });
});

describe("a group that is resized", () => {
  test("moves to a larger flavor, replicas first, and all members have it at the same moment", () => {
    const sim = largeGroup();
    const reported = received(sim);
    sim.resizeGroupFlavor(id, 3);
    sim.advance(60_000);
    expect(sim.getInstance("instance-1")).toMatchObject({ status: "ACTIVE", flavorId: "2" });
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → RESIZING_FLAVOR",
      "0 s instance-1: ACTIVE → RESIZE",
      "0 s instance-2: ACTIVE → RESIZE",
      "60 s instance-1: RESIZE → ACTIVE",
      "60 s instance-2: RESIZE → ACTIVE",
      "60 s instance-0: ACTIVE → RESIZE",
      "120 s instance-0: RESIZE → ACTIVE",
      "120 s group-0: RESIZING_FLAVOR → ACTIVE",
    ]);
    expect(sim.getGroup(id).flavorId).toBe("3");
    for (const { flavorId } of sim.listInstances().items) expect(flavorId).toBe("3");
  });

  test("grows all volumes at once", () => {
    const sim = largeGroup();
    const reported = received(sim);
    sim.resizeGroupVolumes(id, 20);
    sim.settle();
    expect(reported).toEqual([
      "0 s group-0: ACTIVE → RESIZING_VOLUME",
      "0 s instance-0: ACTIVE → RESIZE",
      "0 s instance-1: ACTIVE → RESIZE",
      "0 s instance-2: ACTIVE → RESIZE",
      "15 s instance-0: RESIZE → ACTIVE",
      "15 s instance-1: RESIZE → ACTIVE",
      "15 s instance-2: RESIZE → ACTIVE",
      "15 s group-0: RESIZING_VOLUME → ACTIVE",
    ]);
    expect(sim.getGroup(id).volumeGb).toBe(20);
    for (const { volumeGb } of sim.listInstances().items) expect(volumeGb).toBe(20);
  });

  test.each([
    [
      "RESIZE_FLAVOR_ERROR",
      "resizeFlavor",
      (sim: ReplicationSimulator) => sim.resizeGroupFlavor(id, 3),
    ],
    [
      "VOLUME_RESIZE_ERROR",
      "resizeVolume",
      (sim: ReplicationSimulator) => sim.resizeGroupVolumes(id, 20),
    ],
  ] as const)("is %s when one member cannot be; then no member is", (status, task, resize) => {
    const sim = largeGroup();
    resize(sim);
    sim.failTask({ task, of: "instance-2" });
    sim.settle();
    expect(sim.getGroup(id)).toMatchObject({ status, flavorId: "2", volumeGb: 10 });
    for (const { flavorId, volumeGb } of sim.listInstances().items) {
      expect([flavorId, volumeGb]).toEqual(["2", 10]);
    }
    expect(statusOf(sim, "instance-2")).toBe("ERROR");
  });
});

describe("the ranges that may reach a group", () => {
  test("are added and deleted at once, in the order in which they came", () => {
    const sim = group();
    const { now } = sim;
    sim.addAcl(id, "192.0.2.7/32");
    sim.addAcl(id, "10.0.0.0/8");
    expect(sim.listAcls(id)).toEqual(["10.0.0.0/8", "192.0.2.7/32"]);
    sim.deleteAcl(id, "10.0.0.0/8");
    sim.addAcl(id, "10.0.0.0/8");
    expect(sim.listAcls(id)).toEqual(["192.0.2.7/32", "10.0.0.0/8"]);
    expect(sim.now).toBe(now);
    expect(sim.getGroup(id).status).toBe("ACTIVE");
  });

  test("can be listed, but not changed, while the group is built", () => {
    const sim = converting();
    expect(sim.listAcls(id)).toEqual(["10.0.0.0/8"]);
    expect(sim.try.addAcl(id, "192.0.2.7/32")).toMatchObject({ error: { rule: "acl-status" } });
  });
});

describe("a member of a group", () => {
  const operations: Readonly<
    Record<string, (sim: ReplicationSimulator, member: string) => unknown>
  > = {
    restartInstance: (sim, member) => sim.try.restartInstance(member),
    resizeFlavor: (sim, member) => sim.try.resizeFlavor(member, 3),
    resizeVolume: (sim, member) => sim.try.resizeVolume(member, 20),
    deleteInstance: (sim, member) => sim.try.deleteInstance(member),
    detachReplica: (sim, member) => sim.try.detachReplica(member),
    convertToHa: (sim, member) => sim.try.convertToHa(member, { name: "again" }),
    createReplica: (sim, member) => sim.try.createReplica({ ...small, replicaOf: member }),
    createBackup: (sim, member) => sim.try.createBackup({ name: "own", ownerId: member }),
    createSchedule: (sim, member) => sim.try.createSchedule({ ownerId: member }),
    attachConfiguration: (sim, member) => sim.try.attachConfiguration(member, "configuration-0"),
    detachConfiguration: (sim, member) => sim.try.detachConfiguration(member),
  };

  test.each(Object.entries(operations))(
    "is not open to %s, source or replica (R80)",
    (_, operate) => {
      const sim = group();
      sim.createConfiguration({ name: "tuned", values: {} });
      for (const member of ["instance-0", "instance-1"]) {
        expect(operate(sim, member)).toMatchObject({ ok: false, error: { code: "forbidden" } });
      }
    },
  );

  test("can be read and renamed, and its source takes databases and users, which replicate", () => {
    const sim = group();
    sim.renameInstance("instance-1", "orders-b");
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    sim.createUsers("instance-0", [{ name: "app", password: "one", databases: ["shop"] }]);
    expect(sim.listDatabases("instance-1")).toEqual(sim.listDatabases("instance-0"));
    expect(sim.listUsers("instance-1")).toMatchObject([{ name: "app" }]);
    expect(sim.getInstance("instance-1").name).toBe("orders-b");
    sim.deleteUser("instance-0", "app");
    sim.deleteDatabase("instance-0", "shop");
    expect(sim.listDatabases("instance-1")).toEqual([]);
    expect(sim.try.createDatabases("instance-1", [{ name: "own" }])).toMatchObject({
      error: { rule: "not-read-replica" },
    });
  });

  test("counts towards the quota of its account", () => {
    const sim = group({ limits: { maxInstancesPerAccount: 3 } });
    sim.addReplica(id, small);
    expect(sim.try.createInstance(small)).toMatchObject({ error: { rule: "instance-quota" } });
  });
});

describe("nodes of a new group", () => {
  test("have the labels and places that were requested, and none besides", () => {
    const sim = empty();
    sim.createHaGroup({
      name: "orders",
      source: { ...small, label: "one", zone: "zone-2", rack: "rack-3" },
      replicas: [{ ...small, label: "two", zone: "zone-3", rack: "rack-5" }, small],
    });
    expect(sim.getGroup(id).pendingReplicaNames).toStrictEqual([
      { name: null, label: "two", zone: "zone-3", rack: "rack-5" },
      { name: null, label: null },
    ]);
    sim.settle();
    const [source, labelled, other] = sim.instances();
    expect(source).toMatchObject({ label: "one", zone: "zone-2", rack: "rack-3" });
    expect(labelled).toMatchObject({ label: "two", zone: "zone-3", rack: "rack-5" });
    expect(other).toMatchObject({ label: null });
    expect(new Set([source, labelled, other].map((row) => row?.key)).size).toBe(3);
  });

  test("draw by their label, whatever else the group has", () => {
    const keysOf = (seed: number, first: object) => {
      const sim = empty({ seed });
      const replicas = [
        { ...small, ...first },
        { ...small, label: "two" },
      ];
      sim.createHaGroup({ name: "orders", source: { ...small, label: "one" }, replicas });
      sim.settle();
      return sim.instances().map(({ key }) => key);
    };
    const [labelled, plain] = [keysOf(1, { label: "first" }), keysOf(1, {})];
    expect(plain[0]).toBe(labelled[0]);
    expect(plain[2]).toBe(labelled[2]);
    expect(plain[1]).not.toBe(labelled[1]);
  });
});

test("an operation of the staff that fails shows in the group, with its error", () => {
  const sim = group();
  sim.failTask({ task: "updateProxyNodes", message: "no address is left" });
  sim.updateProxyNodes(id);
  sim.settle();
  expect(sim.getGroup(id)).toMatchObject({
    status: "UPDATE_PROXY_NODES_ERROR",
    lastError: { task: "updateProxyNodes", message: "no address is left" },
  });
  sim.repairGroup(id);
  expect(sim.getGroup(id).status).toBe("ACTIVE");
});
