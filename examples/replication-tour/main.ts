/*
 * A tour of the simulator: one source gets two replicas, loses one and becomes a highly available group.
 * Run it with `npm start`. Nothing here waits and nothing here leaves the process.
 */
import { type Instance, ReplicationSimulator, type Trigger } from "replication-simulator";
import { Reporter, refused, send, show, step, table } from "./print.js";

const sim = new ReplicationSimulator({ seed: 7 });
const report = new Reporter(sim);
const size = { flavorId: 2, volumeGb: 10 };

console.log("A tour of replication-simulator");
console.log("Times are virtual: minutes of the service pass in milliseconds of yours.");

step("1. A source", "An instance is BUILD until it is ACTIVE. It also gets a backup schedule.");
const orders = sim.createInstance({ name: "orders", ...size });
sim.settle(); // runs until no work is under way
sim.createSchedule({ ownerId: orders.id, dayOfWeek: 0, hour: 3, minute: 30 });
report.happened();

step(
  "2. Two replicas",
  "Adding a replica restarts the source for a moment. The replica is built meanwhile.",
);
const eu = sim.createReplica({ name: "orders-eu", ...size, replicaOf: orders.id });
refused(
  "a second replica, while the source restarts",
  sim.try.createReplica({ name: "reports", ...size, replicaOf: orders.id }),
);
sim.waitFor(eu.id, "ACTIVE"); // moves virtual time as far as it takes, and no further
const reports = sim.createReplica({ name: "reports", ...size, replicaOf: orders.id });
sim.settle();
report.happened();

step("3. Listings", "By id, filtered and paged, as the API does it.");
const row = ({ id, name, status, sourceId, replicaIds }: Instance): string[] => [
  id,
  name,
  status,
  sourceId === null ? "" : `replica of ${sim.getInstance(sourceId).name}`,
  replicaIds.length === 0 ? "" : `${replicaIds.length} replicas`,
];
show("All instances", table(sim.listInstances().items.map(row)));
const sources = sim.listInstances({ includeReplicas: false });
show("Without replicas", table(sources.items.map(row)));
show("Replicas of orders", table(sim.listReplicas(orders.id).map(row)));
const page = sim.listInstances({ limit: 2 });
const rest = sim.listInstances({ limit: 2, marker: page.nextMarker ?? "" });
show(
  "In pages of two",
  [page, rest].map(({ items }) => items.map(({ name }) => name).join(", ")).join("\n"),
);

step(
  "4. What the service refuses",
  "A refused command changes nothing. The error names the API's fault, the rule and the value.",
);
const before = sim.fingerprint();
refused("a third replica", sim.try.createReplica({ ...size, replicaOf: orders.id }));
refused("a replica of a replica", sim.try.createReplica({ ...size, replicaOf: eu.id }));
refused(
  "two mistakes at once",
  sim.try.createReplica({ name: "", flavorId: 2, volumeGb: 301, replicaOf: orders.id }),
);
refused("detaching the source", sim.try.detachReplica(orders.id));
refused("deleting a source that has replicas", sim.try.deleteInstance(orders.id));
refused("an instance of another account", sim.account("4321").try.getInstance(orders.id));
console.log(`\n   The world is the same as before: ${String(sim.fingerprint() === before)}`);

step(
  "5. Detaching a replica",
  "The link stays until the work is done. Then the replica stands alone, with its data.",
);
sim.detachReplica(reports.id);
report.happened();
sim.settle();
report.happened();

step(
  "6. Conversion to high availability",
  "The whole set moves, named by any of its members. The schedule of the source becomes the group's. This time the\n" +
    "tour asks as a client of the API does: in its JSON, through `replication-simulator/wire`, without a socket.",
);
send(sim, {
  method: "POST",
  path: `/instances/${eu.id}/action`,
  body: { convert_to_ha: { name: "orders-ha", acls: [{ address: "10.20.0.0/16" }] } },
});
refused("restarting a member meanwhile", sim.try.restartInstance(orders.id));
sim.settle();
report.happened();
const [group] = sim.listGroups().items;
if (group === undefined) throw new Error("there is no group");
send(sim, { method: "GET", path: `/ha/${group.id}` });
send(sim, { method: "GET", path: "/schedules" });
refused("resizing a member of a group", sim.try.resizeVolume(orders.id, 20));

step("7. Causes", "Every entry of the journal names what made it due, back to a command.");
show(
  `Why is ${sim.getGroup(group.id).name} ${sim.getGroup(group.id).status}?`,
  sim
    .explain(group.id)
    .map(({ line }) => `#${line.seq}  ${causeOf(line.trigger)}`)
    .join("\n"),
);

step("8. Replay", "The same options and the same commands give the same world, on every machine.");
const again = ReplicationSimulator.replay(sim.journal());
const minutes = ((sim.now - sim.settings.startAt) / 60_000).toFixed(1);
console.log(`\n   entries of the journal ${sim.journal().lines.length}`);
console.log(`   virtual time           ${minutes} minutes`);
console.log(`   fingerprint            ${sim.fingerprint()}`);
console.log(`   after a replay         ${again.fingerprint()}`);
if (again.fingerprint() !== sim.fingerprint()) throw new Error("the replay came out differently");

function causeOf(trigger: Trigger): string {
  switch (trigger.kind) {
    case "command":
      return `the command ${trigger.command.type}`;
    case "task":
      return `the end of the work ${trigger.task}`;
    case "tick":
      return "the hour of a schedule";
    case "acknowledgement":
      return "acknowledgements of replicas";
    case "fault":
      return `the turn of ${trigger.faultId}`;
  }
}
