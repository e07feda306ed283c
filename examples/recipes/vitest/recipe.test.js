import { ReplicationSimulator } from "replication-simulator";
import { matchers } from "replication-simulator/matchers";
import { RealtimeDriver } from "replication-simulator/realtime";
import { createReplicationSet } from "replication-simulator/testing";
import { expect, test, vi } from "vitest";
import { untilActive } from "../untilActive.js";

expect.extend(matchers);

test("an instance is up, by fake timers", async () => {
  vi.useFakeTimers();
  const driver = new RealtimeDriver(new ReplicationSimulator({ startAt: Date.now() }));
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  const done = untilActive(driver.sim, id);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(await done).toBe("it is up");
  driver.stop();
  vi.useRealTimers();
});

test("an instance is up, by real timers", async () => {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1000 });
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(await untilActive(driver.sim, id, 5)).toBe("it is up");
  driver.stop();
});

test("a set is ACTIVE", () => {
  const sim = new ReplicationSimulator();
  const { source } = createReplicationSet(sim);
  expect(sim).toHaveStatus(source.id, "ACTIVE");
});

test("two simulations are equal until one changes", () => {
  const [one, other] = [1, 2].map(() => new ReplicationSimulator({ seed: 7 }));
  expect(one).toEqual(other);
  other.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(one).not.toEqual(other);
});
