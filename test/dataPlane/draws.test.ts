import { ReplicationSimulator, type SimulatorOptions } from "replication-simulator";
import { createActiveHaGroup, createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { pair } from "../rules/fixtures.js";

/*
 * Which lags and timeouts are drawn.
 */

const drawn: SimulatorOptions = {
  seed: 7,
  latency: { acknowledgementTimeout: { from: 5_000, to: 60_000 } },
};

/** After how many ms the sources of groups stop to wait for a replica that is cut off, by their names. */
function timeouts(names: readonly string[]): Record<string, number> {
  const sim = new ReplicationSimulator(drawn);
  const found: Record<string, number> = {};
  const groups = names.map((groupName) => createActiveHaGroup(sim, { groupName, replicas: 1 }));
  for (const { group, source, replicas } of groups) {
    sim.setWorkload(source.id, { transactionsPerSecond: 1_000 });
    sim.inject({ kind: "cutLink", replicaId: replicas[0]?.id ?? "" });
    const start = sim.now;
    sim.subscribe(({ at, facts }) => {
      const isMine = facts.some(
        ({ type, ...fact }) =>
          type === "SemiSynchronousDegraded" && "id" in fact && fact.id === source.id,
      );
      if (isMine) found[group.name] = at - start;
    });
  }
  sim.advance(120_000);
  return found;
}

describe("the timeout of acknowledgements", () => {
  const both = timeouts(["one", "other"]);

  test("is drawn for each source, from the range that is given", () => {
    expect(Object.keys(both).sort()).toEqual(["one", "other"]);
    expect(both["one"]).not.toBe(both["other"]);
    for (const ms of Object.values(both)) {
      expect(ms).toBeGreaterThanOrEqual(5_000);
      expect(ms).toBeLessThanOrEqual(60_001);
    }
  });

  test("stays what it is when there is another group", () => {
    expect(timeouts(["one"])).toEqual({ one: both["one"] });
  });
});

describe("the lags of a replica", () => {
  const lagsOf = (sim: ReplicationSimulator, id: string): readonly (number | undefined)[] => {
    const { link } = sim.getInstance(id);
    return [link?.lagMs, link?.applyMs];
  };

  test("are drawn one by one, for each replica", () => {
    const range = { from: 0, to: 1_000_000 };
    const sim = new ReplicationSimulator({
      seed: 3,
      latency: { receiveLag: range, applyLag: range },
    });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    sim.setWorkload(source.id, { transactionsPerSecond: 1 });
    const lags = replicas.flatMap(({ id }) => lagsOf(sim, id));
    expect(new Set(lags).size).toBe(4);
  });

  test.each([
    ["are fixed", {}, false],
    ["are drawn for receiving", { receiveLag: { from: 0, to: 1_000_000 } }, true],
    ["are drawn for applying", { applyLag: { from: 0, to: 1_000_000 } }, true],
  ] as const)("that %s: a fork with another seed", (_, latency, isRedrawn) => {
    const sim = pair({ seed: 1, latency });
    sim.setWorkload("instance-0", { transactionsPerSecond: 100 });
    sim.advance(10_000);
    const fork = sim.fork({ seed: 2 });
    expect(lagsOf(fork, "instance-1").join() !== lagsOf(sim, "instance-1").join()).toBe(isRedrawn);
    // A link that stays as it is keeps the moment from which it is described.
    const since = fork.getInstance("instance-1").link?.at;
    expect(since).toBe(isRedrawn ? sim.now : sim.now - 10_000);
  });
});
