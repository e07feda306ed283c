import assert from "node:assert/strict";
import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { createReplicationSet } from "replication-simulator/testing";
import { untilActive } from "../untilActive.js";

/** The code under test: takes its sleep as a parameter. */
async function untilActiveWith(sleep, service, id) {
  while (service.getInstance(id).status !== "ACTIVE") await sleep(5000);
  return "it is up";
}

Deno.test("an instance is up, by an injected sleep", async () => {
  const sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.equal(await untilActiveWith(async (ms) => sim.advance(ms), sim, id), "it is up");
});

Deno.test("an instance is up, by real timers", async () => {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1000 });
  driver.start();
  const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.equal(await untilActive(driver.sim, id, 5), "it is up");
  driver.stop();
});

Deno.test("a set is ACTIVE", () => {
  const { source } = createReplicationSet(new ReplicationSimulator());
  assert.equal(source.status, "ACTIVE");
});

Deno.test("two simulations are equal until one changes", () => {
  const [one, other] = [1, 2].map(() => new ReplicationSimulator({ seed: 7 }));
  assert.deepStrictEqual(one, other);
  other.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.notDeepStrictEqual(one, other);
});
