import type { InputOf } from "../model/commandTypes.js";
import { InvalidInputError } from "../model/errors.js";
import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import type { ReplicationSimulator } from "../simulator.js";
import {
  type ActiveHaGroup,
  createActiveHaGroup,
  createReplicationSet,
  type HaGroupOptions,
  optionsOfHaGroup,
  optionsOfSet,
  type ReplicationSet,
  type ReplicationSetOptions,
} from "./fixtures.js";
import { assertSimulator } from "./knownOptions.js";

/** Options of an instance without replicas. */
export type LoneInstanceOptions = Omit<ReplicationSetOptions, "replicas">;

/**
 * Creates an ACTIVE instance without replicas. Virtual time advances until then (35 s under the documented
 * durations).
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createLoneInstance } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * console.log(createLoneInstance(sim).status); // ACTIVE
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the instance
 * @throws InvalidInputError and whatever `createInstance` throws
 * @throws TimeLimitError `status-in-time` when a planned failure keeps it from becoming ACTIVE
 */
export function createLoneInstance(
  sim: ReplicationSimulator,
  options: LoneInstanceOptions = {},
): Instance {
  assertSimulator(sim);
  assertKnownOptions(options, optionsOfLoneInstance);
  const { flavorId = "2", volumeGb = 10, name = "orders", ...rest } = options;
  const { id } = sim.createInstance({ ...rest, name, flavorId, volumeGb });
  return sim.waitFor(id, "ACTIVE") as Instance;
}

/** Options of a group with a lagging replica. */
export interface LaggingGroupOptions extends HaGroupOptions {
  /** Lag of the replica behind its source, in ms. Default 300,000. */
  readonly lagMs?: number;
}

/** An ACTIVE HA group with one replica that lags. */
export interface LaggingGroup extends ActiveHaGroup {
  readonly laggingReplica: Instance;
}

/**
 * Creates an HA group, all members ACTIVE, whose first replica lags: writes of the source arrive `lagMs` later,
 * until `restoreLink`. Clients write 10 transactions a second, which `setWorkload` changes. The group has two
 * replicas unless `replicas` is given; the second one does not lag.
 *
 * Virtual time advances as for `createActiveHaGroup`, then by `lagMs`.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createGroupWithLaggingReplica } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { replicas } = createGroupWithLaggingReplica(sim, { lagMs: 60_000 });
 * const [lagging] = replicas;
 * if (lagging === undefined) throw new Error("missing");
 * const status = sim.getReplicationStatus(lagging.id);
 * console.log(status.role === "replica" && status.lagMs); // 60000
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the group, its members and the lagging replica
 * @throws InvalidInputError and whatever `createActiveHaGroup` and `inject` throw
 */
export function createGroupWithLaggingReplica(
  sim: ReplicationSimulator,
  options: LaggingGroupOptions = {},
): LaggingGroup {
  assertSimulator(sim);
  assertKnownOptions(options, [...optionsOfHaGroup, "lagMs"]);
  const { lagMs = 300_000, ...ofGroup } = options;
  if (!Number.isSafeInteger(lagMs) || lagMs < 1) throw badLag(lagMs);
  const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 2, ...ofGroup });
  const replicaId = firstId(replicas);
  // A replica can lag only if its source writes.
  sim.setWorkload(source.id, { transactionsPerSecond: 10 });
  sim.inject({ kind: "slowLink", replicaId, lagMs });
  sim.advance(lagMs);
  return {
    group: sim.getGroup(group.id),
    source: sim.getInstance(source.id),
    replicas: sim.listReplicas(source.id),
    laggingReplica: sim.getInstance(replicaId),
  };
}

/**
 * Creates a replication set whose source has lost its host and its data: the source stays ERROR, the replicas are
 * ACTIVE without a source to follow. No monitor promotes one; use `detachReplica` or `promoteReplica`.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createSetWithLostSource } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { source } = createSetWithLostSource(sim);
 * console.log(sim.getInstance(source.id).status); // ERROR
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the source and its replicas
 * @throws InvalidInputError and whatever `createReplicationSet` throws
 */
export function createSetWithLostSource(
  sim: ReplicationSimulator,
  options: ReplicationSetOptions = {},
): ReplicationSet {
  assertSimulator(sim);
  const { source } = createReplicationSet(sim, options);
  sim.inject({ kind: "loseHost", instanceId: source.id });
  return { source: sim.getInstance(source.id), replicas: sim.listReplicas(source.id) };
}

/** An account at its limit of instances. */
export interface FullAccount {
  /** The instances that the fixture created, all ACTIVE: `orders-1`, `orders-2` and so on. */
  readonly instances: readonly Instance[];
}

