import { type Page, pageOfInstances, replicasOf } from "../../kernel/queries.js";
import { type InputOf } from "../../model/commandTypes.js";
import { record } from "../../model/schema/compositeFields.js";
import { boolean, optional, string } from "../../model/schema/fields.js";
import { mergeUntrusted } from "../../service/commands/parseCommand.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";
import { type ListOptions, pagingFields } from "./listing.js";

/** Operations on instances, sources and replicas. */
export interface InstanceMethods {
  /**
   * Creates a stand-alone instance; its status is BUILD until the task ends.
   *
   * @example
   * ```ts
   * const instance = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
   * sim.waitFor(instance.id, "ACTIVE");
   * ```
   * @param input - flavor and size of the volume; optional name, databases, users, restore point and label
   * @returns the new instance, in status BUILD
   * @throws InvalidInputError
   * @throws NotFoundError `restore-point-exists`, `configuration-exists`
   * @throws InvalidStatusError `restore-point-completed`
   * @throws RuleViolationError `flavor-exists`, `known-place`, `datastore-exists`, `datastore-not-deprecated`,
   * `datastore-flavor`, `configuration-fits`, `restore-point-fits`, `restore-name-conflict`, `unique-databases`, `unique-users`,
   * `user-databases-exist`, `instance-quota`, `label-unique`
   */
  createInstance(input: InputOf<"createInstance">): Instance;

  /**
   * Creates a replica of a source. The source is in RESTART meanwhile ("Create replica").
   *
   * @example
   * ```ts
   * const second = sim.createReplica({ replicaOf: source.id, flavorId: 2, volumeGb: 10 });
   * sim.waitFor(second.id, "ACTIVE");
   * ```
   * @param input - id of the source, flavor and size of the volume
   * @returns the new replica, in status BUILD
   * @throws InvalidInputError
   * @throws NotFoundError `source-exists`, `restore-point-exists`, `configuration-exists`
   * @throws InvalidStatusError `source-status`, `restore-point-completed`
   * @throws RuleViolationError `source-outside-ha`, `single-source`, `object-storage-access`,
   * `no-databases-on-replica`, `restore-point-fits`, `restore-point-of-source`, `configuration-fits`, `flavor-exists`,
   * `known-place`, `replication-flavor`, `datastore-flavor`, `replica-datastore`,
   * `datastore-replicates`, `replica-limit`, `instance-quota`, `label-unique`
   */
  createReplica(input: InputOf<"createReplica">): Instance;

  /**
   * Returns an instance as it is now ("List replica source", "List replica details").
   *
   * @example
   * ```ts
   * console.log(sim.getInstance(source.id).status); // ACTIVE
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the instance as it is now, frozen
   * @throws NotFoundError `instance-exists`
   */
  getInstance(instanceId: string): Instance;

  /**
   * One page of the account's instances, by id: an operation of the API, so that more than a page is cut off, and
   * `nextMarker` asks for the rest. `instances()` returns all at once. `includeReplicas: false` leaves replicas out,
   * `includeHa: false` members of HA groups, `configurationId` all that have another configuration or none ("List all replicas and replica source database instances").
   *
   * @example
   * ```ts
   * const { items, nextMarker } = sim.listInstances({ limit: 20, includeReplicas: false });
   * console.log(items.length, nextMarker, source.name); // 1 undefined orders
   * ```
   * @param options - page size, marker and filters
   * @returns one page of rows, and `nextMarker` if there are more
   * @throws InvalidInputError
   */
  listInstances(
    options?: ListOptions & {
      /** False leaves replicas out; default true. */
      readonly includeReplicas?: boolean;
      /** False leaves members of HA groups out; default true. */
      readonly includeHa?: boolean;
      /** Id of a configuration: only instances that it is attached to. */
      readonly configurationId?: string;
    },
  ): Page<Instance>;

  /**
   * Returns the replicas of a source, in order of creation; empty for a replica or a stand-alone instance.
   *
   * @example
   * ```ts
   * console.log(sim.listReplicas(source.id).map(({ id }) => id === replica.id)); // [ true ]
   * ```
   * @param sourceId - id of the source
   * @returns the replicas as they are now
   * @throws NotFoundError `instance-exists`
   */
  listReplicas(sourceId: string): readonly Instance[];

  /**
   * Changes the name of an instance at once.
   *
   * @example
   * ```ts
   * sim.renameInstance(source.id, "orders-eu");
   * ```
   * @param instanceId - id of an instance of the account
   * @param name - the new name; names need not be unique
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws InvalidStatusError `rename-status`
   */
  renameInstance(instanceId: string, name: string): Instance;

  /**
   * Restarts the service of an instance: REBOOT, then ACTIVE.
   *
   * @example
   * ```ts
   * sim.restartInstance(source.id);
   * sim.waitFor(source.id, "ACTIVE");
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the instance, in status REBOOT
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`
   * @throws InvalidStatusError `restart-status`, `hidden-backup-running`
   */
  restartInstance(instanceId: string): Instance;

