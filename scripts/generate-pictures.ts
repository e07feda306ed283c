import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ReplicationSimulator } from "replication-simulator";
import { timelineSvg, topologySvg } from "replication-simulator/render";

/** The pictures of the docs: path from the root of the project, and what the file holds. */
export function pictures(): Readonly<Record<string, string>> {
  return {
    "docs/images/replication-set.svg": createReplicationSet(),
    "docs/images/topology.svg": topology(),
    "docs/images/failover.svg": failover(),
  };
}

/** A source, two replicas, one of them detached, the others converted to an HA group with their schedule. */
function createReplicationSet(): string {
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

/** A group loses its source, promotes a replica, and builds another one. */
function failover(): string {
  const sim = new ReplicationSimulator({ seed: 7 });
  const node = (name: string) => ({ name, flavorId: 2, volumeGb: 10 });
  const { id, sourceId } = sim.createHaGroup({
    name: "orders-ha",
    source: node("orders-1"),
    replicas: [node("orders-2"), node("orders-3")],
  });
  sim.settle();
  sim.setWorkload(sourceId ?? "", { transactionsPerSecond: 200 });
  sim.advance(20_000);
  sim.inject({ kind: "crash", instanceId: sourceId ?? "" });
  sim.waitFor(id, "HA_FAILOVER");
  sim.waitFor(id, "ACTIVE");
  sim.advance(20_000);
  return timelineSvg(sim.journal(), {
    title: "An HA group loses its source",
    scale: "logarithmic",
  });
}

/** One of everything: a group, a set with a replica that failed, and what stands alone. */
function topology(): string {
  const sim = new ReplicationSimulator({ seed: 7 });
  const size = { flavorId: 2, volumeGb: 10 };
  const [orders, users] = ["orders", "users"].map((name) => sim.createInstance({ name, ...size }));
  sim.createInstance({ name: "reports", ...size });
  sim.settle();
  if (orders === undefined || users === undefined) throw new Error("two instances were made");
  sim.createSchedule({ ownerId: users.id, dayOfWeek: 7, hour: 1, minute: 15 });
  sim.createReplica({ name: "orders-replica", ...size, replicaOf: orders.id });
  sim.settle();
  sim.convertToHa(orders.id, { name: "orders-ha", acls: ["10.0.0.0/8"] });
  sim.settle();
  sim.failTask({ task: "build", message: "no host has room" });
  sim.createReplica({ name: "users-eu", ...size, replicaOf: users.id });
  sim.settle();
  sim.createReplica({ name: "users-us", ...size, replicaOf: users.id });
  sim.createInstance({ name: "sessions", ...size });
  return topologySvg(sim.topology, { title: "One of everything" });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [path, content] of Object.entries(pictures())) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
