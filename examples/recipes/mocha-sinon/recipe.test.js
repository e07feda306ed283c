import assert from "node:assert/strict";
import { it } from "mocha";
import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { createReplicationSet } from "replication-simulator/testing";
import sinon from "sinon";
import { untilActive } from "../untilActive.js";

it("finds an instance up, by fake timers", async () => {
  const clock = sinon.useFakeTimers();
  const driver = new RealtimeDriver(new ReplicationSimulator({ startAt: Date.now() }));
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  const done = untilActive(driver.sim, id);
  await clock.tickAsync(40_000);
  assert.equal(await done, "it is up");
  driver.stop();
  clock.restore();
});

it("finds an instance up, by real timers", async () => {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1000 });
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.equal(await untilActive(driver.sim, id, 5), "it is up");
  driver.stop();
});

it("finds a set ACTIVE", () => {
  const { source } = createReplicationSet(new ReplicationSimulator());
  assert.equal(source.status, "ACTIVE");
});

it("finds two simulations equal until one changes", () => {
  const [one, other] = [1, 2].map(() => new ReplicationSimulator({ seed: 7 }));
  assert.deepStrictEqual(one, other);
  other.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.notDeepStrictEqual(one, other);
});
