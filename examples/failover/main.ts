/*
 * An HA group and a plain replication set, of the same size, written to by the same users, struck by the same faults at
 * the same moments. The group helps itself; the plain set waits for a person, who is there after a quarter of an hour.
 */
import assert from "node:assert/strict";
import { type Instance, ReplicationSimulator } from "replication-simulator";
import { topologyTree } from "replication-simulator/render";
import { Chronicle } from "./eventLog.js";
import { Losses } from "./losses.js";
import { minutes, sideBySide, table } from "./print.js";

const sim = new ReplicationSimulator({ seed: 7 });
const size = { flavorId: 2, volumeGb: 10 };
const minute = 60_000;

// Three nodes each.
const group = sim.createHaGroup({
  name: "ha",
  source: { name: "ha-1", ...size },
  replicas: [
    { name: "ha-2", ...size },
    { name: "ha-3", ...size },
  ],
});
let plainSource = sim.createInstance({ name: "plain-1", ...size });
sim.settle();
for (const name of ["plain-2", "plain-3"]) {
  sim.createReplica({ name, ...size, replicaOf: plainSource.id });
  sim.settle();
}
const haSource = (): string => sim.getGroup(group.id).sourceId ?? "";

// The same users: 200 transactions a second, of 2 kB each.
const workload = { transactionsPerSecond: 200, bytesPerTransaction: 2_000 };
sim.setWorkload(haSource(), workload);
sim.setWorkload(plainSource.id, workload);

const chronicle = new Chronicle(sim);
const losses = new Losses(sim);
let commandsOfPeople = 0;
let plainNodes = 3;

console.log("An HA group and a plain replication set, with the same users and the same faults\n");
console.log(topologyTree(sim.topology));

wait(10 * minute);
fault("the source crashes, and does not come back", (sourceId) => {
  sim.inject({ kind: "crash", instanceId: sourceId });
});
wait(15 * minute);
operatorRepairs();
wait(10 * minute);

fault("the source hangs for a minute", (sourceId) => {
  sim.inject({ kind: "hang", instanceId: sourceId, durationMs: minute });
});
wait(15 * minute);

fault("a replica crashes, and is back after ten minutes", (sourceId) => {
  const instanceId = sim.getInstance(sourceId).replicaIds[0] ?? "";
  sim.inject({ kind: "crash", instanceId, durationMs: 10 * minute });
});
wait(15 * minute);

fault("the source crashes again", (sourceId) => {
  sim.inject({ kind: "crash", instanceId: sourceId });
});
wait(minute);
fault("the new source of the group crashes too, before the rebuild is done", (sourceId, which) => {
  if (which === "ha") sim.inject({ kind: "crash", instanceId: sourceId });
});
wait(14 * minute);
operatorRepairs();
sim.settle();

console.log("\n\nWhat happened\n");
console.log(sideBySide(["HA group", "plain set"], chronicle.rows("ha", "plain")));

const { ha, plain } = { ha: losses.of("ha"), plain: losses.of("plain") };
const lasted = sim.now - losses.since;
console.log(`\n\nWhat it cost, in ${minutes(lasted)}\n`);
console.log(
  table([
    ["", "HA group", "plain set"],
    ["interruptions of writes", String(ha.outages), String(plain.outages)],
    ["writes impossible, in total", minutes(ha.unavailableMs), minutes(plain.unavailableMs)],
    ["of the time", percent(ha.unavailableMs / lasted), percent(plain.unavailableMs / lasted)],
    ["acknowledged transactions lost", String(ha.lost), String(plain.lost)],
    ["what people had to do", "nothing", `${String(commandsOfPeople)} commands`],
  ]),
);
console.log(`
A commit in the group waits until a replica has it (semi-synchronous replication), so that none is lost with the source.
In the plain set the replicas are a little behind, and what they have not received goes with the source.`);

assert.equal(ha.lost, 0);
assert.ok(plain.lost > 0);
assert.ok(ha.unavailableMs < plain.unavailableMs);

/** The same fault strikes the present source of each. */
function fault(text: string, inject: (sourceId: string, which: "ha" | "plain") => void): void {
  chronicle.note(text);
  inject(haSource(), "ha");
  inject(plainSource.id, "plain");
}

function wait(ms: number): void {
  sim.advance(ms);
}

/** What a person does for a plain set: a replica becomes the source, two new ones follow it, the rest is cleared away. */
function operatorRepairs(): void {
  chronicle.note("an operator repairs the plain set");
  const [next, other] = sim.listReplicas(plainSource.id);
  if (next === undefined || other === undefined) throw new RangeError("two replicas were there");
  const lost = plainSource;
  plainSource = done(sim.detachReplica(next.id));
  sim.waitFor(next.id, "ACTIVE");
  done(sim.deleteInstance(other.id));
  for (let added = 0; added < 2; added++) {
    plainNodes += 1;
    const name = `plain-${String(plainNodes)}`;
    done(sim.createReplica({ name, ...size, replicaOf: next.id }));
    sim.waitFor(next.id, "ACTIVE");
  }
  wait(minute);
  done(sim.deleteInstance(lost.id));
}

function done(instance: Instance): Instance {
  commandsOfPeople += 1;
  return instance;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
