import { describe, expect, it } from "vitest";
import { documentedLatency, type Fact, ReplicationSimulator } from "../../src/index.js";
import { journalTimeline, timelineSvg, topologyTree } from "../../src/render/index.js";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
} from "../../src/testing/index.js";

const minute = 60_000;

/** A group whose source is written to, ten transactions a second. */
function written({ acknowledgementTimeout = 10_000 } = {}) {
  const sim = new ReplicationSimulator({
    seed: 5,
    latency: { ...documentedLatency, acknowledgementTimeout },
  });
  const made = createActiveHaGroup(sim, { replicas: 2 });
  sim.setWorkload(made.source.id, { transactionsPerSecond: 10 });
  sim.advance(minute);
  const facts: Fact[] = [];
  sim.subscribe((entry) => facts.push(...entry.facts));
  const [first, second] = made.replicas.map(({ id }) => id);
  return {
    sim,
    groupId: made.group.id,
    source: made.source.id,
    first: first ?? "",
    second: second ?? "",
    of: <T extends Fact["type"]>(type: T) =>
      facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type),
  };
}

function sourceStatus(sim: ReplicationSimulator, id: string) {
  const found = sim.getReplicationStatus(id);
  if (found.role !== "source") throw new RangeError(`${id} is no source`);
  return found;
}

function replicaStatus(sim: ReplicationSimulator, id: string) {
  const found = sim.getReplicationStatus(id);
  if (found.role !== "replica") throw new RangeError(`${id} is no replica`);
  return found;
}

