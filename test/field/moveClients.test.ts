import { describe, expect, it } from "vitest";
import { type Fact, ReplicationSimulator } from "../../src/index.js";
import { journalTimeline, timelineSvg } from "../../src/render/index.js";
import { scenario } from "../../src/scenario/index.js";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
} from "../../src/testing/index.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";

const size = { flavorId: 2, volumeGb: 10 };

function two() {
  const sim = new ReplicationSimulator({ seed: 3 });
  const from = sim.createInstance(size).id;
  const to = sim.createInstance(size).id;
  sim.settle();
  sim.setWorkload(from, { transactionsPerSecond: 100, bytesPerTransaction: 500 });
  return { sim, from, to };
}

const workloadOf = (sim: ReplicationSimulator, id: string) => sim.getInstance(id).log?.workload;

describe("S11: an operator moves the clients of a plain instance", () => {
  it("lets them write there from that moment on, and no more where they were", () => {
    const { sim, from, to } = two();
    sim.advance(10_000);
    sim.moveClients(from, to);
    sim.advance(5_000);
    expect(sim.getReplicationStatus(from)).toMatchObject({
      acknowledgedPosition: { transactions: 1_000 },
    });
    expect(sim.getReplicationStatus(to)).toMatchObject({
      acknowledgedPosition: { transactions: 500, bytes: 250_000 },
    });
  });

  it("adds them to those that write there, with the mean size of their transactions", () => {
    const { sim, from, to } = two();
    sim.setWorkload(to, { transactionsPerSecond: 300, bytesPerTransaction: 100 });
    sim.moveClients(from, to);
    expect(workloadOf(sim, from)?.transactionsPerSecond).toBe(0);
    expect(workloadOf(sim, to)).toEqual({ transactionsPerSecond: 400, bytesPerTransaction: 200 });
  });

  it("ends the wait of clients whose instance is down, and reports its length", () => {
    const { sim, from, to } = two();
    sim.inject({ kind: "crash", instanceId: from });
    sim.advance(60_000);
    const facts: Fact[] = [];
    sim.subscribe((entry) => facts.push(...entry.facts));
    sim.moveClients(from, to);
    expect(facts.filter(({ type }) => type === "WritesResumed")).toMatchObject([
      { id: to, unavailableMs: 60_000, replacedId: from, lostTransactions: 0 },
    ]);
    sim.advance(1_000);
    expect(sim.getReplicationStatus(to)).toMatchObject({
      acknowledgedPosition: { transactions: 100 },
    });
    sim.inject({ kind: "recover", instanceId: from });
    sim.advance(1_000);
    expect(sim.getInstance(from).log?.interruptedAt).toBeNull();
  });

  it("lets them wait on where they have gone to, while that is down as well", () => {
    const { sim, from, to } = two();
    sim.inject({ kind: "crash", instanceId: to, durationMs: 30_000 });
    sim.moveClients(from, to);
    const facts: Fact[] = [];
    sim.subscribe((entry) => facts.push(...entry.facts));
    sim.advance(60_000);
    expect(facts.filter(({ type }) => type === "WritesResumed")).toMatchObject([
      { id: to, unavailableMs: 30_000 },
    ]);
  });
});

/** A source with a replica, whose clients have written 100 transactions a second for 10 s. */
function set(replicas: 1 | 2 = 1) {
  const sim = new ReplicationSimulator({ seed: 3 });
  const { source, replicas: copies } = createReplicationSet(sim, { replicas });
  sim.setWorkload(source.id, { transactionsPerSecond: 100 });
  sim.advance(10_000);
  const facts: Fact[] = [];
  sim.subscribe((entry) => facts.push(...entry.facts));
  const lost = () =>
    facts.flatMap((fact) => (fact.type === "WorkloadMoved" ? [fact.lostTransactions] : []));
  const begins = () =>
    facts.flatMap((fact) =>
      fact.type === "LogStarted" ? [fact.log.pieces.at(-1)?.transactions ?? 0] : [],
    );
  const [first = "", second = ""] = copies.map(({ id }) => id);
  return { sim, source: source.id, first, second, facts, lost, begins };
}

