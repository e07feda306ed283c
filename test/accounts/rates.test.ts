import fc from "fast-check";
import {
  documentedRates,
  RateLimitError,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { runs } from "../scenarioGenerators.js";

const size = { flavorId: 2, volumeGb: 10 };

/** A world in which quotas are out of the way. */
function limited(
  rateLimits: NonNullable<SimulatorOptions["rateLimits"]>,
  more: SimulatorOptions = {},
): ReplicationSimulator {
  return new ReplicationSimulator({
    rateLimits,
    limits: { maxInstancesPerAccount: 1000 },
    ...more,
  });
}

function refused(call: () => unknown): RateLimitError {
  try {
    call();
  } catch (error) {
    if (error instanceof RateLimitError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("rates", () => {
  test("are off until asked for", () => {
    const sim = new ReplicationSimulator();
    expect(sim.settings.rateLimits).toBe("off");
    for (let i = 0; i < 200; i++) sim.listInstances();
    for (let i = 0; i < 25; i++) sim.createInstance(size);
    expect(JSON.stringify(sim.snapshot())).not.toContain('"requests"');
  });

  test("a minute's worth may come at once; the next gets a time to retry, and is accepted then", () => {
    const sim = limited("documented");
    for (let i = 0; i < 20; i++) sim.createInstance(size);
    const error = refused(() => sim.createInstance(size));
    expect(error.toJSON()).toEqual({
      name: "RateLimitError",
      code: "overLimit",
      rule: "rate-limit",
      message: "createInstance exceeds 20 requests a minute; retry in 3 s",
      field: "operation",
      value: "createInstance",
      allowed: "20 createInstances a minute",
      retryAfterMs: 3000,
    });
    sim.advance(error.retryAfterMs - 1);
    expect(refused(() => sim.createInstance(size)).retryAfterMs).toBe(1);
    sim.advance(1);
    sim.createInstance(size);
    expect(refused(() => sim.createInstance(size)).retryAfterMs).toBe(3000);
    sim.advance(60_000);
    for (let i = 0; i < 20; i++) sim.createInstance(size);
    refused(() => sim.createInstance(size));
  });

  test("a quota says no time to retry", () => {
    const sim = limited("documented", { limits: { maxInstancesPerAccount: 1 } });
    sim.createInstance(size);
    const outcome = sim.try.createInstance(size);
    expect(outcome).toMatchObject({ error: { code: "overLimit", rule: "instance-quota" } });
    expect(outcome).not.toHaveProperty("error.retryAfterMs");
  });

  test("each account and each rate is counted by itself; an operation outside the API never is", () => {
    const sim = limited({ createInstances: 1, changeInstances: 1 });
    const { id } = sim.createInstance(size);
    refused(() => sim.createInstance(size));
    sim.account("5678").createInstance(size);
    sim.renameInstance(id, "a");
    refused(() => sim.renameInstance(id, "b"));
    for (let i = 0; i < 30; i++) sim.failTask({ task: "delete" });
    expect(sim.settings.rateLimits).toEqual({
      ...documentedRates,
      createInstances: 1,
      changeInstances: 1,
    });
  });

  test("refused commands do not count, whatever refused them, and the rate is checked before the shape", () => {
    const sim = limited({ createInstances: 2 });
    for (let i = 0; i < 5; i++) sim.try.createInstance({ flavorId: 2 } as never);
    for (let i = 0; i < 5; i++) sim.try.createInstance({ ...size, flavorId: 99 });
    for (let i = 0; i < 5; i++) {
      sim.account(sim.accountId, { role: "observer" }).try.createInstance(size);
    }
    sim.createInstance(size);
    sim.createInstance(size);
    refused(() => sim.createInstance({} as never));
    refused(() => sim.execute({ type: "createInstance" } as never));
    expect(sim.check({ type: "createInstance" } as never).map(({ rule }) => rule)).toEqual([
      "rate-limit",
      "flavor-id",
    ]);
  });

  test("reads count in memory: not in the world, and anew in a fork", () => {
    const sim = limited({ reads: 3 });
    const { id } = sim.createInstance(size);
    const before = sim.fingerprint();
    sim.getInstance(id);
    sim.listReplicas(id);
    sim.listInstances();
    const error = refused(() => sim.listUsers(id));
    expect(error.retryAfterMs).toBe(20_000);
    expect(sim.fingerprint()).toBe(before);
    sim.fork().listUsers(id);
    sim.advance(20_000);
    sim.listUsers(id);
  });

  test("counts go into snapshots and forks, and a replay has the same", () => {
    const sim = limited({ createInstances: 2 });
    sim.createInstance(size);
    sim.createInstance(size);
    sim.advance(10_000);
    const worlds = [
      sim.fork(),
      ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())) as never),
      ReplicationSimulator.restore(sim.snapshot()),
      ReplicationSimulator.replay(sim.journal()),
    ];
    for (const world of worlds) {
      expect(world.fingerprint()).toBe(sim.fingerprint());
      expect(refused(() => world.createInstance(size)).retryAfterMs).toBe(20_000);
      world.advance(20_000);
      world.createInstance(size);
    }
    expect(refused(() => sim.createInstance(size)).retryAfterMs).toBe(20_000);
    expect(sim.fork({ rateLimits: "off" }).createInstance(size).status).toBe("BUILD");
  });

  test.each([
    { requests: 7 },
    { requests: { "1": { nothing: { level: 1, at: 1 } } } },
    { requests: { "1": { reads: { level: -1, at: 1 } } } },
    { requests: { "1": { reads: { level: 1 } } } },
    { requests: { "1": null } },
  ])("a snapshot with $requests is unreadable", ({ requests }) => {
    const json = JSON.parse(JSON.stringify(limited("documented").snapshot())) as object;
    expect(() => ReplicationSimulator.restore({ ...json, requests } as never)).toThrow(
      expect.objectContaining({ rule: "snapshot-requests" }),
    );
  });

  test.each([
    ["on", "simulator-options", "rateLimits"],
    [5, "simulator-options", "rateLimits"],
    [null, "simulator-options", "rateLimits"],
    [{ read: 1 }, "known-field", "rateLimits.read"],
    [{ reads: 0 }, "simulator-options", "rateLimits.reads"],
    [{ reads: 1.5 }, "simulator-options", "rateLimits.reads"],
    [{ reads: "1" }, "simulator-options", "rateLimits.reads"],
  ])("the option %j is refused by %s", (rateLimits, rule, field) => {
    expect(() => new ReplicationSimulator({ rateLimits: rateLimits as never })).toThrow(
      expect.objectContaining({ rule, field }),
    );
  });

  test("no account and no pause lets more pass than the rate gives, and none is refused without need", () => {
    const times = fc.array(fc.oneof(fc.constant(0), fc.nat(9_000)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), times, (perMinute, pauses) => {
        const sim = limited({ addAcls: 1000, createConfigurations: perMinute });
        // The oracle keeps every accepted time, and asks what the bucket would have held at each moment since.
        const taken: number[] = [];
        const level = (now: number): number => {
          let held = 0;
          let last = 0;
          for (const at of taken) {
            held = Math.max(0, held - ((at - last) * perMinute) / 60_000) + 1;
            last = at;
          }
          return Math.max(0, held - ((now - last) * perMinute) / 60_000);
        };
        for (const pause of pauses) {
          sim.advance(pause);
          const outcome = sim.try.createConfiguration({ name: "c", values: {} });
          const room = perMinute - level(sim.now);
          if (outcome.ok) {
            expect(room).toBeGreaterThanOrEqual(1 - 1e-6);
            taken.push(sim.now);
          } else {
            expect(room).toBeLessThan(1);
            const { retryAfterMs } = outcome.error as RateLimitError;
            expect(perMinute - level(sim.now + retryAfterMs)).toBeGreaterThanOrEqual(1 - 1e-6);
            expect(perMinute - level(sim.now + retryAfterMs - 1)).toBeLessThan(1);
          }
        }
      }),
      { numRuns: runs(100) },
    );
  });
});
