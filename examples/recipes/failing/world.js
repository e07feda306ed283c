import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import { assertStatus, showOnFailure } from "replication-simulator/matchers";
import { createReplicationSet } from "replication-simulator/testing";

/** A test that fails, and shows its simulation. `path` is where its files go; none without it. */
export function failingTest(onTestFailed, path) {
  const sim = new ReplicationSimulator({ seed: 7 });
  const writeFile = (file, content) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  showOnFailure(sim, { onTestFailed, ...(path ? { writeFile, path } : {}) });
  const { source } = createReplicationSet(sim);
  sim.inject({ kind: "crash", instanceId: source.id });
  assertStatus(sim, source.id, "ACTIVE");
}
