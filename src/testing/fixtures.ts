import type { InputOf } from "../model/commandTypes.js";
import { InvalidInputError } from "../model/errors.js";
import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import { isList } from "../model/schema/plainData.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { PlaceInput } from "../service/placement/placement.model.js";
import type { ReplicationSimulator } from "../simulator.js";
import { assertSimulator } from "./knownOptions.js";

/** Options of a replication set. */
export interface ReplicationSetOptions
  extends Pick<InputOf<"createInstance">, "datastore" | "databases" | "users" | "configurationId"> {
  /** 1 or 2; default 1. */
  readonly replicas?: 1 | 2;
  /** Flavor of every instance. Default "2", the smallest that supports replication. */
  readonly flavorId?: string | number;
  /** Volume of every instance, in GB. Default 10. */
  readonly volumeGb?: number;
  /** Name of the source; its replicas are called `NAME-replica-1` and `NAME-replica-2`. Default "orders". */
  readonly name?: string;
  /**
   * Where its instances stand, the source first: `[{ zone: "zone-1" }, { zone: "zone-2" }]`. Those without a place stand
   * apart from the others.
   */
  readonly places?: readonly PlaceInput[];
}

/** A source and its replicas, all ACTIVE. */
export interface ReplicationSet {
  readonly source: Instance;
  readonly replicas: readonly Instance[];
}

/**
 * Creates a source with its replicas, all ACTIVE: the topology of most tests.
 *
 * Virtual time advances until the last replica is ACTIVE: by 35 s + 55 s for one replica, and 3 s more for the
 * second, under the documented durations. Other due items happen meanwhile; later ones stay pending. Faults
 * scheduled for these tasks take effect.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createReplicationSet } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
 * console.log(source.status, replicas.length); // ACTIVE 2
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the source and its replicas, as they are at the end
 * @throws InvalidInputError and whatever `createInstance` and `createReplica` throw
 * @throws TimeLimitError `status-in-time` when a planned failure keeps an instance from becoming ACTIVE
 */
export function createReplicationSet(
  sim: ReplicationSimulator,
  options: ReplicationSetOptions = {},
): ReplicationSet {
  assertSimulator(sim);
  assertKnownOptions(options, optionsOfSet);
  const {
    replicas: count = 1,
    flavorId = "2",
    volumeGb = 10,
    name = "orders",
    places = [],
    ...rest
  } = options;
  if (![1, 2].includes(count)) throw badCount(count);
  if (!isList(places) || places.length > count + 1) throw badPlaces(places, count + 1);
  const { id } = sim.createInstance({ ...rest, name, flavorId, volumeGb, ...places[0] });
  sim.waitFor(id, "ACTIVE");
  const replicaIds: string[] = [];
  for (let number = 1; number <= count; number++) {
    const replicaName = `${name}-replica-${String(number)}`;
    const place = places[number] ?? {};
    const requested = { name: replicaName, flavorId, volumeGb, replicaOf: id, ...place };
    replicaIds.push(sim.createReplica(requested).id);
    // Adding a replica restarts its source, which accepts the next one after the restart.
    sim.waitFor(id, "ACTIVE");
  }
  for (const replicaId of replicaIds) sim.waitFor(replicaId, "ACTIVE");
  return { source: sim.getInstance(id), replicas: sim.listReplicas(id) };
}

/** Options of an HA group: a replication set, and the networks and ACLs of the group. */
export interface HaGroupOptions
  extends ReplicationSetOptions,
    Pick<InputOf<"convertToHa">, "networks" | "acls"> {
  /** Name of the group; default "orders-ha". */
  readonly groupName?: string;
}

/** An ACTIVE HA group and its members. */
export interface ActiveHaGroup extends ReplicationSet {
  readonly group: HaGroup;
}

/**
 * Creates an HA group with its members, all ACTIVE: a `createReplicationSet` that is converted.
 *
 * Virtual time advances as for the set, then until the conversion has ended (120 s under the documented durations).
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createActiveHaGroup } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * const { group, source } = createActiveHaGroup(sim);
 * console.log(group.status, source.groupId === group.id); // ACTIVE true
 * ```
 * @param sim - the simulator to create it in
 * @param options - sizes, names and numbers; all have defaults
 * @returns the group and its members, as they are at the end
 * @throws InvalidInputError and whatever `createReplicationSet` and `convertToHa` throw
 */
export function createActiveHaGroup(
  sim: ReplicationSimulator,
  options: HaGroupOptions = {},
): ActiveHaGroup {
  assertSimulator(sim);
  assertKnownOptions(options, optionsOfHaGroup);
  const { groupName = "orders-ha", networks, acls, ...ofSet } = options;
  const set = createReplicationSet(sim, ofSet);
  const { id } = sim.convertToHa(set.source.id, {
    name: groupName,
    ...(networks === undefined ? {} : { networks }),
    ...(acls === undefined ? {} : { acls }),
  });
  sim.waitFor(id, "ACTIVE");
  return {
    group: sim.getGroup(id),
    source: sim.getInstance(set.source.id),
    replicas: sim.listReplicas(set.source.id),
  };
}

/** Names of the options of `createReplicationSet`. */
export const optionsOfSet: readonly (keyof ReplicationSetOptions)[] = [
  ...(["replicas", "flavorId", "volumeGb", "name", "places"] as const),
  ...(["datastore", "databases", "users", "configurationId"] as const),
];

/** Names of the options of `createActiveHaGroup`. */
export const optionsOfHaGroup: readonly (keyof HaGroupOptions)[] = [
  ...optionsOfSet,
  ...(["groupName", "networks", "acls"] as const),
];

function badPlaces(value: unknown, max: number): InvalidInputError {
  const expected = `an array of at most ${String(max)} places`;
  return new InvalidInputError([{ field: "places", value, expected, rule: "place-count" }]);
}

function badCount(value: unknown): InvalidInputError {
  return new InvalidInputError([
    { field: "replicas", value, expected: "1 or 2", rule: "replica-count" },
  ]);
}