describe("C35 https://github.com/openark/orchestrator/issues/482 https://github.com/sysown/proxysql/issues/789: a source that its clients reach, and replicas and monitor do not", () => {
  it("goes on to take writes, and no status changes but that of its group", () => {
    const { sim, source, first, groupId } = written();
    sim.disableFailover(groupId);
    sim.settle();
    const before = sourceStatus(sim, source).writtenPosition.transactions;
    sim.inject({ kind: "partition", instanceId: source });
    sim.advance(minute);
    expect(sim.getInstance(source).status).toBe("ACTIVE");
    expect(sim.getInstance(first).status).toBe("ACTIVE");
    const status = sourceStatus(sim, source);
    expect(status.interruptedAt).toBe(null);
    expect(status.writtenPosition.transactions - before).toBe(600);
    expect(replicaStatus(sim, first)).toMatchObject({ ioRunning: false, sqlRunning: true });
    expect(replicaStatus(sim, first).lastError?.code).toBe(2003);
    expectNoBrokenInvariants(sim);
  });

  it("is replaced by its group, and what it took meanwhile is lost and counted", () => {
    const { sim, source, groupId, first, of } = written();
    const since = sourceStatus(sim, source).writtenPosition.transactions;
    sim.inject({ kind: "partition", instanceId: source });
    sim.waitFor(groupId, "HA_FAILOVER");
    // Both sides at once: the monitor promotes a replica, and clients write to the old source.
    sim.advance(10_000);
    const atPromotion = sourceStatus(sim, source).acknowledgedPosition.transactions;
    expect(atPromotion).toBeGreaterThan(since);
    sim.waitFor(groupId, "ACTIVE");
    expect(sim.getGroup(groupId).sourceId).toBe(first);
    const [promotion] = of("SourcePromoted");
    const [start] = of("LogStarted");
    const written20s = 200;
    expect(promotion?.writtenPosition.transactions).toBe(since + written20s);
    const kept = promotion?.receivedPosition.transactions ?? 0;
    expect(start?.lostTransactions).toBe(since + written20s - kept);
    expect(sourceStatus(sim, first).workload?.transactionsPerSecond).toBe(10);
    expectNoBrokenInvariants(sim);
  });

  it("is fenced: it takes no writes after the promotion, and is gone before the partition heals", () => {
    const { sim, source, groupId } = written();
    sim.inject({ kind: "partition", instanceId: source, durationMs: 600_000 });
    sim.waitFor(groupId, "ADDING_REPLICA");
    expect(sim.getInstance(source).status).toBe("DELETION_PENDING");
    expect(sourceStatus(sim, source).workload?.transactionsPerSecond).toBe(0);
    sim.advance(10_000);
    expect(sim.try.getInstance(source).ok).toBe(false);
    expect(sim.listFaults()).toEqual([]);
    sim.settle();
    expect(sim.getGroup(groupId).status).toBe("ACTIVE");
  });

  it("that heals before four pings are missed was a false alarm, and nothing is lost", () => {
    const { sim, source, groupId, first, of } = written();
    sim.inject({ kind: "partition", instanceId: source, durationMs: 8_999 });
    sim.advance(minute);
    expect(sim.listFailovers(groupId)).toEqual([]);
    expect(of("FailoverStarted")).toEqual([]);
    expect(sim.getGroup(groupId).status).toBe("ACTIVE");
    expect(replicaStatus(sim, first)).toMatchObject({ ioRunning: true, lagMs: 2_000 });
    expect(of("PartitionChanged").map(({ partitionId }) => partitionId === null)).toEqual([
      false,
      true,
    ]);
  });

  it("that heals during the promotion is replaced all the same, without a loss", () => {
    const { sim, source, groupId, of } = written();
    sim.inject({ kind: "partition", instanceId: source, durationMs: 15_000 });
    sim.waitFor(groupId, "ACTIVE");
    sim.settle();
    expect(sim.listFailovers(groupId)).toHaveLength(1);
    expect(of("LogStarted").map(({ lostTransactions }) => lostTransactions)).toEqual([0]);
  });

  it("in a plain set keeps its clients, and its replicas catch up when it is reached again", () => {
    const sim = new ReplicationSimulator({ seed: 5 });
    const { source, replicas } = createReplicationSet(sim);
    const replica = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 10 });
    sim.advance(minute);
    sim.inject({ kind: "partition", instanceId: source.id });
    sim.advance(minute);
    const behind = replicaStatus(sim, replica).receivedPosition.transactions;
    expect(sourceStatus(sim, source.id).writtenPosition.transactions - behind).toBe(610);
    sim.inject({ kind: "healPartition", instanceId: source.id });
    sim.advance(minute);
    expect(replicaStatus(sim, replica)).toMatchObject({ ioRunning: true, lagMs: 2_000 });
    expect(sim.listFaults()).toEqual([]);
  });

  it("is detached from in a plain set: two instances take writes, as its clients stay", () => {
    const sim = new ReplicationSimulator({ seed: 5 });
    const { source, replicas } = createReplicationSet(sim);
    const replica = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 10 });
    sim.advance(minute);
    sim.inject({ kind: "partition", instanceId: source.id });
    sim.detachReplica(replica);
    sim.advance(minute);
    sim.setWorkload(replica, { transactionsPerSecond: 10 });
    sim.advance(minute);
    const [old, young] = [sourceStatus(sim, source.id), sourceStatus(sim, replica)];
    expect([old.interruptedAt, young.interruptedAt]).toEqual([null, null]);
    expect(old.writtenPosition.transactions).toBeGreaterThan(young.writtenPosition.transactions);
    expect(young.writtenPosition.transactions).toBeGreaterThan(600);
  });
});

describe("C35 S11: an operator promotes a replica of a plain set whose source is cut off", () => {
  function promoted(moveClients: boolean) {
    const sim = new ReplicationSimulator({ seed: 5 });
    const { source, replicas } = createReplicationSet(sim);
    const replica = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 10 });
    sim.advance(minute);
    sim.inject({ kind: "partition", instanceId: source.id });
    sim.advance(minute);
    const lost: number[] = [];
    sim.subscribe(({ facts }) => {
      for (const fact of facts) {
        if (fact.type === "LogStarted") lost.push(fact.lostTransactions);
      }
    });
    sim.promoteReplica(replica, { moveClients });
    sim.settle();
    expectNoBrokenInvariants(sim);
    return { sim, source: source.id, replica, lost };
  }

  it("the source is left behind with its clients: two sources at once", () => {
    const { sim, source, replica, lost } = promoted(false);
    sim.setWorkload(replica, { transactionsPerSecond: 10 });
    const before = sourceStatus(sim, source).writtenPosition.transactions;
    sim.advance(minute);
    expect(sim.getInstance(source)).toMatchObject({ status: "ACTIVE", sourceId: null });
    expect(sourceStatus(sim, source).writtenPosition.transactions - before).toBe(600);
    expect(sourceStatus(sim, replica).writtenPosition.transactions).toBe(590 + 600);
    expect(lost).toEqual([0]);
  });

  it("clients that move with it lose what the replica had not received", () => {
    const { sim, source, replica, lost } = promoted(true);
    const written = sourceStatus(sim, source).writtenPosition.transactions;
    expect(lost).toEqual([written - 590]);
    expect(sourceStatus(sim, source).workload?.transactionsPerSecond).toBe(0);
    expect(sourceStatus(sim, replica).workload?.transactionsPerSecond).toBe(10);
  });
});