/**
 * Fills an account with as many instances as the limits allow, all ACTIVE; existing ones count. The next
 * `createInstance` is refused by the rule `instance-quota`.
 *
 * Virtual time advances until the last one is ACTIVE.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createFullAccount } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { instances } = createFullAccount(sim);
 * console.log(instances.length); // 25
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the created instances
 * @throws InvalidInputError and whatever `createInstance` throws
 */
export function createFullAccount(
  sim: ReplicationSimulator,
  options: LoneInstanceOptions = {},
): FullAccount {
  assertSimulator(sim);
  assertKnownOptions(options, optionsOfLoneInstance);
  const { flavorId = "2", volumeGb = 10, name = "orders", ...rest } = options;
  const free = sim.settings.limits.maxInstancesPerAccount - sim.instances().length;
  const ids = Array.from({ length: free }, (_, at) => {
    const numbered = `${name}-${String(at + 1)}`;
    return sim.createInstance({ ...rest, name: numbered, flavorId, volumeGb }).id;
  });
  for (const id of ids) sim.waitFor(id, "ACTIVE");
  return { instances: ids.map((id) => sim.getInstance(id)) };
}

/**
 * Creates an HA group during a failover: its source has crashed, the monitor has detected that, and the promotion
 * is running (`HA_FAILOVER`). `waitFor(group.id, "ACTIVE")` advances to its end.
 *
 * Virtual time advances as for `createActiveHaGroup`, then by the detection (9 s under the documented durations).
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createGroupInFailover } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { group } = createGroupInFailover(sim);
 * console.log(sim.getGroup(group.id).status); // HA_FAILOVER
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the group and its members
 * @throws InvalidInputError and whatever `createActiveHaGroup` throws
 */
export function createGroupInFailover(
  sim: ReplicationSimulator,
  options: HaGroupOptions = {},
): ActiveHaGroup {
  assertSimulator(sim);
  const { group, source } = createActiveHaGroup(sim, options);
  sim.inject({ kind: "crash", instanceId: source.id });
  sim.waitFor(group.id, "HA_FAILOVER");
  return {
    group: sim.getGroup(group.id),
    source: sim.getInstance(source.id),
    replicas: sim.listReplicas(source.id),
  };
}

/** Options of a group with an inherited schedule. */
export interface ScheduledGroupOptions extends HaGroupOptions {
  /** Times of the source's backups; missing fields are drawn. */
  readonly schedule?: Omit<InputOf<"createSchedule">, "ownerKind" | "ownerId">;
}

/** An ACTIVE HA group and the schedule that it has inherited. */
export interface ScheduledGroup extends ActiveHaGroup {
  /** The schedule of the group: a new id, the source's hours and retention. */
  readonly schedule: BackupSchedule;
  /** The schedule that the source had before the conversion. */
  readonly scheduleOfSource: BackupSchedule;
}

/**
 * Creates an HA group whose source had a backup schedule before its conversion, which the group has inherited.
 *
 * Virtual time advances as for `createActiveHaGroup`; a run that is due meanwhile takes place.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createScheduledGroup } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { group, schedule } = createScheduledGroup(sim);
 * console.log(schedule.ownerId === group.id); // true
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the group, its members and both schedules
 * @throws InvalidInputError and whatever `createReplicationSet`, `createSchedule` and `convertToHa` throw
 */
export function createScheduledGroup(
  sim: ReplicationSimulator,
  options: ScheduledGroupOptions = {},
): ScheduledGroup {
  assertSimulator(sim);
  assertKnownOptions(options, [...optionsOfHaGroup, "schedule"]);
  const { schedule = {}, groupName = "orders-ha", networks, acls, ...ofSet } = options;
  const set = createReplicationSet(sim, ofSet);
  const scheduleOfSource = sim.createSchedule({ ...schedule, ownerId: set.source.id });
  const { id } = sim.convertToHa(set.source.id, {
    name: groupName,
    ...(networks === undefined ? {} : { networks }),
    ...(acls === undefined ? {} : { acls }),
  });
  sim.waitFor(id, "ACTIVE");
  const taken = sim.schedules().find(({ ownerId }) => ownerId === id);
  if (taken === undefined) throw new Error(`group ${id} took over no schedule`);
  return {
    group: sim.getGroup(id),
    source: sim.getInstance(set.source.id),
    replicas: sim.listReplicas(set.source.id),
    schedule: taken,
    scheduleOfSource,
  };
}

const optionsOfLoneInstance: readonly string[] = optionsOfSet.filter((name) => name !== "replicas");

function firstId(replicas: readonly Instance[]): string {
  const [first] = replicas;
  if (first === undefined) throw new Error("a replication set has a replica");
  return first.id;
}

function badLag(value: unknown): InvalidInputError {
  const expected = "an integer of milliseconds, at least 1";
  return new InvalidInputError([{ field: "lagMs", value, expected, rule: "duration-ms" }]);
}
