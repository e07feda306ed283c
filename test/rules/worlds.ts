import { ReplicationSimulator, type SimulatorOptions } from "replication-simulator";
import { type InstanceState, lifecycleTables } from "replication-simulator/lifecycle";

/*
 * The situations that rules are about. Ids say what and how many: the first instance is `instance-0`, the first
 * HA group `group-0`, so that inputs and messages can be written down as they are.
 */

const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;

/** The least that an instance needs. */
export const small = { flavorId: "2", volumeGb: 10 } as const;

/** A world without anything. */
export function empty(options: SimulatorOptions = {}): ReplicationSimulator {
  return new ReplicationSimulator({ ids, ...options });
}

/** `instance-0` is ACTIVE and stands alone. */
export function lone(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = building(options);
  sim.settle();
  return sim;
}

/** `instance-0` is BUILD. */
export function building(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = empty(options);
  sim.createInstance(small);
  return sim;
}

/** `instance-0` is the source of `instance-1`; both are ACTIVE. */
export function pair(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = lone(options);
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  sim.settle();
  return sim;
}

/** `instance-0` is the source of `instance-1` and `instance-2`; all are ACTIVE. */
export function trio(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = pair(options);
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  sim.settle();
  return sim;
}

/** `group-0` is BUILD; `instance-0` and `instance-1` are CONVERT_TO_HA. */
export function converting(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = pair(options);
  sim.convertToHa("instance-0", { name: "orders", acls: ["10.0.0.0/8"] });
  return sim;
}

/** `group-0` is ACTIVE, with `instance-0` as its source and `instance-1` as its replica. */
export function group(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = converting(options);
  sim.settle();
  return sim;
}

/** The same world after a hand has put one instance into a state that no command leads to in a test's time. */
export function withState(
  sim: ReplicationSimulator,
  id: string,
  state: InstanceState,
): ReplicationSimulator {
  const { statusOf, taskOf } = lifecycleTables().instance;
  const json = JSON.parse(JSON.stringify(sim.snapshot())) as {
    now: number;
    taskSeq: number;
    topology: { instances: { rows: Record<string, unknown>[] } };
  };
  const row = json.topology.instances.rows.find((candidate) => candidate["id"] === id);
  if (row === undefined) throw new RangeError(`no row ${id}`);
  const task = taskOf[state];
  const work = { task, dueAt: json.now + 1000, seq: json.taskSeq, cause: 0, target: null };
  Object.assign(row, { state, status: statusOf[state], work: task === null ? null : work });
  json.taskSeq += 1;
  return ReplicationSimulator.restore(json as never, { ids });
}
