import { describe, expect, it } from "vitest";
import { type Fact, ReplicationSimulator } from "../../src/index.js";

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
