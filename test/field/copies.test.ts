import { describe, expect, it } from "vitest";
import { ReplicationSimulator } from "../../src/index.js";
import { createActiveHaGroup } from "../../src/testing/fixtures.js";

const volumeGb = 200;

/** A source that holds so much data, and how long things take with it, in ms. */
function holding(
  usedGb: number,
  options: ConstructorParameters<typeof ReplicationSimulator>[0] = {},
) {
  const sim = new ReplicationSimulator({ seed: 3, ...options });
  const { id } = sim.createInstance({ flavorId: 3, volumeGb });
  sim.settle();
  sim.setDataSize(id, usedGb);
  const timed = (action: () => void): number => {
    const from = sim.now;
    action();
    sim.settle();
    return sim.now - from;
  };
  return { sim, id, timed };
}

describe("S15: what copies data takes longer for more of it", () => {
  it.each([
    [0.16, 0],
    [1, 0],
    [2, 1],
    [100, 99],
  ])("%d GB are %d GB above the first one", (usedGb, aboveGb) => {
    const { sim, id, timed } = holding(usedGb);
    const full = timed(() => sim.createBackup({ name: "full", ownerId: id }));
    const backup = sim.listBackups().items[0]?.id ?? "";
    const restored = timed(() =>
      sim.createInstance({ flavorId: 3, volumeGb, restoreFrom: backup }),
    );
    const replica = timed(() => sim.createReplica({ replicaOf: id, flavorId: 3, volumeGb }));
    const other = timed(() =>
      sim.createReplica({ replicaOf: id, flavorId: 3, volumeGb, restoreFrom: backup }),
    );
    expect({ full, restored, replica, other }).toEqual({
      full: 6_500 + 10_000 * aboveGb,
      restored: 35_000 + 10_000 * aboveGb,
      replica: 55_000 + 20_000 * aboveGb,
      other: 55_000 + 10_000 * aboveGb,
    });
  });

  it("an incremental backup copies a tenth", () => {
    const { sim, id, timed } = holding(100);
    const { id: parentId } = sim.createBackup({ name: "full", ownerId: id });
    sim.settle();
    expect(timed(() => sim.createBackup({ name: "more", ownerId: id, parentId }))).toBe(96_500);
  });

  it("a group's new replica copies its source", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { group, source } = createActiveHaGroup(sim, { replicas: 1, volumeGb: 100 });
    const before = sim.now;
    sim.setDataSize(source.id, 11);
    sim.addReplica(group.id, { name: "third", flavorId: 2, volumeGb: 100 });
    sim.settle();
    expect(sim.now - before).toBe(74_000 + 200_000);
  });

  it("is an option of the profile, and spreads with the jitter", () => {
    const none = holding(100, { latency: { backupPerGb: 0 } });
    expect(none.timed(() => none.sim.createBackup({ name: "b", ownerId: none.id }))).toBe(6_500);
    const spread = holding(101, { jitter: 0.5, latency: { startBackup: 0, runBackup: 0 } });
    const ms = spread.timed(() => spread.sim.createBackup({ name: "b", ownerId: spread.id }));
    expect(ms).toBeGreaterThanOrEqual(500_000);
    expect(ms).toBeLessThanOrEqual(1_500_000);
    expect(ms).not.toBe(1_000_000);
    expect(ms % 100).toBe(0);
  });

  it("a replica that was built for longer has more to catch up with", () => {
    const behind = (usedGb: number): number => {
      const { sim, id } = holding(usedGb);
      sim.setWorkload(id, { transactionsPerSecond: 100 });
      const { id: replica } = sim.createReplica({ replicaOf: id, flavorId: 3, volumeGb });
      sim.waitFor(replica, "ACTIVE");
      const status = sim.getReplicationStatus(replica);
      return status.role === "replica" ? (status.lagMs ?? -1) : -1;
    };
    // The first 3 s of the build are the restart of the source, in which nothing is written.
    expect(behind(1)).toBe(55_000 - 3_000);
    expect(behind(11)).toBe(255_000 - 3_000);
  });
});
