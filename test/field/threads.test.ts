import { describe, expect, it } from "vitest";
import { ReplicationSimulator } from "../../src/index.js";
import { createActiveHaGroup, createReplicationSet } from "../../src/testing/fixtures.js";

function replicaOf(sim: ReplicationSimulator, id: string) {
  const found = sim.getReplicationStatus(id);
  if (found.role !== "replica") throw new RangeError(`${id} is no replica`);
  return found;
}

describe("C33 https://github.com/openark/orchestrator/issues/763 https://github.com/docker-library/mysql/issues/296: the threads of a replica fail apart", () => {
  it("an error while applying goes on receiving, and repairs by catching up", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(60_000);
    sim.inject({ kind: "breakReplication", replicaId: id });
    const before = replicaOf(sim, id);
    expect(sim.getInstance(id).status).toBe("REPLICATION_ERROR");
    sim.advance(60_000);
    const broken = replicaOf(sim, id);
    expect(broken).toMatchObject({ ioRunning: true, sqlRunning: false, lagMs: null });
    expect(broken.lastError?.code).toBe(1062);
    expect(broken.appliedPosition).toEqual(before.appliedPosition);
    expect(broken.receivedPosition.transactions - before.receivedPosition.transactions).toBe(6_000);
    sim.inject({ kind: "repairReplication", replicaId: id });
    sim.advance(60_000);
    const repaired = replicaOf(sim, id);
    expect(repaired).toMatchObject({ ioRunning: true, sqlRunning: true, lastError: null });
    expect(repaired.lagMs).toBe(2_000);
  });

  it("an error while receiving applies what is there, and receives nothing more", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(60_000);
    sim.inject({ kind: "breakReplication", replicaId: id, thread: "receiving" });
    const before = replicaOf(sim, id);
    sim.advance(60_000);
    const broken = replicaOf(sim, id);
    expect(broken).toMatchObject({ ioRunning: false, sqlRunning: true, lagMs: null });
    expect(broken.lastError?.code).toBe(1236);
    expect(broken.receivedPosition).toEqual(before.receivedPosition);
    expect(broken.appliedPosition).toEqual(before.receivedPosition);
    sim.restartInstance(id);
    sim.settle();
    expect(sim.getInstance(id).status).toBe("REPLICATION_ERROR");
    expect(replicaOf(sim, id).lastError?.code).toBe(1236);
    sim.inject({ kind: "repairReplication", replicaId: id });
    sim.advance(60_000);
    expect(replicaOf(sim, id)).toMatchObject({ ioRunning: true, lastError: null, lagMs: 2_000 });
  });

  it("stops receiving in a set without a workload, as well", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    sim.inject({ kind: "breakReplication", replicaId: id, thread: "receiving", durationMs: 1_000 });
    expect(replicaOf(sim, id)).toMatchObject({ ioRunning: false, sqlRunning: true });
    sim.advance(1_000);
    expect(replicaOf(sim, id)).toMatchObject({ ioRunning: true, lastError: null });
  });

  it.each([
    { thread: "applying", status: "on", lost: 0 },
    // None acknowledges for ten seconds, then the source waits for none: all of a minute is lost with the source.
    { thread: "receiving", status: "degraded", lost: 6_000 },
  ] as const)(
    "a failover after an error while $thread loses $lost or more of what was acknowledged",
    ({ thread, status, lost }) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const { source, replicas } = createActiveHaGroup(sim, { replicas: 1 });
      sim.setWorkload(source.id, { transactionsPerSecond: 100 });
      sim.advance(60_000);
      sim.inject({ kind: "breakReplication", replicaId: replicas[0]?.id ?? "", thread });
      sim.advance(60_000);
      expect(sim.getReplicationStatus(source.id)).toMatchObject({ semiSynchronous: status });
      let lostTransactions: number | undefined;
      sim.subscribe(({ facts }) => {
        for (const fact of facts) {
          if (fact.type === "LogStarted") lostTransactions = fact.lostTransactions;
        }
      });
      sim.inject({ kind: "crash", instanceId: source.id });
      sim.advance(60_000);
      expect(lostTransactions).toBeGreaterThanOrEqual(lost);
      expect(lostTransactions).toBeLessThanOrEqual(lost * 1.1);
    },
  );
});