function writtenOn(sim: ReplicationSimulator, id: string): number {
  const status = sim.getReplicationStatus(id);
  return status.role === "source" ? status.writtenPosition.transactions : 0;
}

describe("clients that leave a source lose what the other instance never received", () => {
  it("as after a partition and a promotion: all that was acknowledged since", () => {
    const { sim, source, first, facts, lost, begins } = set();
    const since = sim.journal().lines.length;
    sim.inject({ kind: "partition", instanceId: source });
    sim.promoteReplica(first);
    sim.advance(60_000);
    // A second of the log was on its way. Clients wrote on for 60 s, and both take writes.
    expect(begins()).toEqual([900]);
    sim.moveClients(source, first);
    expect(lost()).toEqual([7_000 - 900]);
    // No client waited: there is no interruption that could report it.
    expect(facts.filter(({ type }) => type === "WritesResumed")).toEqual([]);
    expect(journalTimeline(sim.journal(), { since })).toContain(
      "its users go to orders-replica-1, 6100 transactions lost",
    );
    expect(timelineSvg(sim.journal(), { since })).toContain("6100 transactions lost");
    expectNoBrokenInvariants(sim);
  });

  it("also where the replica was detached, healthy, long before", () => {
    const { sim, source, first, lost, begins } = set();
    sim.detachReplica(first);
    sim.settle();
    const [kept = 0] = begins();
    const transactions = writtenOn(sim, source);
    expect(transactions - kept).toBeLessThan(200);
    sim.advance(3_600_000);
    sim.moveClients(source, first);
    expect(lost()).toEqual([transactions + 360_000 - kept]);
  });

  it("after a crash, with the time without writes", () => {
    const { sim, source, first, facts, lost } = set();
    sim.inject({ kind: "crash", instanceId: source });
    sim.promoteReplica(first);
    sim.advance(60_000);
    sim.moveClients(source, first);
    expect(lost()).toEqual([100]);
    expect(facts.filter(({ type }) => type === "WritesResumed")).toMatchObject([
      { id: first, unavailableMs: 60_000, lostTransactions: 100, replacedId: source },
    ]);
  });

  it("nothing where the replica had received everything", () => {
    const { sim, source, first, lost } = set();
    sim.promoteReplica(first);
    sim.advance(60_000);
    expect(sim.getInstance(source).sourceId).toBe(first);
    sim.moveClients(source, first);
    expect(lost()).toEqual([0]);
  });

  it("each transaction once, and in both directions", () => {
    const { sim, source, first, lost } = set();
    sim.inject({ kind: "partition", instanceId: source });
    sim.promoteReplica(first);
    sim.advance(10_000);
    sim.moveClients(source, first);
    sim.advance(5_000);
    sim.moveClients(first, source);
    sim.advance(2_000);
    sim.moveClients(source, first);
    expect(lost()).toEqual([2_000 - 900, 500, 200]);
  });

  it("by what two replicas of one source have in common", () => {
    const { sim, source, first, second, lost, begins } = set(2);
    sim.inject({ kind: "crash", instanceId: source });
    sim.detachReplica(first);
    sim.settle();
    sim.detachReplica(second);
    sim.settle();
    expect(begins()).toEqual([900, 900]);
    const transactions = writtenOn(sim, first);
    sim.moveClients(first, second);
    expect(lost().at(-1)).toBe(transactions - 900);
    expect(transactions).toBeGreaterThan(900);
  });

  it("nothing that is compared where the other instance never replicated from it", () => {
    const { sim, source, lost } = set();
    const other = sim.createInstance(size).id;
    sim.settle();
    sim.moveClients(source, other);
    expect(lost()).toEqual([0]);
  });

  it("in the measures of scenarios: transactions, and how far back they go", () => {
    const { outcome } = runFuture(
      prepareDesign(
        scenario({
          scenario: 1,
          topology: { orders: { kind: "set", replicas: 1, writes: { perSecond: 100 } } },
          steps: [
            { at: "1h", do: { fault: "partition", of: "orders.1" } },
            { at: "1h", do: { command: "promoteReplica", of: "orders.2" } },
            {
              at: "1h 1m",
              do: { command: "moveClients", of: "orders.1", toInstanceId: "orders.2" },
            },
          ],
          horizon: "2h",
          measures: {
            lost: { measure: "lostTransactions", of: "orders" },
            age: { measure: "recoveryPoint", of: "orders" },
          },
        }),
      ),
      1,
    );
    expect(outcome).toMatchObject({ lost: 6_100 });
    expect(Math.max(...(outcome["age"] as readonly number[]))).toBe(60_990);
  });

  it("as snapshots and replays keep it", () => {
    const { sim, source, first } = set();
    sim.inject({ kind: "partition", instanceId: source });
    sim.promoteReplica(first);
    sim.advance(10_000);
    for (const one of [
      ReplicationSimulator.restore(sim.snapshot()),
      ReplicationSimulator.replay(sim.journal()),
      sim.fork(),
    ]) {
      const moved: number[] = [];
      one.subscribe(({ facts }) => {
        for (const fact of facts)
          if (fact.type === "WorkloadMoved") moved.push(fact.lostTransactions);
      });
      one.moveClients(source, first);
      expect(moved).toEqual([2_000 - 900]);
    }
  });
});

