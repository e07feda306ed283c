import { describe, expect, it } from "vitest";
import { documentedLatency, type Fact, ReplicationSimulator } from "../../src/index.js";
import { type Scenario, type ScenarioInput, scenario } from "../../src/scenario/index.js";
import { createActiveHaGroup } from "../../src/testing/fixtures.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";

function watched(acknowledgementTimeout = 10_000) {
  const sim = new ReplicationSimulator({
    seed: 5,
    latency: { ...documentedLatency, acknowledgementTimeout },
  });
  const { source, replicas } = createActiveHaGroup(sim, { replicas: 1 });
  const replica = replicas[0]?.id ?? "";
  sim.setWorkload(source.id, { transactionsPerSecond: 10 });
  sim.advance(60_000);
  const facts: Fact[] = [];
  sim.subscribe((entry) => facts.push(...entry.facts));
  const stallFacts = () =>
    facts.flatMap((fact) =>
      fact.type === "CommitsStalled" || fact.type === "CommitStallEnded" ? [fact] : [],
    );
  const stalledSince = () => {
    const status = sim.getReplicationStatus(source.id);
    return status.role === "source" ? status.stalledSince : undefined;
  };
  return { sim, source, replica, stallFacts, stalledSince };
}

describe("C34 https://github.com/openark/orchestrator/issues/1137 https://github.com/vitessio/vitess/issues/7446: waiting commits are reported", () => {
  it("from the moment no replica acknowledges until the timeout degrades the source", () => {
    const { sim, source, replica, stallFacts, stalledSince } = watched();
    const since = sim.now;
    sim.inject({ kind: "crash", instanceId: replica });
    expect(stallFacts()).toMatchObject([{ type: "CommitsStalled", id: source.id }]);
    sim.advance(5_000);
    expect(stalledSince()).toBe(since);
    sim.advance(30_000);
    expect(stallFacts()).toHaveLength(2);
    const [, ended] = stallFacts();
    expect(ended).toMatchObject({ type: "CommitStallEnded", outcome: "degraded" });
    // The oldest commit that waits was written up to a second before, when the replica's lag began.
    expect(ended?.type === "CommitStallEnded" && ended.stalledMs).toBeGreaterThanOrEqual(9_000);
    expect(ended?.type === "CommitStallEnded" && ended.stalledMs).toBeLessThanOrEqual(10_100);
    expect(stalledSince()).toBeNull();
  });

  it("as long as no replica acknowledges, if the timeout is endless", () => {
    const { sim, replica, stallFacts, stalledSince } = watched(86_400_000);
    sim.inject({ kind: "cutLink", replicaId: replica, durationMs: 600_000 });
    sim.advance(599_999);
    expect(stalledSince()).not.toBeNull();
    sim.advance(1);
    expect(stallFacts().at(-1)).toMatchObject({ outcome: "acknowledged", stalledMs: 600_000 });
    expect(stalledSince()).toBeNull();
  });

  it.each([
    {
      what: "its source is lost",
      end: (sim: ReplicationSimulator, id: string) => sim.inject({ kind: "crash", instanceId: id }),
    },
    {
      what: "its users write no more",
      end: (sim: ReplicationSimulator, id: string) =>
        sim.setWorkload(id, { transactionsPerSecond: 0 }),
    },
  ])("ends when $what", ({ end }) => {
    const { sim, source, replica, stallFacts } = watched();
    sim.inject({ kind: "cutLink", replicaId: replica });
    sim.advance(2_000);
    end(sim, source.id);
    expect(stallFacts().at(-1)).toMatchObject({ outcome: "interrupted", stalledMs: 2_000 });
  });

  it("is kept in a snapshot, and is none while another replica acknowledges", () => {
    const { sim, replica, stalledSince } = watched();
    sim.inject({ kind: "crash", instanceId: replica });
    const restored = ReplicationSimulator.restore(sim.snapshot());
    expect(restored.fingerprint()).toBe(sim.fingerprint());
    expect(stalledSince()).not.toBeNull();

    const two = new ReplicationSimulator({ seed: 5 });
    const { source, replicas } = createActiveHaGroup(two, { replicas: 2 });
    two.setWorkload(source.id, { transactionsPerSecond: 10 });
    two.inject({ kind: "crash", instanceId: replicas[0]?.id ?? "" });
    expect(two.getReplicationStatus(source.id)).toMatchObject({ stalledSince: null });
  });
});

describe("the measure commitsStalled is the time in which clients wait for an acknowledgement", () => {
  const horizonMs = 30 * 86_400_000;

  function stalledMs(
    parts: Partial<Scenario>,
    { seed = 1, timeout = "1000d" }: { readonly seed?: number; readonly timeout?: string } = {},
  ): number {
    const { outcome } = runFuture(
      prepareDesign(
        scenario({
          scenario: 1,
          world: { latency: { acknowledgementTimeout: timeout } },
          topology: { orders: { kind: "group", replicas: 1, writes: { perSecond: 10 } } },
          horizon: horizonMs,
          measures: { stalled: { measure: "commitsStalled", of: "orders" } },
          ...parts,
        } as ScenarioInput),
      ),
      seed,
    );
    return Number(outcome["stalled"]);
  }

  it("each cut of the only replica, in whole, while commits wait without end", () => {
    const cut = (at: string, length: string) => ({
      at,
      do: { fault: "cutLink", of: "orders.replicas", for: length },
    });
    const steps = [cut("1h", "10m"), cut("5h", "90s")] as unknown as NonNullable<Scenario["steps"]>;
    expect(stalledMs({ steps })).toBe(690_000);
  });

  it("of a longer cut as much as the timeout lets commits wait", () => {
    const steps = [
      { at: "1h", do: { fault: "cutLink", of: "orders.replicas", for: "1h" } },
    ] as unknown as NonNullable<Scenario["steps"]>;
    const waited = stalledMs({ steps }, { timeout: "60s" });
    // The oldest commit that waits is at most a second older than the cut, as receiving lags by that.
    expect(waited).toBeGreaterThanOrEqual(59_000);
    expect(waited).toBeLessThanOrEqual(60_100);
  });

  it("at random, MTTR / (MTBF + MTTR) of the time", () => {
    const [meanMs, repairMs] = [12 * 3_600_000, 2 * 3_600_000];
    const random = {
      cuts: {
        fault: "cutLink",
        of: "orders.replicas",
        every: { exponential: meanMs },
        timeToRepair: { exponential: repairMs },
      },
    } as const;
    const count = 40;
    let sum = 0;
    for (let seed = 1; seed <= count; seed++) sum += stalledMs({ random }, { seed });
    const share = sum / count / horizonMs;
    const expected = repairMs / (meanMs + repairMs);
    // Variance of the share of an alternating renewal process: 2 a² b² / ((a + b)³ T).
    const variance =
      (2 * meanMs ** 2 * repairMs ** 2) / ((meanMs + repairMs) ** 3 * horizonMs * count);
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt(variance));
  });

  it("and nothing while another replica receives", () => {
    const topology = { orders: { kind: "group", replicas: 2, writes: { perSecond: 10 } } } as const;
    const steps = [
      { at: "1h", do: { fault: "cutLink", of: "orders.2", for: "1h" } },
    ] as unknown as NonNullable<Scenario["steps"]>;
    expect(stalledMs({ topology, steps })).toBe(0);
  });
});
