import assert from "node:assert/strict";
import { test } from "node:test";
import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { createReplicationSet } from "replication-simulator/testing";
import { untilActive } from "../untilActive.js";

test("an instance is up, by fake timers", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const driver = new RealtimeDriver(new ReplicationSimulator({ startAt: Date.now() }));
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  const done = untilActive(driver.sim, id);
  for (let second = 0; second < 40; second++) {
    mock.timers.tick(1000);
    await Promise.resolve(); // lets the code under test go on to its next sleep
  }
  assert.equal(await done, "it is up");
  driver.stop();
});

test("an instance is up, by real timers", async () => {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1000 });
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.equal(await untilActive(driver.sim, id, 5), "it is up");
  driver.stop();
});

test("a set is ACTIVE", () => {
  const { source } = createReplicationSet(new ReplicationSimulator());
  assert.equal(source.status, "ACTIVE");
});

test("two simulations are equal until one changes", () => {
  const [one, other] = [1, 2].map(() => new ReplicationSimulator({ seed: 7 }));
  assert.deepStrictEqual(one, other);
  other.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.notDeepStrictEqual(one, other);
});
