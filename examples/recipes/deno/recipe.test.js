import assert from "node:assert/strict";
import { ReplicationSimulator } from "replication-simulator";
import { createReplicationSet } from "replication-simulator/testing";

/** The code under test: takes its sleep as a parameter. */
async function untilActive(service, sleep, id) {
  while (service.getInstance(id).status !== "ACTIVE") await sleep(5000);
  return "it is up";
}

Deno.test("an instance is up, by an injected sleep", async () => {
  const sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
  assert.equal(await untilActive(sim, async (ms) => sim.advance(ms), id), "it is up");
});

Deno.test("a set is ACTIVE", () => {
  const { source } = createReplicationSet(new ReplicationSimulator());
  assert.equal(source.status, "ACTIVE");
});