describe("C34 C35 https://github.com/openark/orchestrator/issues/1137: a partition and what else can happen", () => {
  it("a semi-synchronous source without its replicas stalls its clients until the timeout", () => {
    const { sim, source, groupId, of } = written();
    sim.disableFailover(groupId);
    sim.settle();
    sim.inject({ kind: "partition", instanceId: source, durationMs: 30_000 });
    expect(of("CommitsStalled")).toHaveLength(1);
    sim.advance(9_000);
    expect(sourceStatus(sim, source).stalledSince).not.toBe(null);
    sim.advance(2_000);
    expect(sourceStatus(sim, source)).toMatchObject({
      stalledSince: null,
      semiSynchronous: "degraded",
    });
    sim.advance(2 * minute);
    expect(sourceStatus(sim, source).semiSynchronous).toBe("on");
  });

  it("a source that waits without end for an acknowledgement loses nothing of what it acknowledged", () => {
    const { sim, source, groupId, of } = written({ acknowledgementTimeout: 3_600_000 });
    sim.inject({ kind: "partition", instanceId: source });
    sim.waitFor(groupId, "ACTIVE");
    sim.settle();
    expect(of("LogStarted").map(({ lostTransactions }) => lostTransactions)).toEqual([0]);
    expect(of("CommitStallEnded").map(({ stalledMs }) => stalledMs)).toEqual([20_000]);
  });

  it("a replica that is cut off is not promoted, though it had received more", () => {
    const { sim, source, first, second, groupId } = written();
    sim.inject({ kind: "cutLink", replicaId: second });
    sim.advance(minute);
    sim.inject({ kind: "partition", instanceId: first });
    sim.advance(1);
    expect(sim.getGroup(groupId).status).toBe("REPLICATION_ERROR");
    sim.inject({ kind: "crash", instanceId: source });
    sim.advance(10_000);
    sim.waitFor(groupId, "ADDING_REPLICA");
    expect(sim.getGroup(groupId).sourceId).toBe(second);
    expectNoBrokenInvariants(sim);
  });

  it("a replica that is cut off while its source is replaced has what it had, and reads the rest later", () => {
    const { sim, source, second, groupId } = written();
    sim.inject({ kind: "partition", instanceId: second });
    const had = replicaStatus(sim, second).receivedPosition.transactions;
    sim.advance(minute);
    sim.inject({ kind: "crash", instanceId: source });
    sim.advance(10_000);
    sim.waitFor(groupId, "ADDING_REPLICA");
    const promoted = sim.getGroup(groupId).sourceId ?? "";
    expect(sim.getInstance(second).sourceId).toBe(promoted);
    expect(replicaStatus(sim, second)).toMatchObject({ ioRunning: false });
    expect(replicaStatus(sim, second).receivedPosition.transactions).toBe(had);
    expect(sourceStatus(sim, promoted).writtenPosition.transactions).toBeGreaterThan(had + 500);
    expectNoBrokenInvariants(sim);
    sim.inject({ kind: "healPartition", instanceId: second });
    sim.advance(3_000);
    const on = replicaStatus(sim, second).receivedPosition.transactions;
    expect(on).toBeGreaterThan(had);
    sim.advance(5 * minute);
    expect(replicaStatus(sim, second).lagMs).toBe(2_000);
    expect(sim.getGroup(groupId).status).toBe("ACTIVE");
    expectNoBrokenInvariants(sim);
  });

  it("a group whose members are all cut off has no candidate, and is well when they are reached again", () => {
    const { sim, source, first, second, groupId, of } = written();
    for (const instanceId of [first, second, source]) sim.inject({ kind: "partition", instanceId });
    sim.advance(5 * minute);
    expect(sim.getGroup(groupId).status).toBe("REPLICATION_ERROR");
    expect(of("SourcePromoted")).toEqual([]);
    for (const { id } of sim.listFaults()) sim.clearFault(id);
    sim.settle();
    expect(sim.getGroup(groupId)).toMatchObject({ status: "ACTIVE", sourceId: source });
  });

  it("of members that are cut off while the group works, the group fails over when it is done", () => {
    const { sim, source, groupId } = written();
    sim.updateProxyNodes(groupId);
    sim.inject({ kind: "partition", instanceId: source });
    sim.waitFor(groupId, "HA_FAILOVER");
    sim.settle();
    expect(sim.getGroup(groupId).status).toBe("ACTIVE");
    expect(sim.listFailovers(groupId)).toHaveLength(1);
  });
});