/** What moves lost, in order, since this was called. */
function lossesOf(sim: ReplicationSimulator): readonly number[] {
  const lost: number[] = [];
  sim.subscribe(({ facts }) => {
    for (const fact of facts) if (fact.type === "WorkloadMoved") lost.push(fact.lostTransactions);
  });
  return lost;
}

/** A source with clients that write 100 transactions a second, and a backup that was started after 10 s of them. */
function backedUp(seed = 3) {
  const sim = new ReplicationSimulator({ seed });
  const source = sim.createInstance(size).id;
  sim.settle();
  sim.setWorkload(source, { transactionsPerSecond: 100, bytesPerTransaction: 500 });
  sim.advance(10_000);
  const backup = sim.createBackup({ name: "nightly", ownerId: source }).id;
  sim.waitForBackup(backup, "COMPLETED");
  const restore = () => {
    const { id } = sim.createInstance({ ...size, restoreFrom: backup });
    sim.waitFor(id, "ACTIVE");
    return id;
  };
  return { sim, source, backup, restore, lost: lossesOf(sim) };
}

describe("clients that go to what was restored from a backup lose what was written since", () => {
  it("the backup keeps its position in the log, as it was when it was started", () => {
    const { sim, source, backup } = backedUp();
    expect(sim.getBackup(backup).logPosition).toEqual({
      instanceId: source,
      transactions: 1_000,
      bytes: 500_000,
    });
    const plain = sim.createInstance(size).id;
    sim.waitFor(plain, "ACTIVE");
    expect(sim.createBackup({ name: "b", ownerId: plain }).logPosition).toBeNull();
  });

  it("all that was acknowledged after the backup was started, however long ago that is", () => {
    const { sim, source, restore, lost } = backedUp();
    const to = restore();
    sim.advance(3_600_000);
    const transactions = writtenOn(sim, source);
    sim.moveClients(source, to);
    expect(lost).toEqual([transactions - 1_000]);
    sim.advance(10_000);
    expect(sim.getReplicationStatus(to)).toMatchObject({
      writtenPosition: { transactions: 2_000, bytes: 1_000_000 },
    });
    expectNoBrokenInvariants(sim);
  });

  it("after the source is gone, too, and reports it where writes resume", () => {
    const { sim, source, restore, lost } = backedUp();
    sim.inject({ kind: "crash", instanceId: source });
    const transactions = writtenOn(sim, source);
    const to = restore();
    const facts: Fact[] = [];
    sim.subscribe((entry) => facts.push(...entry.facts));
    sim.moveClients(source, to);
    expect(lost).toEqual([transactions - 1_000]);
    expect(facts.filter(({ type }) => type === "WritesResumed")).toMatchObject([
      { id: to, replacedId: source, lostTransactions: transactions - 1_000 },
    ]);
  });

  it("each of two restored instances by the older of their backups", () => {
    const { sim, source, restore, lost } = backedUp();
    const early = restore();
    const second = sim.createBackup({ name: "later", ownerId: source }).id;
    const { transactions = 0 } = sim.getBackup(second).logPosition ?? {};
    sim.waitForBackup(second, "COMPLETED");
    const late = sim.createInstance({ ...size, restoreFrom: second }).id;
    sim.waitFor(late, "ACTIVE");
    sim.setWorkload(late, { transactionsPerSecond: 10 });
    sim.advance(10_000);
    sim.moveClients(late, early);
    expect(lost).toEqual([transactions + 100 - 1_000]);
  });

  it("of a replica, by what it had applied of the log of its source", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { source, replicas } = createReplicationSet(sim);
    const replica = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(60_000);
    const status = sim.getReplicationStatus(replica);
    const applied = status.role === "replica" ? status.appliedPosition : undefined;
    expect(applied?.transactions).toBe(5_800);
    const backup = sim.createBackup({ name: "b", ownerId: replica });
    expect(backup.logPosition).toEqual({ instanceId: source.id, ...applied });
  });

  it("of a group after a failover, though the source that wrote the log is gone", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { group, source } = createActiveHaGroup(sim, { replicas: 1 });
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(60_000);
    const backup = sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
    expect(backup.logPosition).toMatchObject({ instanceId: source.id, transactions: 5_800 });
    sim.waitForBackup(backup.id, "COMPLETED");
    sim.waitFor(group.id, "ACTIVE");
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.waitFor(group.id, "ADDING_REPLICA");
    sim.waitFor(group.id, "ACTIVE");
    const to = sim.createInstance({ ...size, restoreFrom: backup.id }).id;
    sim.waitFor(to, "ACTIVE");
    const from = sim.getGroup(group.id).sourceId ?? "";
    const status = sim.getReplicationStatus(from);
    const { transactions = 0 } = status.role === "source" ? status.acknowledgedPosition : {};
    const lost = lossesOf(sim);
    sim.moveClients(from, to);
    expect(lost).toEqual([transactions - 5_800]);
  });

  it("has a replica that receives what is written there, from the position of the backup on", () => {
    const { sim, source, restore } = backedUp();
    const to = restore();
    const replica = sim.createReplica({ ...size, replicaOf: to }).id;
    sim.waitFor(replica, "ACTIVE");
    sim.moveClients(source, to);
    sim.advance(60_000);
    const status = sim.getReplicationStatus(replica);
    expect(status).toMatchObject({ receivedPosition: { transactions: 1_000 + 5_900 } });
    expectNoBrokenInvariants(sim);
  });

  it("keeps its log when the source of the backup was deleted before", () => {
    const { sim, source, restore } = backedUp();
    sim.deleteInstance(source);
    sim.settle();
    const to = restore();
    sim.setWorkload(to, { transactionsPerSecond: 100 });
    const replica = sim.createReplica({ ...size, replicaOf: to }).id;
    sim.waitFor(replica, "ACTIVE");
    sim.advance(60_000);
    const transactions = writtenOn(sim, to);
    expect(transactions).toBeGreaterThan(7_000);
    expect(sim.getReplicationStatus(replica)).toMatchObject({
      receivedPosition: { transactions: transactions - 100 },
    });
    for (const id of [replica, to]) {
      sim.deleteInstance(id);
      sim.settle();
    }
    expectNoBrokenInvariants(sim);
  });

  it("as snapshots, replays and forks keep it", () => {
    const { sim, source, restore } = backedUp();
    const to = restore();
    const transactions = writtenOn(sim, source);
    for (const one of [
      ReplicationSimulator.restore(sim.snapshot()),
      ReplicationSimulator.replay(sim.journal()),
      sim.fork(),
    ]) {
      const lost = lossesOf(one);
      one.moveClients(source, to);
      expect(lost).toEqual([transactions - 1_000]);
    }
  });
});
