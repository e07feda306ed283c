import { describe, expect, it } from "vitest";
import { documentedLatency, ReplicationSimulator } from "../../src/index.js";
import { createActiveHaGroup } from "../../src/testing/fixtures.js";

function written(applyLag: number) {
  const sim = new ReplicationSimulator({ seed: 2, latency: { ...documentedLatency, applyLag } });
  const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 2 });
  sim.setWorkload(source.id, { transactionsPerSecond: 100, bytesPerTransaction: 10 });
  sim.advance(900_000);
  return { sim, group, source, replicas };
}

function outageMs(applyLag: number): number | undefined {
  const { sim, source } = written(applyLag);
  let unavailableMs: number | undefined;
  sim.subscribe(({ facts }) => {
    for (const fact of facts) {
      if (fact.type === "WritesResumed") unavailableMs ??= fact.unavailableMs;
    }
  });
  sim.inject({ kind: "crash", instanceId: source.id });
  sim.advance(600_000);
  return unavailableMs;
}

describe("C32 https://github.com/openark/orchestrator/issues/1363 https://github.com/signal18/replication-manager/issues/73: who is promoted applies what it has first", () => {
  it("takes a tenth of what is left to apply, beside detection and promotion", () => {
    expect(outageMs(1_000)).toBe(20_000);
    // After 9 s of detection 291 s of the 300 s are left.
    expect(outageMs(300_000)).toBe(20_000 + 29_100);
  });

  it("makes a forced failover wait for an hour of backlog, and lose nothing", () => {
    const { sim, group, source, replicas } = written(1_000);
    for (const { id } of replicas) {
      sim.inject({ kind: "breakReplication", replicaId: id });
    }
    sim.advance(3_600_000);
    for (const { id } of replicas) sim.inject({ kind: "repairReplication", replicaId: id });
    const status = sim.getReplicationStatus(source.id);
    const before = status.role === "source" ? status.writtenPosition : undefined;
    const since = sim.now;
    sim.setWorkload(source.id, { transactionsPerSecond: 0 });
    sim.forceFailover(group.id);
    sim.waitFor(group.id, "ACTIVE");
    // An hour and the 2 s of the lags, ten times as fast: nothing is written meanwhile.
    expect(sim.now - since).toBe(11_000 + 360_200);
    const { sourceId } = sim.getGroup(group.id);
    expect(sourceId).not.toBe(source.id);
    expect(sim.getReplicationStatus(sourceId ?? "")).toMatchObject({ writtenPosition: before });
  });

  it("fails a forced failover to a replica that never catches up, and changes nothing", () => {
    const { sim, group, source, replicas } = written(1_000);
    for (const { id } of replicas) sim.inject({ kind: "slowLink", replicaId: id, factor: 4 });
    sim.advance(600_000);
    sim.forceFailover(group.id);
    sim.waitFor(group.id, "ACTIVE");
    expect(sim.getGroup(group.id)).toMatchObject({
      sourceId: source.id,
      lastError: { message: expect.stringContaining("further behind than its lag") },
    });
  });
});