describe("C35: the fault", () => {
  it("is refused twice, healed when it stands, and refused for what does not exist", () => {
    const { sim, source } = written();
    const healed = sim.try.inject({ kind: "healPartition", instanceId: source });
    expect(!healed.ok && healed.error).toMatchObject({ rule: "fault-network" });
    const id = sim.inject({ kind: "partition", instanceId: source });
    expect(sim.getInstance(source).partitionId).toBe(id);
    const again = sim.try.inject({ kind: "partition", instanceId: source });
    expect(!again.ok && again.error).toMatchObject({
      rule: "fault-network",
      field: "fault.instanceId",
      message: `the network of instance ${source} already has ${id}; clear it first`,
    });
    const absent = sim.try.inject({ kind: "partition", instanceId: "absent" });
    expect(!absent.ok && absent.error.rule).toBe("fault-target-exists");
    sim.clearFault(id);
    expect(sim.getInstance(source).partitionId).toBe(null);
  });

  it("comes to each instance at random, and the clock of one that is cut off stands", () => {
    const sim = new ReplicationSimulator({ seed: 5 });
    const { source } = createReplicationSet(sim, { replicas: 2 });
    sim.injectRandom({
      fault: "partition",
      target: { sourceId: source.id },
      timeToFailure: { kind: "exponential", meanMs: 60 * minute },
      timeToRepair: 10 * minute,
    });
    let cutOff = 0;
    sim.subscribe(({ facts }) => {
      for (const fact of facts) {
        if (fact.type === "PartitionChanged" && fact.partitionId !== null) cutOff += 1;
      }
    });
    // Three instances, 70 minutes from one failure to the next on average: 3 × 1,000 × 60 / 70.
    sim.advance(1_000 * 60 * minute);
    expect(cutOff).toBeGreaterThan(2_350);
    expect(cutOff).toBeLessThan(2_800);
    expectNoBrokenInvariants(sim);
  });

  it("is explained as the cause of the failover, and drawn", () => {
    const { sim, source, groupId } = written();
    const since = sim.journal().lines.length;
    sim.inject({ kind: "partition", instanceId: source });
    expect(topologyTree(sim.topology)).toContain("cut off by a partition");
    expect(topologyTree(sim.topology).match(/cut off/g)).toHaveLength(1);
    sim.waitFor(groupId, "ADDING_REPLICA");
    const causes = sim.explain(groupId);
    const root = causes.at(-1)?.line;
    expect(root?.facts.map(({ type }) => type)).toContain("PartitionChanged");
    expect(root?.trigger).toMatchObject({ command: { fault: { kind: "partition" } } });
    expect(journalTimeline(sim.journal(), { since })).toContain(
      "it is cut off from replicas and monitor, and its clients reach it",
    );
    const svg = timelineSvg(sim.journal());
    expect(svg).toContain("it is cut off from replicas and monitor, and its clients reach it");
  });

  it("survives a snapshot, a replay and a fork", () => {
    const { sim, source, groupId } = written();
    sim.inject({ kind: "partition", instanceId: source, durationMs: 600_000 });
    sim.advance(1_000);
    const restored = ReplicationSimulator.restore(sim.snapshot());
    const fork = sim.fork();
    for (const world of [sim, restored, fork]) world.waitFor(groupId, "ADDING_REPLICA");
    expect(restored.fingerprint()).toBe(sim.fingerprint());
    expect(fork.fingerprint()).toBe(sim.fingerprint());
  });
});
