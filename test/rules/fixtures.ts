import {
  type AccountClient,
  ReplicationSimulator,
  type RuntimeHooks,
  type SimulatorOptions,
  type SnapshotJson,
} from "replication-simulator";
import {
  type BackupState,
  type HaGroupState,
  type InstanceState,
  transitionTables,
} from "replication-simulator/lifecycle";
import { topologyFromJson } from "../../src/kernel/snapshot.js";
import { TakenSnapshot } from "../../src/simulator/serialization.js";

/*
 * The situations that rules are about. Ids say what and how many: the first instance is `instance-0`, the first
 * HA group `group-0`, so that inputs and messages can be written down as they are.
 */

const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;

/** The least that an instance needs. */
export const small = { flavorId: "2", volumeGb: 10 } as const;

/** A world without anything. */
export function empty(options: SimulatorOptions = {}): ReplicationSimulator {
  return new ReplicationSimulator({ createId: ids, ...options });
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

/** `group-0` is ACTIVE, with `instance-0` as its source and `instance-1` and `instance-2` as its replicas. */
export function largeGroup(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = trio(options);
  sim.convertToHa("instance-0", { name: "orders", acls: ["10.0.0.0/8"] });
  sim.settle();
  return sim;
}

/** A conversion to HA has failed: `group-0` is ERROR and empty, `instance-0` and `instance-1` are a plain set. */
export function unconverted(options: SimulatorOptions = {}): ReplicationSimulator {
  const sim = converting(options);
  sim.failTask({ task: "convert" });
  sim.settle();
  return sim;
}

/** The same world after another account has got everything that `made` makes for the simulator's own. */
export function elsewhere(
  make: (account: ReplicationSimulator | AccountClient, settle: () => void) => void,
): ReplicationSimulator {
  const sim = empty();
  make(sim.account("5678"), () => {
    sim.settle();
  });
  sim.settle();
  return sim;
}

/** Another account has all there is: `group-0` of `instance-0` and `instance-1`, and one of each other thing. */
export function foreign(): ReplicationSimulator {
  return elsewhere((other, settle) => {
    other.createInstance(small);
    settle();
    other.createReplica({ ...small, replicaOf: "instance-0" });
    settle();
    other.convertToHa("instance-0", { name: "orders", acls: ["10.0.0.0/8"] });
    settle();
    other.createSchedule({ ownerKind: "ha", ownerId: "group-0" });
    other.createBackup({ name: "first", ownerKind: "ha", ownerId: "group-0" });
    other.createConfiguration({ name: "tuned", values: { max_connections: 100 } });
  });
}

/** The same world with the configuration `configuration-0`, whose parameters all are dynamic. */
export function configured(
  world: (options?: SimulatorOptions) => ReplicationSimulator = lone,
): ReplicationSimulator {
  const sim = world();
  sim.createConfiguration({ name: "tuned", values: { max_connections: 100 } });
  return sim;
}

/** The same world after `acts`, with all work ended. */
export function after(
  sim: ReplicationSimulator,
  ...actions: readonly ((sim: ReplicationSimulator) => unknown)[]
): ReplicationSimulator {
  for (const action of actions) {
    action(sim);
    sim.settle();
  }
  return sim;
}

/** The same world after a hand has put one instance into a state that no command leads to in a test's time. */
export function withState(
  sim: ReplicationSimulator,
  id: string,
  state: InstanceState,
): ReplicationSimulator {
  return byHand(sim, { kind: "instances", id, state, tables: transitionTables().instance });
}

/** The same for an HA group. */
export function withGroupState(
  sim: ReplicationSimulator,
  id: string,
  state: HaGroupState,
): ReplicationSimulator {
  return byHand(sim, { kind: "groups", id, state, tables: transitionTables().group });
}

/** The same for a backup. */
export function withBackupState(
  sim: ReplicationSimulator,
  id: string,
  state: BackupState,
): ReplicationSimulator {
  return byHand(sim, { kind: "backups", id, state, tables: transitionTables().backup });
}

function byHand<State extends string>(
  sim: ReplicationSimulator,
  put: {
    readonly kind: "instances" | "groups" | "backups";
    readonly id: string;
    readonly state: State;
    readonly tables: {
      readonly statusOf: Readonly<Record<State, string>>;
      readonly taskOf: Readonly<Record<State, string | null>>;
    };
  },
): ReplicationSimulator {
  const { kind, id, state, tables } = put;
  const json = JSON.parse(JSON.stringify(sim.snapshot())) as {
    now: number;
    nextTaskSeq: number;
    topology: Record<typeof kind, { rows: Record<string, unknown>[] }>;
  };
  const row = json.topology[kind].rows.find((candidate) => candidate["id"] === id);
  if (row === undefined) throw new RangeError(`no row ${id}`);
  const task = tables.taskOf[state];
  const work = { task, dueAt: json.now + 1000, seq: json.nextTaskSeq, cause: 0, target: null };
  Object.assign(row, { state, status: tables.statusOf[state], work: task === null ? null : work });
  json.nextTaskSeq += 1;
  return restoredUnchecked(json as never, { createId: ids });
}

/** A world from rows that no command leads to, which `restore` would not read from a file. */
export function restoredUnchecked(
  json: SnapshotJson,
  live: RuntimeHooks = {},
): ReplicationSimulator {
  const { settings, now, seq, nextTaskSeq } = json;
  const position = { topology: topologyFromJson(json.topology as never), now, seq, nextTaskSeq };
  return ReplicationSimulator.restore(new TakenSnapshot(settings, position), live);
}