  /**
   * Moves an instance to another flavor: RESIZE, then ACTIVE.
   *
   * @example
   * ```ts
   * sim.resizeFlavor(source.id, 4);
   * sim.waitFor(source.id, "ACTIVE");
   * ```
   * @param instanceId - id of an instance of the account
   * @param flavorId - id of the flavor, as a string or an integer
   * @returns the instance, in status RESIZE
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `flavor-exists`, `flavor-differs`, `datastore-flavor`, `replication-flavor`
   * @throws InvalidStatusError `resize-flavor-status`, `hidden-backup-running`
   */
  resizeFlavor(instanceId: string, flavorId: string | number): Instance;

  /**
   * Enlarges the volume of an instance: RESIZE, then ACTIVE.
   *
   * @example
   * ```ts
   * sim.resizeVolume(source.id, 20);
   * sim.waitFor(source.id, "ACTIVE");
   * ```
   * @param instanceId - id of an instance of the account
   * @param volumeGb - the new size in GB, larger than the present one
   * @returns the instance, in status RESIZE
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `volume-grows`
   * @throws InvalidStatusError `resize-volume-status`, `hidden-backup-running`
   */
  resizeVolume(instanceId: string, volumeGb: number): Instance;

  /**
   * Deletes an instance: DELETION_PENDING, then its id is unknown. A second request meanwhile is accepted.
   *
   * @example
   * ```ts
   * sim.deleteInstance(replica.id);
   * sim.settle();
   * console.log(sim.listReplicas(source.id).length); // 0
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the instance, in status DELETION_PENDING
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `source-has-replicas`
   * @throws InvalidStatusError `member-leaving`, `replicas-leaving`, `delete-status`
   */
  deleteInstance(instanceId: string): Instance;

  /**
   * Detaches a replica from its source: DETACH_REPLICA, then ACTIVE and stand-alone, with its data ("Detach
   * replica"). The link remains until then. The status of the source does not matter.
   *
   * @example
   * ```ts
   * sim.detachReplica(replica.id);
   * sim.waitFor(replica.id, "ACTIVE");
   * console.log(sim.getInstance(replica.id).sourceId); // null
   * ```
   * @param instanceId - id of the replica
   * @param options - `force`: as the API document has it
   * @returns the replica, in status DETACH_REPLICA
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `is-replica`, `current-source`
   * @throws InvalidStatusError `detach-status`
   */
  detachReplica(
    instanceId: string,
    options?: Omit<InputOf<"detachReplica">, "instanceId">,
  ): Instance;
}

/** The implementation, given the kernel of a client. */
export const instanceMethods: PartOf<InstanceMethods> = {
  createInstance: (client, input) => client.run("createInstance", input),
  createReplica: (client, input) => client.run("createReplica", input),
  getInstance: (client, instanceId) =>
    client.show(client.instanceIn(client.looking("getInstance"), instanceId)),
  listInstances: (client, options = {}) => {
    const topology = client.looking("listInstances");
    const {
      includeReplicas = true,
      includeHa = true,
      configurationId,
      ...page
    } = client.read(listInstancesField, options);
    const found = pageOfInstances(topology, client.accountId, {
      filter: { includeReplicas, includeHa, configurationId },
      page: client.pageOf(page),
    });
    return client.showPage(found);
  },
  listReplicas: (client, sourceId) => {
    const topology = client.looking("listReplicas");
    return replicasOf(topology, client.instanceIn(topology, sourceId)).map((row) =>
      client.show(row),
    );
  },
  renameInstance: (client, instanceId, name) => client.run("renameInstance", { instanceId, name }),
  restartInstance: (client, instanceId) => client.run("restartInstance", { instanceId }),
  resizeFlavor: (client, instanceId, flavorId) =>
    client.run("resizeFlavor", { instanceId, flavorId }),
  resizeVolume: (client, instanceId, volumeGb) =>
    client.run("resizeVolume", { instanceId, volumeGb }),
  deleteInstance: (client, instanceId) => client.run("deleteInstance", { instanceId }),
  detachReplica: (client, instanceId, options = {}) =>
    client.run("detachReplica", mergeUntrusted(options, { instanceId })),
};

type ListInstancesOptions = NonNullable<Parameters<InstanceMethods["listInstances"]>[0]>;

const listInstancesField = record<ListInstancesOptions>({
  rule: "list-options",
  source: "§4.5 [docs]",
  of: {
    ...pagingFields,
    includeReplicas: optional(boolean({ rule: "list-filter", source: "§4.1 [api]" })),
    includeHa: optional(boolean({ rule: "list-filter", source: "§4.1 [docs]" })),
    configurationId: optional(
      string({
        rule: "list-filter",
        source: "§1.5 [docs]",
        description: "the id of a configuration",
      }),
    ),
  },
});
