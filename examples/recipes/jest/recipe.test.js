import { expect, jest, test } from "@jest/globals";
import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { createReplicationSet } from "replication-simulator/testing";
import { untilActive } from "../untilActive.js";

test("an instance is up, by fake timers", async () => {
  jest.useFakeTimers();
  const driver = new RealtimeDriver(new ReplicationSimulator({ startAt: Date.now() }));
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  const done = untilActive(driver.sim, id);
  await jest.advanceTimersByTimeAsync(40_000);
  expect(await done).toBe("it is up");
  driver.stop();
  jest.useRealTimers();
});

test("an instance is up, by real timers", async () => {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1000 });
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(await untilActive(driver.sim, id, 5)).toBe("it is up");
  driver.stop();
});

test("a set is ACTIVE", () => {
  const { source } = createReplicationSet(new ReplicationSimulator());
  expect(source.status).toBe("ACTIVE");
});

test("two simulations are equal until one changes", () => {
  const [one, other] = [1, 2].map(() => new ReplicationSimulator({ seed: 7 }));
  expect(one).toEqual(other);
  other.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(one).not.toEqual(other);
});
