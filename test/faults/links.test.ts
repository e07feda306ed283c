import { ReplicationSimulator } from "replication-simulator";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
} from "replication-simulator/testing";
import { describe, expect, test } from "vitest";

/** A source that is written to, and its replica. */
function written() {
  const sim = new ReplicationSimulator({ seed: 7, startAt: 0 });
  const { source, replicas } = createReplicationSet(sim);
  const [replica] = replicas;
  if (replica === undefined) throw new Error("the set has a replica");
  sim.setWorkload(source.id, { transactionsPerSecond: 1000 });
  sim.advance(60_000);
  return { sim, sourceId: source.id, replicaId: replica.id };
}

function lagOf(sim: ReplicationSimulator, replicaId: string): number | null {
  const found = sim.getReplicationStatus(replicaId);
  if (found.role !== "replica") throw new Error(`${replicaId} is no replica`);
  return found.lagMs;
}

describe("a link that is cut", () => {
  test("lets a replica fall behind without a word, until it is restored", () => {
    const { sim, replicaId } = written();
    sim.inject({ kind: "cutLink", replicaId });
    const before = sim.getReplicationStatus(replicaId);
    sim.advance(30_000);
    expect(sim.getInstance(replicaId).status).toBe("ACTIVE");
    expect(sim.getReplicationStatus(replicaId)).toMatchObject({
      receivedPosition: (before as { receivedPosition: unknown }).receivedPosition,
    });
    sim.inject({ kind: "restoreLink", replicaId });
    sim.advance(60_000);
    expect(lagOf(sim, replicaId)).toBeLessThan(5_000);
    expect(sim.listFaults()).toEqual([]);
    expectNoBrokenInvariants(sim);
  });

  test("is whole again after durationMs", () => {
    const { sim, replicaId } = written();
    sim.inject({ kind: "cutLink", replicaId, durationMs: 10_000 });
    expect(sim.listFaults()).toHaveLength(1);
    sim.advance(10_000);
    expect(sim.listFaults()).toEqual([]);
    expect(sim.getInstance(replicaId).link?.condition).toEqual({ condition: "normal" });
  });

  test("degrades the semi-synchronous replication of a group, and is made good", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { source, replicas } = createActiveHaGroup(sim);
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(5_000);
    const factTypes: string[] = [];
    sim.subscribe(({ facts }) => factTypes.push(...facts.map(({ type }) => type)));
    for (const { id } of replicas)
      sim.inject({ kind: "cutLink", replicaId: id, durationMs: 30_000 });
    sim.advance(120_000);
    expect(factTypes).toContain("SemiSynchronousDegraded");
    expect(factTypes).toContain("SemiSynchronousRestored");
  });
});

describe("a link that is slow", () => {
  test("adds its lag", () => {
    const { sim, replicaId } = written();
    const before = lagOf(sim, replicaId) ?? 0;
    sim.inject({ kind: "slowLink", replicaId, lagMs: 20_000 });
    sim.advance(60_000);
    expect((lagOf(sim, replicaId) ?? 0) - before).toBe(20_000);
  });

  test("by a factor carries less than is written, so that the lag grows", () => {
    const { sim, replicaId } = written();
    const before = lagOf(sim, replicaId) ?? 0;
    sim.inject({ kind: "slowLink", replicaId, factor: 4 });
    sim.advance(40_000);
    expect((lagOf(sim, replicaId) ?? 0) - before).toBeGreaterThanOrEqual(29_000);
    expect((lagOf(sim, replicaId) ?? 0) - before).toBeLessThanOrEqual(31_000);
  });

  test("ends with replication: a detached replica has no link", () => {
    const { sim, replicaId } = written();
    sim.inject({ kind: "slowLink", replicaId, factor: 2 });
    sim.detachReplica(replicaId);
    sim.settle();
    expect(sim.listFaults()).toEqual([]);
    expectNoBrokenInvariants(sim);
  });
});
