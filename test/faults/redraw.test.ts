import { type Distribution, InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { createReplicationSet, expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { forkWithProposal } from "../../src/simulator.js";
import { small } from "../rules/fixtures.js";

/*
 * A fork with a seed of its own draws anew what is under way, given that it has lasted until now. What the draws must
 * follow is written down here once more, with other means: shares of distributions by `Math`.
 */

const hour = 3_600_000;

interface Law {
  readonly distribution: Distribution;
  /** Share of durations over so many ms. */
  readonly survival: (ms: number) => number;
}

/** The share of the standard normal distribution over z (Abramowitz and Stegun 7.1.26, to 1.5 in 10^7). */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

const laws: Readonly<Record<string, Law>> = {
  exponential: {
    distribution: { kind: "exponential", meanMs: hour },
    survival: (ms) => Math.exp(-ms / hour),
  },
  "Weibull, ageing": {
    distribution: { kind: "weibull", scaleMs: hour, shape: 3 },
    survival: (ms) => Math.exp(-((ms / hour) ** 3)),
  },
  "Weibull, dying early": {
    distribution: { kind: "weibull", scaleMs: hour, shape: 0.5 },
    survival: (ms) => Math.exp(-((ms / hour) ** 0.5)),
  },
  lognormal: {
    distribution: { kind: "lognormal", medianMs: hour / 2, sigma: 1 },
    survival: (ms) => normalTail(Math.log(ms / (hour / 2))),
  },
  even: {
    distribution: { from: 0, to: 2 * hour },
    survival: (ms) => Math.max(0, 1 - ms / (2 * hour)),
  },
  empirical: {
    distribution: { kind: "empirical", ms: Array.from({ length: 400 }, (_, at) => at * 20_000) },
    survival: (ms) => Math.max(0, 1 - ms / (400 * 20_000)),
  },
};

/** An instance whose clock has run for so many ms and has not struck, found by trying seeds. */
function aged(distribution: Distribution, ageMs: number): ReplicationSimulator {
  for (let seed = 0; ; seed++) {
    const sim = new ReplicationSimulator({ seed: `world ${String(seed)}`, latency: "instant" });
    sim.createInstance({ ...small, label: "a" });
    sim.settle();
    sim.injectRandom({
      fault: "crash",
      target: { instanceId: sim.idOf("a") },
      timeToFailure: distribution,
      timeToRepair: hour,
    });
    if ((sim.nextDueAt ?? 0) <= sim.now + ageMs) continue;
    sim.advance(ageMs);
    return sim;
  }
}

/** The greatest distance between the shares of a sample and those of a law, times the root of its size. */
function kolmogorovSmirnov(sample: readonly number[], share: (value: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const count = sorted.length;
  let most = 0;
  for (const [at, value] of sorted.entries()) {
    const expected = share(value);
    most = Math.max(most, (at + 1) / count - expected, expected - at / count);
  }
  return most * Math.sqrt(count);
}

/** One sample in 10,000 of the law is further away. */
const critical = 2.23;
const count = 1_500;

describe.each(Object.entries(laws))(
  "a time to failure that is %s",
  (_, { distribution, survival }) => {
    const ageMs = 0.4 * hour;
    /** The share of what has lasted so long that is over after so many ms from its beginning. */
    const over = (ms: number): number => 1 - survival(ms) / survival(ageMs);

    test("drawn anew, follows the law of what is left", () => {
      const sim = aged(distribution, ageMs);
      const begun = sim.now - ageMs;
      const sample = Array.from({ length: count }, (_n, seed) => {
        return (sim.fork({ seed: `fork ${String(seed)}` }).nextDueAt ?? 0) - begun;
      });
      expect(Math.min(...sample)).toBeGreaterThan(ageMs);
      // Durations that were measured stand in steps of 20 s, of which the law here knows nothing.
      expect(kolmogorovSmirnov(sample, over)).toBeLessThan(
        critical + (count ** 0.5 * 20_000) / (8 * hour),
      );
    });

    test("drawn anew three times, strikes for the first time by the same law", () => {
      const sim = aged(distribution, ageMs);
      const begun = sim.now - ageMs;
      const sample = Array.from({ length: count }, (_n, seed) => {
        let world = sim;
        // The third has the seed of the first again, and must not know what that one drew.
        for (const turn of [1, 2, 1]) {
          world = world.fork({ seed: `${String(seed)}/${String(turn)}` });
          const first = world.nextDueAt ?? 0;
          if (first <= world.now + 0.2 * hour) return first - begun;
          world.advance(0.2 * hour);
        }
        return (world.nextDueAt ?? 0) - begun;
      });
      expect(kolmogorovSmirnov(sample, over)).toBeLessThan(
        critical + (count ** 0.5 * 20_000) / (8 * hour),
      );
    });
  },
);

test("the forks of 200 seeds have 200 first failures, and those of one seed the same", () => {
  const sim = aged({ kind: "exponential", meanMs: hour }, 1000);
  const first = (seed: number) => sim.fork({ seed }).nextDueAt;
  expect(new Set(Array.from({ length: 200 }, (_, seed) => first(seed + 2))).size).toBe(200);
  expect(first(7)).toBe(first(7));
  expect(sim.fork().nextDueAt).toBe(sim.nextDueAt);
  expect(sim.fork({ jitter: 0.5 }).nextDueAt).toBe(sim.nextDueAt);
});

test("the seed that the world has is refused, and nothing has happened", () => {
  const sim = new ReplicationSimulator({ seed: 7 });
  for (const [world, seed] of [
    [sim, 7],
    [sim, 7n],
    [sim.fork({ seed: "other" }), "other"],
    [new ReplicationSimulator({ seed: 2n ** 63n }), "9223372036854775808"],
  ] as const) {
    expect(() => world.fork({ seed })).toThrow(InvalidInputError);
    expect(() => world.fork({ seed })).toThrow("a seed other than that of the world");
  }
});

describe("what else is under way:", () => {
  test("work, given how long it has taken", () => {
    const sim = new ReplicationSimulator({
      latency: { build: { kind: "exponential", meanMs: hour } },
      seed: 4,
    });
    sim.createInstance({ ...small, label: "a" });
    const ageMs = 600_000;
    expect(sim.nextDueAt).toBeGreaterThan(sim.now + ageMs);
    sim.advance(ageMs);
    const sample = Array.from({ length: count }, (_, seed) => {
      const fork = sim.fork({ seed: `f${String(seed)}` });
      return (fork.nextDueAt ?? 0) - sim.now;
    });
    // Exponential durations do not know how long they have lasted.
    expect(kolmogorovSmirnov(sample, (ms) => 1 - Math.exp(-ms / hour))).toBeLessThan(critical);
  });

  test("slow work takes its factor along", () => {
    const sim = new ReplicationSimulator({ latency: { build: { from: 1000, to: 9000 } }, seed: 1 });
    sim.inject({ kind: "slowTasks", factor: 10 });
    sim.createInstance({ ...small, label: "a" });
    const startedAt = sim.now;
    const until = Math.min(50_000, (sim.nextDueAt ?? 0) - startedAt - 1);
    sim.advance(until);
    const ends = Array.from({ length: 500 }, (_, seed) => {
      return (sim.fork({ seed: seed + 2 }).nextDueAt ?? 0) - startedAt;
    });
    expect(Math.min(...ends)).toBeGreaterThan(until);
    expect(Math.max(...ends)).toBeGreaterThan(85_000);
    expect(Math.max(...ends)).toBeLessThanOrEqual(90_000);
  });

  test("what is fixed, and what is due at this very moment, stays", () => {
    const sim = new ReplicationSimulator({ latency: "documented" });
    sim.createInstance({ ...small, label: "a" });
    sim.advance(10_000);
    expect(sim.fork({ seed: 2 }).nextDueAt).toBe(sim.nextDueAt);
    const instant = new ReplicationSimulator({ latency: { build: { from: 0, to: 0 } } });
    instant.createInstance(small);
    expect(instant.fork({ seed: 2 }).nextDueAt).toBe(instant.now);
  });

  test("a repair, and the failure after it", () => {
    const sim = aged({ kind: "exponential", meanMs: hour }, 0);
    sim.clearFault(sim.listFaults()[0]?.id ?? "");
    sim.injectRandom({
      fault: "crash",
      target: { instanceId: sim.idOf("a") },
      timeToFailure: { kind: "exponential", meanMs: hour },
      timeToRepair: { kind: "exponential", meanMs: hour },
    });
    sim.step();
    expect(sim.getInstance(sim.idOf("a")).status).toBe("SHUTDOWN");
    const futures = Array.from({ length: 50 }, (_, seed) => sim.fork({ seed: `f${String(seed)}` }));
    const repairs = new Set(futures.map((future) => future.nextDueAt));
    expect(repairs.size).toBe(50);
    const failures = futures.map((future) => {
      future.step();
      expect(future.getInstance(sim.idOf("a")).status).toBe("ACTIVE");
      return (future.nextDueAt ?? 0) - future.now;
    });
    expect(new Set(failures).size).toBe(50);
  });

  test("the lags of replicas, without a step back", () => {
    const sim = new ReplicationSimulator({
      seed: 1,
      latency: { receiveLag: { from: 0, to: 100_000 } },
    });
    const { source, replicas } = createReplicationSet(sim, { replicas: 1 });
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(400_000);
    const [replica] = replicas;
    const received = (world: ReplicationSimulator) => {
      const { role, ...position } = world.getReplicationStatus(replica?.id ?? "");
      return role === "replica" && "receivedPosition" in position
        ? position.receivedPosition.transactions
        : Number.NaN;
    };
    const lags = new Set<number | undefined>();
    for (let seed = 2; seed < 30; seed++) {
      const fork = sim.fork({ seed });
      lags.add(fork.getInstance(replica?.id ?? "").link?.lagMs);
      let before = received(sim);
      for (let second = 0; second < 200; second += 20) {
        expect(received(fork)).toBeGreaterThanOrEqual(before);
        before = received(fork);
        fork.advance(20_000);
      }
      expectNoBrokenInvariants(fork);
    }
    expect(lags.size).toBeGreaterThan(20);
  });

  test("the lags of a replica that catches up, which has what it had", () => {
    const sim = new ReplicationSimulator({
      seed: 1,
      latency: { receiveLag: { from: 500, to: 1_500 } },
    });
    const { source, replicas } = createReplicationSet(sim, { replicas: 1 });
    const replicaId = replicas[0]?.id ?? "";
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.inject({ kind: "cutLink", replicaId, durationMs: 400_000 });
    sim.advance(200_000);
    sim.setWorkload(source.id, { transactionsPerSecond: 0 });
    sim.advance(100_000);
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(105_000);
    // It has read for 5 s, ten times as fast as was written.
    for (const world of [sim, sim.fork({ seed: 2 })]) {
      expect(world.getReplicationStatus(replicaId)).toMatchObject({
        receivedPosition: { transactions: 5_000 },
      });
    }
  });
});

test.each(["immutable", "in-place"] as const)(
  "a redrawn world of the %s store replays and restores",
  (store) => {
    const sim = new ReplicationSimulator({ seed: 1, store, jitter: 0.5 });
    const { source } = createReplicationSet(sim, { replicas: 1 });
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.injectRandom({
      fault: "crash",
      target: "all",
      timeToFailure: { kind: "weibull", scaleMs: 10 * hour, shape: 2 },
      timeToRepair: { kind: "lognormal", medianMs: hour, sigma: 1 },
    });
    sim.advance(30 * hour);
    sim.createReplica({ ...small, replicaOf: source.id, label: "late" });
    const before = sim.fingerprint();
    const fork = sim.fork({ seed: 2 });
    expect(sim.fingerprint()).toBe(before);
    expectNoBrokenInvariants(fork);
    const restored = ReplicationSimulator.restore(JSON.parse(JSON.stringify(fork.snapshot())));
    for (const world of [fork, restored]) world.advance(30 * hour);
    expect(restored.fingerprint()).toBe(fork.fingerprint());
    expectNoBrokenInvariants(fork);
    const again = ReplicationSimulator.replay(JSON.parse(JSON.stringify(fork.journal())));
    expect(again.fingerprint()).toBe(fork.fingerprint());
  },
);

test("a proposal decides what is left of a strike, and nothing else", () => {
  const sim = aged({ kind: "exponential", meanMs: hour }, 1000);
  const seen: number[] = [];
  const fork = forkWithProposal(sim, { seed: 2 }, ({ ageMs, isRepair }) => {
    seen.push(ageMs);
    return isRepair ? undefined : 5;
  });
  expect(seen).toEqual([1000]);
  expect(fork.nextDueAt).toBe(sim.now + 5);
  fork.step();
  const natural = sim.fork({ seed: 2 });
  expect(natural.nextDueAt).not.toBe(sim.now + 5);
});
