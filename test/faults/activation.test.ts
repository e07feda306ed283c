import { ReplicationSimulator } from "replication-simulator";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
  expectRefused,
  expectSettled,
} from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";

const small = { flavorId: 2, volumeGb: 10 };

function statuses(sim: ReplicationSimulator, ...ids: readonly string[]): readonly string[] {
  return ids.map((id) => sim.getInstance(id).status);
}

function allWorkEnds(sim: ReplicationSimulator): void {
  expectNoBrokenInvariants(sim);
  sim.settle();
  expectSettled(sim);
  expectNoBrokenInvariants(sim);
}

describe("a source of a plain set", () => {
  test("that crashes is SHUTDOWN, and its replicas report REPLICATION_ERROR; no replica is promoted", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const ids = replicas.map(({ id }) => id);
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(statuses(sim, source.id, ...ids)).toEqual([
      "SHUTDOWN",
      "REPLICATION_ERROR",
      "REPLICATION_ERROR",
    ]);
    sim.settle();
    expect(sim.getInstance(source.id).replicaIds).toEqual(ids);

    sim.inject({ kind: "recover", instanceId: source.id });
    expect(statuses(sim, source.id, ...ids)).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
  });

  test("that hangs is BLOCKED; a detached replica becomes a source of its own", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    const [replica] = replicas;
    if (replica === undefined) throw new RangeError("no replica");
    sim.inject({ kind: "hang", instanceId: source.id });
    expect(statuses(sim, source.id, replica.id)).toEqual(["BLOCKED", "REPLICATION_ERROR"]);
    sim.detachReplica(replica.id);
    sim.settle();
    expect(statuses(sim, source.id, replica.id)).toEqual(["BLOCKED", "ACTIVE"]);
    expect(sim.getInstance(replica.id).sourceId).toBeNull();
    sim.createReplica({ ...small, replicaOf: replica.id });
    allWorkEnds(sim);
  });

  test("that is down while a replica restarts breaks the replica again when it is back", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    sim.restartInstance(id);
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(statuses(sim, id)).toEqual(["REBOOT"]);
    sim.settle();
    expect(statuses(sim, id)).toEqual(["REPLICATION_ERROR"]);
    const refusal = expectRefused(
      () => sim.inject({ kind: "repairReplication", replicaId: id }),
      "source-available",
    );
    expect(refusal.message).toContain("is SHUTDOWN");
  });
});

describe("a crash fails what was under way", () => {
  test("a backup, which ends FAILED", () => {
    const sim = new ReplicationSimulator();
    const { source } = createReplicationSet(sim);
    const backup = sim.createBackup({ name: "nightly", ownerId: source.id });
    sim.advance(1000);
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(sim.getBackup(backup.id).status).toBe("FAILED");
    expect(sim.getBackup(backup.id).lastError?.message).toBe(`instance ${source.id} crashed`);
    expect(sim.getInstance(source.id).status).toBe("SHUTDOWN");
    allWorkEnds(sim);
    expect(sim.getInstance(source.id).status).toBe("SHUTDOWN");
  });

  test("a resize and a detach, which leave ERROR with a fault", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    sim.resizeVolume(source.id, 20);
    sim.detachReplica(id);
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.inject({ kind: "crash", instanceId: id });
    expect(statuses(sim, source.id, id)).toEqual(["ERROR", "ERROR"]);
    expect(sim.getInstance(source.id).lastError).toMatchObject({
      task: "resizeVolume",
      message: `instance ${source.id} crashed`,
    });
    expect(sim.getInstance(source.id).volumeGb).toBe(10);
    expect(sim.getInstance(id).sourceId).toBe(source.id);
    allWorkEnds(sim);
  });

  test("the restart that a new replica needs: the replica ends ERROR, its hidden backup is gone", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance(small);
    sim.settle();
    const replica = sim.createReplica({ ...small, replicaOf: source.id });
    sim.advance(1000);
    expect(statuses(sim, source.id)).toEqual(["RESTART"]);
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(statuses(sim, source.id, replica.id)).toEqual(["SHUTDOWN", "ERROR"]);
    expect(topologyOf(sim).backups.count).toBe(0);
    allWorkEnds(sim);
  });

  test("but a replica whose snapshot is complete is built, and has no source to follow", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance(small);
    sim.settle();
    const replica = sim.createReplica({ ...small, replicaOf: source.id });
    sim.advance(10_000);
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(statuses(sim, source.id, replica.id)).toEqual(["SHUTDOWN", "BUILD"]);
    allWorkEnds(sim);
    expect(statuses(sim, replica.id)).toEqual(["REPLICATION_ERROR"]);
  });

  test("two snapshots at once, when a second replica was asked for while the first was still read", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance(small);
    sim.settle();
    const first = sim.createReplica({ ...small, replicaOf: source.id });
    sim.waitFor(source.id, "ACTIVE");
    const second = sim.createReplica({ ...small, replicaOf: source.id });
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(statuses(sim, first.id, second.id)).toEqual(["ERROR", "ERROR"]);
    expect(topologyOf(sim).backups.count).toBe(0);
    allWorkEnds(sim);
  });

  test("a conversion, which ends ERROR without members; the survivors replicate no more", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    const group = sim.convertToHa(source.id, { name: "ha" });
    sim.inject({ kind: "crash", instanceId: source.id });
    allWorkEnds(sim);
    expect(sim.getGroup(group.id).status).toBe("ERROR");
    expect(sim.getGroup(group.id).lastError?.message).toContain("is SHUTDOWN");
    expect(statuses(sim, source.id, id)).toEqual(["SHUTDOWN", "REPLICATION_ERROR"]);
  });
});

