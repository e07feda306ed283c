import {
  type Distribution,
  type FactOf,
  type LatencyProfile,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { group, lone, pair, small } from "../rules/fixtures.js";
import { type Interval, ofMean, ofShare } from "./confidence.js";

/*
 * Long runs against what theory says of them. Seeds are fixed, so that a test that passes always does. Each interval is
 * so narrow that a value a fifth off lies outside.
 */

const minute = 60_000;
const hour = 60 * minute;
const ensemble: SimulatorOptions = { seed: 1, journal: false, store: "in-place" };

/** An expected value lies within the interval, and a wrong one would not. */
function expectWithin({ estimate, halfWidth }: Interval, expected: number): void {
  expect(halfWidth / expected).toBeLessThan(0.1);
  expect(Math.abs(estimate - expected), `${estimate} ± ${halfWidth}`).toBeLessThanOrEqual(
    halfWidth,
  );
}

/** Returns the alternating times up and down of an instance, from its statuses. */
function cyclesOf(sim: ReplicationSimulator, id: string, count: number) {
  const cycles: { readonly up: number; readonly down: number }[] = [];
  let [upSince, downSince] = [sim.now, sim.now];
  sim.subscribe(({ at, facts }) => {
    for (const fact of facts) {
      if (fact.type !== "InstanceStateEntered" || fact.id !== id) continue;
      if (fact.status === "SHUTDOWN" || fact.status === "BLOCKED") downSince = at;
      else {
        cycles.push({ up: downSince - upSince, down: at - downSince });
        upSince = at;
      }
    }
  });
  while (cycles.length < count) sim.advance(1000 * hour);
  return cycles.slice(0, count);
}

/** The share of each batch of time in which users could not write, and in which no instance was up. */
function outages(
  sim: ReplicationSimulator,
  { batches, batchMs }: { readonly batches: number; readonly batchMs: number },
) {
  const [writes, allDown]: [number[], number[]] = [[], []];
  const up = new Set(sim.listInstances().items.map(({ id }) => id));
  let [since, cannotWrite, withoutWrites, withoutAny] = [sim.now, false, 0, 0];
  const count = (until: number): void => {
    if (cannotWrite) withoutWrites += until - since;
    if (up.size === 0) withoutAny += until - since;
    since = until;
  };
  sim.subscribe(({ at, facts }) => {
    count(at);
    for (const fact of facts) {
      if (fact.type === "WritesInterrupted") cannotWrite = true;
      if (fact.type === "WritesResumed") cannotWrite = false;
      if (fact.type !== "InstanceStateEntered") continue;
      if (fact.status === "SHUTDOWN" || fact.status === "BLOCKED") up.delete(fact.id);
      else up.add(fact.id);
    }
  });
  for (let batch = 0; batch < batches; batch++) {
    [withoutWrites, withoutAny] = [0, 0];
    sim.advance(batchMs);
    count(sim.now);
    writes.push(withoutWrites / batchMs);
    allDown.push(withoutAny / batchMs);
  }
  return { writes, allDown };
}

/** The next times that writes resume. */
function resumptions(sim: ReplicationSimulator, count: number): readonly FactOf<"WritesResumed">[] {
  const found: FactOf<"WritesResumed">[] = [];
  sim.subscribe(({ facts }) => {
    found.push(...facts.filter((fact) => fact.type === "WritesResumed"));
  });
  while (found.length < count) sim.advance(hour);
  return found.slice(0, count);
}

const exponential = (meanMs: number): Distribution => ({ kind: "exponential", meanMs });

describe("availability is MTBF / (MTBF + MTTR)", () => {
  /** Γ(1 + 1/2) = √π / 2; the mean of a lognormal is median · exp(σ² / 2). */
  test.each<[string, Distribution, Distribution, mtbf: number, mttr: number]>([
    ["exponential", exponential(9 * hour), exponential(hour), 9 * hour, hour],
    ["even", { from: 0, to: 8 * hour }, { from: 0, to: hour }, 4 * hour, hour / 2],
    [
      "Weibull and lognormal",
      { kind: "weibull", scaleMs: 9 * hour, shape: 2 },
      { kind: "lognormal", medianMs: hour, sigma: 0.5 },
      (9 * hour * Math.sqrt(Math.PI)) / 2,
      hour * Math.exp(0.125),
    ],
    ["empirical", { kind: "empirical", ms: [hour, 5 * hour] }, hour, 3 * hour, hour],
  ])("of one that stands alone: %s", (_, every, timeToRepair, mtbf, mttr) => {
    const sim = lone(ensemble);
    sim.injectRandom({
      fault: "crash",
      target: { instanceId: "instance-0" },
      timeToFailure: every,
      timeToRepair,
    });
    const cycles = cyclesOf(sim, "instance-0", 4000);
    expectWithin(ofShare(cycles), mttr / (mtbf + mttr));
    expectWithin(ofMean(cycles.map(({ up }) => up)), mtbf);
    expectWithin(ofMean(cycles.map(({ down }) => down)), mttr);
  });

  test("of the writes of a plain set, whose members are struck each by a process of its own", () => {
    const [mtbf, mttr] = [3 * hour, hour];
    const down = mttr / (mtbf + mttr);
    const random = { timeToFailure: exponential(mtbf), timeToRepair: exponential(mttr) };
    const sim = pair(ensemble);
    sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
    for (const instanceId of ["instance-0", "instance-1"]) {
      sim.injectRandom({ fault: "hang", target: { instanceId }, ...random });
    }
    const { writes, allDown } = outages(sim, { batches: 300, batchMs: 100 * hour });
    expectWithin(ofMean(writes), down);
    expectWithin(ofMean(allDown), down ** 2);
  });

  test("of the writes of a plain set that is struck by one process", () => {
    const [mtbf, mttr] = [3 * hour, hour];
    const sim = pair(ensemble);
    sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
    sim.injectRandomAmong({
      fault: "crash",
      target: { sourceId: "instance-0" },
      timeBetweenFailures: exponential(mtbf),
      timeToRepair: exponential(mttr),
    });
    // Both up, one of two down, both down: one failure at a time, repairs side by side.
    const load = mttr / mtbf;
    const [oneOfTwo, both] = [load / 2, load ** 2 / 2];
    const all = 1 + 2 * oneOfTwo + both;
    const { writes, allDown } = outages(sim, { batches: 300, batchMs: 100 * hour });
    expectWithin(ofMean(writes), (oneOfTwo + both) / all);
    expectWithin(ofMean(allDown), both / all);
  });

  test("of the writes of an HA group: back with their source, or after 20 s with another one", () => {
    const sim = group(ensemble);
    const [mtbf, mttr, failover] = [10 * hour, 12_000, 20_000];
    sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
    sim.injectRandom({
      fault: "hang",
      target: { groupId: "group-0" },
      timeToFailure: exponential(mtbf),
      timeToRepair: exponential(mttr),
    });
    // A source that is back before the promotion takes writes until then: they move on without an interruption.
    const interruptions = resumptions(sim, 1500).filter(({ unavailableMs }) => unavailableMs > 0);
    const mean = mttr * (1 - Math.exp(-failover / mttr));
    expectWithin(ofMean(interruptions.map(({ unavailableMs }) => unavailableMs)), mean);
  });
});

const rate = 100;

describe("what is lost with a source is the rate of writes times the lag", () => {
  /** 2 minutes in the mean. */
  const lags: readonly [string, Distribution, leastOfTwo: number][] = [
    ["even", { from: 0, to: 4 * minute }, (4 * minute) / 3],
    ["exponential", exponential(2 * minute), minute],
  ];
  const lost = (ms: number): number => (rate * ms) / 1000;
  const many = (latency: Partial<LatencyProfile>): ReplicationSimulator =>
    new ReplicationSimulator({
      ...ensemble,
      latency,
      limits: { maxInstancesPerAccount: 100_000 },
    });

  test.each(lags)("of a plain set whose replica takes over: %s", (_, receiveLag) => {
    const sim = many({ receiveLag });
    const sources = Array.from({ length: 1200 }, () => sim.createInstance(small).id);
    sim.settle();
    const replicas = sources.map((replicaOf) => sim.createReplica({ ...small, replicaOf }).id);
    sim.settle();
    for (const instanceId of sources) sim.setWorkload(instanceId, { transactionsPerSecond: rate });
    sim.advance(hour);
    for (const instanceId of sources) sim.inject({ kind: "crash", instanceId });
    for (const id of replicas) sim.detachReplica(id);
    const losses = resumptions(sim, sources.length).map(({ lostTransactions }) => lostTransactions);
    expectWithin(ofMean(losses), lost(2 * minute));
  });

  /** Groups with two replicas, all of which lose their source. */
  function lossesOf(latency: Partial<LatencyProfile>, count: number): readonly number[] {
    const sim = many(latency);
    for (let at = 0; at < count; at++) {
      sim.createHaGroup({ name: "ha", source: small, replicas: [small, small] });
    }
    sim.settle();
    const sources: string[] = [];
    for (let marker: string | undefined, more = true; more; more = marker !== undefined) {
      const { items, nextMarker } = sim.listGroups(marker === undefined ? {} : { marker });
      sources.push(...items.flatMap(({ sourceId }) => sourceId ?? []));
      marker = nextMarker;
    }
    for (const instanceId of sources) sim.setWorkload(instanceId, { transactionsPerSecond: rate });
    sim.advance(hour);
    for (const instanceId of sources) sim.inject({ kind: "crash", instanceId });
    return resumptions(sim, count).map(({ lostTransactions }) => lostTransactions);
  }

  test.each(lags)(
    "of a degraded group, the least of its replicas' lags: %s",
    (_, receiveLag, least) => {
      const losses = lossesOf({ receiveLag, acknowledgementTimeout: 0 }, 900);
      expectWithin(ofMean(losses), lost(least));
    },
  );

  test("of a group that waits for a replica: nothing", () => {
    const receiveLag = { from: 0, to: 4 * minute };
    const losses = lossesOf({ receiveLag, acknowledgementTimeout: 4 * minute }, 200);
    expect(new Set(losses)).toEqual(new Set([0]));
  });

  test("of a degraded group that loses one source after the other", () => {
    const receiveLag = exponential(minute);
    const sim = group({ ...ensemble, latency: { receiveLag, acknowledgementTimeout: 0 } });
    sim.setWorkload("instance-0", { transactionsPerSecond: rate });
    sim.injectRandom({
      fault: "crash",
      target: { groupId: "group-0" },
      timeToFailure: exponential(100 * hour),
      timeToRepair: minute,
    });
    const losses = resumptions(sim, 1000).map(({ lostTransactions }) => lostTransactions);
    expectWithin(ofMean(losses), lost(minute));
  });
});
