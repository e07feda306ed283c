import { type Instance, ReplicationSimulator, type SimulatorOptions } from "replication-simulator";
import { journalTimeline } from "replication-simulator/render";
import { describe, expect, test } from "vitest";
import { ReportingPool } from "./reportingPool.js";
import { simulatedDatabases } from "./simulatedDatabases.js";

describe("a reporting pool", () => {
  test("provides a replica within a minute", async () => {
    const { sim, source, pool, elapsedMs } = world();
    const id = await pool.provision(source.id);
    expect(sim.getInstance(id ?? "")).toMatchObject({ status: "ACTIVE", sourceId: source.id });
    expect(elapsedMs()).toBe(60_000); // built after 55 s, seen by the next look
  });

  test("takes the replica that is there already", async () => {
    const { sim, source, pool, elapsedMs } = world();
    const first = await pool.provision(source.id);
    const before = { ms: elapsedMs(), fingerprint: sim.fingerprint() };
    expect(await pool.provision(source.id)).toBe(first);
    expect({ ms: elapsedMs(), fingerprint: sim.fingerprint() }).toEqual(before);
  });

  test("waits for a source that is busy", async () => {
    const { sim, source, pool, pages } = world();
    sim.resizeFlavor(source.id, 3);
    const id = await pool.provision(source.id);
    expect(sim.getInstance(id ?? "").status).toBe("ACTIVE");
    expect(pages).toEqual([]);
  });

  test("clears a failed build away and tries again", async () => {
    const { sim, source, pool, pages } = world();
    sim.failTask({ task: "build", message: "no host has room" });
    const id = await pool.provision(source.id);
    expect(sim.getInstance(id ?? "")).toMatchObject({ name: "reports-2", status: "ACTIVE" });
    expect(sim.listReplicas(source.id)).toHaveLength(1);
    expect(pages).toEqual([]);
    console.log(`What the pool has lived through:\n\n${journalTimeline(sim.journal())}\n`);
  });

  test("pages an operator after three failed builds, and leaves nothing behind", async () => {
    const { sim, source, pool, pages } = world();
    sim.failTask({ task: "build", times: 3 });
    expect(await pool.provision(source.id)).toBeUndefined();
    expect(pages).toEqual([`3 replicas of ${source.id} failed`]);
    expect(sim.listReplicas(source.id)).toEqual([]);
  });

  test("pages an operator when a build takes longer than fifteen minutes", async () => {
    const { source, pool, pages, elapsedMs } = world({ latency: { buildReplica: 3_600_000 } });
    expect(await pool.provision(source.id)).toBeUndefined();
    expect(pages).toEqual([`the replica of ${source.id} is still being built after 15 minutes`]);
    expect(elapsedMs()).toBe(15 * 60_000);
  });

  test("pages an operator when the source has no room", async () => {
    const { sim, source, pool, pages } = world();
    sim.failTask({ task: "build", times: 2 });
    for (const name of ["a", "b"]) {
      sim.createReplica({ name, flavorId: 2, volumeGb: 10, replicaOf: source.id });
      sim.settle();
    }
    expect(await pool.provision(source.id)).toBeUndefined();
    expect(pages).toEqual([`${source.id} has no room for a replica`]);
  });

  test("ends with a replica or with a page, in 300 worlds that fail at different moments", async () => {
    const ends = { provided: 0, paged: 0 };
    for (let seed = 1; seed <= 300; seed++) {
      const { sim, source, pool, pages } = world({ seed, jitter: 0.9 });
      sim.failTask({ task: "build", skip: seed % 3, times: 1 + (seed % 4) });
      if (seed % 7 === 0) sim.failTask({ task: "restart", skip: seed % 2 }); // the source goes down
      const id = await pool.provision(source.id);
      const isUp = id !== undefined && sim.getInstance(id).status === "ACTIVE";
      expect({ seed, pages: pages.length }).toEqual({ seed, pages: isUp ? 0 : 1 });
      ends[isUp ? "provided" : "paged"] += 1;
    }
    expect(ends.provided).toBeGreaterThan(100);
    expect(ends.paged).toBeGreaterThan(10);
    console.log(`300 worlds: ${ends.provided} replicas provided, ${ends.paged} pages.\n`);
  });
});

/** A world of its own for each test, with a source that is up. */
function world(options: SimulatorOptions = {}): {
  readonly sim: ReplicationSimulator;
  readonly source: Instance;
  readonly pool: ReportingPool;
  readonly pages: readonly string[];
  readonly elapsedMs: () => number;
} {
  const sim = new ReplicationSimulator(options);
  const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
  sim.settle();
  const startedAt = sim.now;
  const pages: string[] = [];
  const pool = new ReportingPool(simulatedDatabases(sim), {
    page: (message) => pages.push(message),
  });
  return { sim, source, pool, pages, elapsedMs: () => sim.now - startedAt };
}
