import { type HaGroup, type Instance, ReplicationSimulator } from "replication-simulator";

/** A world that has one of everything: a group with its schedule, a set with a failed build, one that stands alone. */
export function colourfulWorld(): ReplicationSimulator {
  const sim = new ReplicationSimulator({ seed: 7 });
  const orders = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
  const users = sim.createInstance({ name: "users", flavorId: 3, volumeGb: 20 });
  sim.settle();
  sim.createSchedule({ ownerId: orders.id, dayOfWeek: 0, hour: 3, minute: 30 });
  sim.createSchedule({ ownerId: users.id, dayOfWeek: 7, hour: 0, minute: 5 });
  replica(sim, "orders-r1", orders);
  const second = replica(sim, "orders-r2", orders);
  sim.detachReplica(second.id);
  sim.settle();
  sim.convertToHa(orders.id, { name: "orders-ha", acls: ["10.0.0.0/8"] });
  sim.settle();
  sim.failTask({ task: "build", message: "no host has room" });
  replica(sim, "users-r1", users);
  sim.createReplica({ name: "users-r2", flavorId: 3, volumeGb: 20, replicaOf: users.id });
  return sim;
}

/** A name that tries to break out of every format at once. */
export const hostileName =
  '\u001b[31m\u0000\r\n\u2028\u202e\uffff</text>]]>"\'`&amp;#quot;%%-->}\\" style:#a;🦄';

/** A group and its members that all bear a name. */
export function worldNamed(name: string): ReplicationSimulator {
  const sim = new ReplicationSimulator();
  const source = sim.createInstance({ name, flavorId: 2, volumeGb: 10 });
  sim.settle();
  replica(sim, `${name}-r1`, source);
  sim.convertToHa(source.id, { name });
  sim.settle();
  return sim;
}

/** A replica that is up. */
export function replica(sim: ReplicationSimulator, name: string, source: Instance): Instance {
  const { flavorId, volumeGb } = source;
  const { id } = sim.createReplica({ name, flavorId, volumeGb, replicaOf: source.id });
  sim.settle();
  return sim.getInstance(id);
}

/** The only group. */
export function groupIn(sim: ReplicationSimulator): HaGroup {
  const [group] = sim.listGroups().items;
  if (group === undefined) throw new Error("there is no group");
  return group;
}
