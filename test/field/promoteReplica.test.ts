import { describe, expect, it } from "vitest";
import { type Fact, ReplicationSimulator } from "../../src/index.js";
import { journalTimeline } from "../../src/render/index.js";
import { expectNoBrokenInvariants } from "../../src/testing/assertions.js";
import { createReplicationSet } from "../../src/testing/fixtures.js";

/** The work itself, and 2 s of the log that are still to be applied while the source goes on writing. */
const takes = 5_000 + Math.ceil(2_000 / 9);

function writingSet(replicas: 1 | 2 = 2) {
  const sim = new ReplicationSimulator({ seed: 3 });
  const set = createReplicationSet(sim, { replicas });
  const [first = "", second = ""] = set.replicas.map(({ id }) => id);
  const source = set.source.id;
  sim.setWorkload(source, { transactionsPerSecond: 100, bytesPerTransaction: 500 });
  sim.advance(10_000);
  const facts: Fact[] = [];
  sim.subscribe((entry) => facts.push(...entry.facts));
  const of = <T extends Fact["type"]>(type: T) =>
    facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
  return { sim, source, first, second, of };
}

describe("S11: an operator promotes a replica of a plain set", () => {
  it("takes no longer after an outage in which nothing was written", () => {
    const { sim, source, first, of } = writingSet();
    sim.inject({ kind: "crash", instanceId: source, durationMs: 3_600_000 });
    sim.advance(3_600_000);
    sim.promoteReplica(first);
    // The second that was under way is all that is left to apply.
    sim.advance(5_000 + Math.ceil(1_000 / 9) - 1);
    expect(of("ReplicaPromoted")).toEqual([]);
    sim.advance(1);
    expect(of("ReplicaPromoted")).toMatchObject([{ id: first, isEjected: false }]);
  });

  it("makes it the source; the others follow it, the old source included, and nothing is lost", () => {
    const { sim, source, first, second, of } = writingSet();
    expect(sim.promoteReplica(first, { moveClients: true })).toMatchObject({
      status: "DETACH_REPLICA",
      sourceId: source,
    });
    sim.advance(takes);
    expect(sim.getInstance(first)).toMatchObject({
      status: "ACTIVE",
      sourceId: null,
      replicaIds: [second, source],
    });
    for (const id of [source, second]) {
      expect(sim.getInstance(id)).toMatchObject({ status: "ACTIVE", sourceId: first });
    }
    expect(of("ReplicaPromoted")).toMatchObject([
      {
        id: first,
        oldSourceId: source,
        isEjected: false,
        writtenPosition: { transactions: 1_522 },
        receivedPosition: { transactions: 1_522 },
      },
    ]);
    expect(of("WritesResumed")).toMatchObject([
      { id: first, unavailableMs: 0, lostTransactions: 0 },
    ]);
    sim.advance(10_000);
    expect(sim.getReplicationStatus(first)).toMatchObject({
      writtenPosition: { transactions: 2_522 },
    });
    // It follows from there on, as any replica does.
    sim.setWorkload(first, { transactionsPerSecond: 0 });
    sim.advance(10_000);
    expect(sim.getReplicationStatus(source)).toMatchObject({
      ioRunning: true,
      appliedPosition: { transactions: 2_522 },
      lagMs: 0,
    });
    expectNoBrokenInvariants(sim);
  });

  it("lets clients wait where they are until they are moved", () => {
    const { sim, source, first, of } = writingSet(1);
    sim.promoteReplica(first);
    sim.advance(takes);
    expect(of("WritesInterrupted")).toMatchObject([{ id: source }]);
    expect(sim.getReplicationStatus(first)).toMatchObject({
      workload: { transactionsPerSecond: 0 },
    });
    expectNoBrokenInvariants(sim);
    expect(ReplicationSimulator.restore(sim.snapshot()).fingerprint()).toBe(sim.fingerprint());
    sim.advance(60_000);
    sim.moveClients(source, first);
    expect(of("WritesResumed")).toMatchObject([
      { id: first, unavailableMs: 60_000, lostTransactions: 0, replacedId: source },
    ]);
    expect(sim.getInstance(source).log).toBeNull();
    sim.advance(1_000);
    expect(sim.getReplicationStatus(first)).toMatchObject({
      writtenPosition: { transactions: 1_622 },
    });
    expectNoBrokenInvariants(sim);
  });

  it("lets them write again where they are, once that is detached or promoted back", () => {
    const detached = writingSet(1);
    detached.sim.promoteReplica(detached.first);
    detached.sim.advance(60_000 + takes);
    detached.sim.detachReplica(detached.source);
    detached.sim.advance(takes);
    expect(detached.of("WritesResumed")).toMatchObject([
      { id: detached.source, unavailableMs: 65_000 },
    ]);

    const back = writingSet(1);
    back.sim.setWorkload(back.source, { transactionsPerSecond: 30, bytesPerTransaction: 500 });
    back.sim.promoteReplica(back.first);
    back.sim.advance(60_000 + takes);
    back.sim.setWorkload(back.first, { transactionsPerSecond: 10, bytesPerTransaction: 100 });
    back.sim.promoteReplica(back.source, { moveClients: true });
    back.sim.advance(takes);
    expect(back.of("WritesResumed")).toMatchObject([{ id: back.source, unavailableMs: 65_000 }]);
    expect(back.sim.getInstance(back.source).log?.workload).toEqual({
      transactionsPerSecond: 40,
      bytesPerTransaction: 400,
    });
    for (const { sim } of [detached, back]) expectNoBrokenInvariants(sim);
  });

  it("leaves a source behind that is down, with what no replica has received", () => {
    const { sim, source, first, second, of } = writingSet();
    sim.inject({ kind: "crash", instanceId: source });
    sim.advance(30_000);
    expect(sim.getInstance(first).status).toBe("REPLICATION_ERROR");
    sim.promoteReplica(first, { moveClients: true });
    sim.advance(6_000);
    expect(sim.getInstance(source)).toMatchObject({
      status: "SHUTDOWN",
      sourceId: null,
      replicaIds: [],
    });
    expect(sim.getInstance(first)).toMatchObject({ status: "ACTIVE", replicaIds: [second] });
    expect(sim.getInstance(second)).toMatchObject({ status: "ACTIVE", sourceId: first });
    // A second of the log was on its way: as long as receiving lags.
    expect(of("ReplicaPromoted")).toMatchObject([
      {
        isEjected: true,
        writtenPosition: { transactions: 1_000 },
        receivedPosition: { transactions: 900 },
      },
    ]);
    expect(of("WritesResumed")).toMatchObject([
      { id: first, lostTransactions: 100, replacedId: source },
    ]);
    sim.inject({ kind: "recover", instanceId: source });
    expect(sim.getInstance(source)).toMatchObject({ status: "ACTIVE", sourceId: null });
    expectNoBrokenInvariants(sim);
    sim.deleteInstance(source);
  });

  it("lets clients stay with a source that is down, and write there when it is back", () => {
    const { sim, source, first, of } = writingSet(1);
    sim.inject({ kind: "crash", instanceId: source, durationMs: 60_000 });
    sim.promoteReplica(first);
    sim.advance(70_000);
    expect(of("WritesResumed")).toMatchObject([{ id: source, unavailableMs: 60_000 }]);
    expect(of("LogStarted")).toMatchObject([{ id: first, lostTransactions: 0 }]);
  });

  it("goes on where the source goes down meanwhile, and loses nothing where it comes back", () => {
    const lost = writingSet(1);
    lost.sim.promoteReplica(lost.first, { moveClients: true });
    lost.sim.inject({ kind: "crash", instanceId: lost.source });
    lost.sim.advance(takes);
    expect(lost.of("ReplicaPromoted")).toMatchObject([{ isEjected: true }]);

    const back = writingSet(1);
    back.sim.inject({ kind: "crash", instanceId: back.source, durationMs: 2_000 });
    back.sim.promoteReplica(back.first, { moveClients: true });
    back.sim.advance(10_000);
    expect(back.of("ReplicaPromoted")).toMatchObject([{ isEjected: false }]);
    expect(back.of("LogStarted")).toMatchObject([{ lostTransactions: 0 }]);
    expect(back.sim.getInstance(back.source).sourceId).toBe(back.first);
  });

  it("waits until what the replica lacks is applied", () => {
    const { sim, source, first } = writingSet(1);
    const cut = sim.inject({ kind: "cutLink", replicaId: first });
    sim.advance(90_000);
    sim.clearFault(cut);
    sim.promoteReplica(first, { moveClients: true });
    // 91 s of a log are caught up with in 11 s, beside the 5 s that a promotion takes.
    sim.advance(14_000);
    expect(sim.getInstance(source).replicaIds).toEqual([first]);
    sim.advance(4_000);
    expect(sim.getInstance(source).sourceId).toBe(first);
  });

  it.each([
    [
      "a fault of the task",
      (sim: ReplicationSimulator) => sim.failTask({ task: "promote", message: "no" }),
      "no",
    ],
    [
      "a source that is at work",
      (sim: ReplicationSimulator, source: string) => {
        sim.restartInstance(source);
      },
      "is REBOOT",
    ],
    [
      "a line that is cut",
      (sim: ReplicationSimulator, _: string, replica: string) =>
        sim.inject({ kind: "cutLink", replicaId: replica }),
      "does not receive from its source",
    ],
  ])("changes nothing where it fails: %s", (_, hinder, why) => {
    const { sim, source, first } = writingSet(1);
    sim.promoteReplica(first, { moveClients: true });
    sim.advance(1_000);
    hinder(sim, source, first);
    sim.advance(takes - 1_000);
    const replica = sim.getInstance(first);
    expect(replica).toMatchObject({ sourceId: source, lastError: { task: "promote" } });
    expect(replica.lastError?.message).toContain(why);
    expect(sim.getInstance(source).sourceId).toBeNull();
    expectNoBrokenInvariants(sim);
  });

  it("fails without hiding why where its source is down as well", () => {
    const { sim, source, first } = writingSet(1);
    sim.inject({ kind: "crash", instanceId: source });
    sim.failTask({ task: "promote", message: "no room" });
    sim.promoteReplica(first);
    sim.advance(6_000);
    expect(sim.getInstance(first)).toMatchObject({
      status: "REPLICATION_ERROR",
      lastError: { message: "no room" },
    });
    sim.promoteReplica(first);
    sim.advance(6_000);
    expect(sim.getInstance(first).sourceId).toBeNull();
  });

  it("leaves a replica where the replica crashes, and lets the set be used again", () => {
    const { sim, source, first, second } = writingSet();
    sim.promoteReplica(first);
    expect(() => sim.promoteReplica(second)).toThrow("is being promoted");
    sim.inject({ kind: "crash", instanceId: first, durationMs: 10_000 });
    sim.advance(20_000);
    expect(sim.getInstance(first)).toMatchObject({ status: "ACTIVE", sourceId: source });
    sim.promoteReplica(second);
    sim.advance(6_000);
    expect(sim.getInstance(source).sourceId).toBe(second);
  });

  it("re-points a replica that is still being built, and one that is on its way out", () => {
    const { sim, source, first } = writingSet(1);
    sim.createReplica({
      label: "late",
      name: "late",
      flavorId: 2,
      volumeGb: 10,
      replicaOf: source,
    });
    const late = sim.idOf("late");
    sim.advance(10_000);
    sim.promoteReplica(first, { moveClients: true });
    sim.advance(takes);
    expect(sim.getInstance(first).replicaIds).toEqual([late, source]);
    sim.settle();
    expect(sim.getInstance(late)).toMatchObject({ status: "ACTIVE", sourceId: first });

    sim.detachReplica(late);
    sim.advance(1_000);
    sim.promoteReplica(source, { moveClients: true });
    sim.settle();
    expect(sim.getInstance(late)).toMatchObject({ status: "ACTIVE", sourceId: null });
    expect(sim.getInstance(first).sourceId).toBe(source);
    expectNoBrokenInvariants(sim);
  });

  it("is shown and explained", () => {
    const { sim, first } = writingSet(1);
    sim.promoteReplica(first, { moveClients: true });
    sim.advance(takes);
    expect(journalTimeline(sim.journal())).toContain("is the source of its set after");
    const triggers = sim.explain(first).map(({ line }) => line.trigger);
    expect(triggers).toMatchObject([
      { kind: "task", task: "promote" },
      { kind: "command", command: { type: "promoteReplica" } },
    ]);
  });

  it("is no operation of the API: only its result can be seen there", () => {
    const { sim, first } = writingSet(1);
    expect(() => sim.account(sim.accountId, { role: "creator" }).promoteReplica(first)).toThrow();
  });
});
