import { describe, expect, it } from "vitest";
import { ReplicationSimulator } from "../../src/index.js";
import { createActiveHaGroup, createReplicationSet } from "../../src/testing/fixtures.js";

describe("S6: a host that is lost with its data stays lost", () => {
  it.each(["a replica", "its source"])(
    "neither a restart nor a detach nor a recovery brings %s back",
    (which) => {
      const sim = new ReplicationSimulator({ seed: 3 });
      const { source, replicas } = createReplicationSet(sim);
      const id = which === "a replica" ? (replicas[0]?.id ?? "") : source.id;
      const faultId = sim.inject({ kind: "loseHost", instanceId: id });
      expect(sim.getInstance(id).status).toBe("ERROR");
      const tries = [
        sim.try.restartInstance(id),
        sim.try.detachReplica(id),
        sim.try.resizeFlavor(id, "3"),
        sim.try.inject({ kind: "recover", instanceId: id }),
      ];
      expect(tries.map(({ ok }) => ok)).toEqual([false, false, false, false]);
      sim.clearFault(faultId);
      sim.advance(86_400_000);
      expect(sim.getInstance(id).status).toBe("ERROR");
    },
  );

  it("leaves deleting it and going on with a replica, or with a backup", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { source, replicas } = createReplicationSet(sim);
    const replica = replicas[0]?.id ?? "";
    const backup = sim.createBackup({ name: "b", ownerId: source.id });
    sim.settle();
    sim.inject({ kind: "loseHost", instanceId: source.id });
    expect(sim.getInstance(replica).status).toBe("REPLICATION_ERROR");
    sim.detachReplica(replica);
    sim.settle();
    sim.deleteInstance(source.id);
    const restored = sim.createInstance({ flavorId: 2, volumeGb: 10, restoreFrom: backup.id });
    sim.settle();
    expect(sim.getInstance(replica).status).toBe("ACTIVE");
    expect(sim.getInstance(restored.id).status).toBe("ACTIVE");
    expect(sim.try.getInstance(source.id).ok).toBe(false);
    expect(sim.listFaults()).toEqual([]);
  });

  it("takes the place of a crash, so that its end brings nothing back", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { source } = createReplicationSet(sim);
    sim.inject({ kind: "crash", instanceId: source.id, durationMs: 60_000 });
    sim.inject({ kind: "loseHost", instanceId: source.id });
    expect(sim.listFaults()).toMatchObject([{ fault: { kind: "loseHost" } }]);
    sim.advance(120_000);
    expect(sim.getInstance(source.id).status).toBe("ERROR");
  });

  it("makes a group fail over, and explains it", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 1 });
    sim.inject({ kind: "loseHost", instanceId: source.id });
    sim.settle();
    expect(sim.getGroup(group.id)).toMatchObject({ status: "ACTIVE", sourceId: replicas[0]?.id });
    expect(sim.try.getInstance(source.id).ok).toBe(false);
    const causes = sim.explain(group.id);
    expect(JSON.stringify(causes)).toContain("loseHost");
  });

  it("fails what was under way: a backup, and a replica that is copied from it", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { source } = createReplicationSet(sim);
    const backup = sim.createBackup({ name: "b", ownerId: source.id });
    sim.inject({ kind: "loseHost", instanceId: source.id });
    expect(sim.getBackup(backup.id).status).toBe("FAILED");

    const other = new ReplicationSimulator({ seed: 3 });
    const { id } = other.createInstance({ flavorId: 2, volumeGb: 10 });
    other.settle();
    const replica = other.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: id });
    other.advance(4_000);
    other.inject({ kind: "loseHost", instanceId: id });
    expect(other.getInstance(replica.id)).toMatchObject({
      status: "ERROR",
      lastError: { message: expect.stringContaining("is lost, and its data with it") },
    });
  });

  it("ends an operation of the group that would go on with its source", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 1 });
    sim.resizeGroupFlavor(group.id, "3");
    sim.advance(1_000);
    sim.inject({ kind: "loseHost", instanceId: source.id });
    sim.settle();
    expect(sim.getGroup(group.id)).toMatchObject({ sourceId: replicas[0]?.id });
  });
});
