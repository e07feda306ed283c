import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ReplicationSimulator } from "replication-simulator";
import { timelineSvg } from "replication-simulator/render";

/** The pictures of the docs: path from the root of the project, and what the file holds. */
export function pictures(): Readonly<Record<string, string>> {
  return { "docs/images/replication-set.svg": replicationSet() };
}

/** A source, two replicas, one of them detached, the others converted to an HA group with their schedule. */
function replicationSet(): string {
  const sim = new ReplicationSimulator({ seed: 7 });
  const size = { flavorId: 2, volumeGb: 10 };
  const orders = sim.createInstance({ name: "orders", ...size });
  sim.settle();
  sim.advance(10_000);
  sim.createSchedule({ ownerId: orders.id, dayOfWeek: 0, hour: 3, minute: 30 });
  sim.advance(10_000);
  sim.createReplica({ name: "orders-replica", ...size, replicaOf: orders.id });
  sim.settle();
  sim.advance(5_000);
  const reports = sim.createReplica({ name: "reports", ...size, replicaOf: orders.id });
  sim.settle();
  sim.advance(20_000);
  sim.detachReplica(reports.id);
  sim.settle();
  sim.advance(20_000);
  sim.convertToHa(orders.id, { name: "orders-ha", acls: ["10.0.0.0/8"] });
  sim.settle();
  sim.advance(45_000);
  return timelineSvg(sim.journal(), { title: "From one source to an HA group, in virtual time" });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [path, content] of Object.entries(pictures())) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