describe("a member of a group", () => {
  test("that is its source and crashes or hangs sets the monitor off", () => {
    for (const kind of ["crash", "hang"] as const) {
      const sim = new ReplicationSimulator();
      const { group, source } = createActiveHaGroup(sim);
      sim.inject({ kind, instanceId: source.id });
      expect(sim.getGroup(group.id)).toMatchObject({ state: "detectingFailure", status: "ACTIVE" });
      sim.inject({ kind: "recover", instanceId: source.id });
      expect(sim.getGroup(group.id).state).toBe("active");
      allWorkEnds(sim);
    }
  });

  test("that is a replica and crashes leaves the group in REPLICATION_ERROR until it recovers", () => {
    const sim = new ReplicationSimulator();
    const { group, replicas } = createActiveHaGroup(sim, { replicas: 2 });
    const id = replicas[0]?.id ?? "";
    sim.inject({ kind: "crash", instanceId: id });
    expect(sim.getGroup(group.id).status).toBe("REPLICATION_ERROR");
    sim.inject({ kind: "recover", instanceId: id });
    expect(sim.getGroup(group.id).status).toBe("ACTIVE");
  });

  test("that crashes in a resize of the group fails the resize", () => {
    const sim = new ReplicationSimulator();
    const { group, replicas } = createActiveHaGroup(sim, { replicas: 2 });
    sim.resizeGroupVolumes(group.id, 20);
    sim.inject({ kind: "crash", instanceId: replicas[0]?.id ?? "" });
    expect(sim.getGroup(group.id).status).toBe("VOLUME_RESIZE_ERROR");
    allWorkEnds(sim);
  });

  test("that is being backed up fails the backup, and the group with its replication", () => {
    const sim = new ReplicationSimulator();
    const { group, replicas } = createActiveHaGroup(sim);
    const backup = sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
    sim.inject({ kind: "crash", instanceId: replicas[0]?.id ?? "" });
    expect(sim.getBackup(backup.id).status).toBe("FAILED");
    expect(sim.getGroup(group.id)).toMatchObject({ status: "REPLICATION_ERROR", backupId: null });
    allWorkEnds(sim);
  });

  test("that breaks while its group is backed up is noticed, and the backup goes on", () => {
    const sim = new ReplicationSimulator();
    const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 2 });
    sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
    sim.inject({ kind: "breakReplication", replicaId: replicas[1]?.id ?? "" });
    expect(sim.getGroup(group.id).status).toBe("REPLICATION_ERROR");
    sim.inject({ kind: "repairReplication", replicaId: replicas[1]?.id ?? "" });
    expect(sim.getGroup(group.id).status).toBe("BACKUP");
    allWorkEnds(sim);
    expect(sim.getGroup(group.id).status).toBe("ACTIVE");
    expect(statuses(sim, source.id)).toEqual(["ACTIVE"]);
  });

  test("that crashes before its group is built fails the group", () => {
    const sim = new ReplicationSimulator();
    const group = sim.createHaGroup({ name: "ha", source: small, replicas: [small] });
    sim.waitFor(sim.listInstances().items[0]?.id ?? "", "ACTIVE");
    sim.inject({ kind: "crash", instanceId: sim.getGroup(group.id).sourceId ?? "" });
    allWorkEnds(sim);
    expect(sim.getGroup(group.id).status).toBe("ERROR");
  });
});

describe("a fault that cannot strike is refused, and nothing has changed", () => {
  test.each([
    ["an unknown instance", { kind: "crash", instanceId: "unknown" }, "fault-target-exists"],
    ["an unknown replica", { kind: "breakReplication", replicaId: "no" }, "fault-target-exists"],
    ["an unknown kind", { kind: "explode", instanceId: "unknown" }, "fault-shape"],
    ["no object", "crash", "fault-shape"],
    ["no id", { kind: "crash" }, "id-text"],
    ["a key too many", { kind: "crash", instanceId: "a", replicaId: "b" }, "known-field"],
  ])("%s", (_, fault, rule) => {
    const sim = new ReplicationSimulator();
    const before = topologyOf(sim);
    expectRefused(() => sim.inject(fault as never), rule);
    expect(sim.topology).toBe(before);
  });

  test("one that has struck already, on a service that is building, or on what is not broken", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    const replicaId = replicas[0]?.id ?? "";
    const instanceId = sim.createInstance(small).id;
    expectRefused(() => sim.inject({ kind: "crash", instanceId }), "fault-status");
    expectRefused(() => sim.inject({ kind: "recover", instanceId: source.id }), "fault-status");
    expectRefused(() => sim.inject({ kind: "repairReplication", replicaId }), "fault-status");
    expectRefused(
      () => sim.inject({ kind: "breakReplication", replicaId: source.id }),
      "fault-is-of-replica",
    );
    sim.inject({ kind: "hang", instanceId: source.id });
    expectRefused(() => sim.inject({ kind: "hang", instanceId: source.id }), "fault-status");
  });

  test("and another account's instance is as unknown as one that never was", () => {
    const sim = new ReplicationSimulator();
    const { id } = sim.account("5678").createInstance(small);
    sim.settle();
    expectRefused(() => sim.inject({ kind: "crash", instanceId: id }), "fault-target-exists");
    expect(sim.account("5678").inject({ kind: "crash", instanceId: id })).toMatch(/^fault-/);
  });
});
