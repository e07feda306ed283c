import { type Page, pageOfGroups } from "../../kernel/queries.js";
import { type InputOf } from "../../model/commandTypes.js";
import { mergeUntrusted } from "../../service/commands/parseCommand.js";
import { type HaGroup } from "../../service/haGroups/haGroup.model.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";
import { type ListOptions, listField } from "./listing.js";

/** Operations on HA groups and their ACLs. */
export interface HaGroupMethods {
  /**
   * Turns a replication set, named by its source or any replica, into an HA group ("Convert replication setup to
   * HA"). The members are CONVERT_TO_HA meanwhile; then replication is semi-synchronous, and a schedule of
   * a member has become the group's.
   *
   * @example
   * ```ts
   * const ha = sim.convertToHa(source.id, { name: "orders-ha" });
   * sim.waitFor(ha.id, "ACTIVE");
   * ```
   * @param instanceId - id of the source or of a replica of the set
   * @param options - name, networks and ACLs of the group
   * @returns the new group, in status BUILD
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `outside-ha`, `in-replication-set`, `ha-datastore`, `ha-flavor`, `equal-members`, `equal-configurations`,
   * `label-unique`
   * @throws InvalidStatusError `members-active`
   */
  convertToHa(instanceId: string, options: Omit<InputOf<"convertToHa">, "instanceId">): HaGroup;

  /**
   * Returns an HA group as it is now.
   *
   * @example
   * ```ts
   * console.log(sim.getGroup(group.id).status); // ACTIVE
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the HA group as it is now, frozen
   * @throws NotFoundError `group-exists`
   */
  getGroup(groupId: string): HaGroup;

  /**
   * Returns one page of the account's HA groups, by id.
   *
   * @example
   * ```ts
   * console.log(sim.listGroups().items.length, group.status); // 1 ACTIVE
   * ```
   * @param options - page size and marker
   * @returns one page of rows, and `nextMarker` if there are more
   * @throws InvalidInputError
   */
  listGroups(options?: ListOptions): Page<HaGroup>;

  /**
   * Allows an IPv4 range (CIDR) to reach a group. A range that is already allowed changes nothing.
   *
   * @example
   * ```ts
   * sim.addAcl(group.id, "10.0.0.0/8");
   * ```
   * @param groupId - id of an HA group of the account
   * @param address - the range, such as `10.0.0.0/8`
   * @returns the HA group as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `acl-status`
   */
  addAcl(groupId: string, address: string): HaGroup;

  /**
   * Returns the ranges that may reach a group, in the order in which they were added; empty if none may.
   *
   * @example
   * ```ts
   * sim.addAcl(group.id, "10.0.0.0/8");
   * console.log(sim.listAcls(group.id)); // [ '10.0.0.0/8' ]
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the ranges in CIDR form
   * @throws NotFoundError `group-exists`
   */
  listAcls(groupId: string): readonly string[];

  /**
   * Removes a range from a group.
   *
   * @example
   * ```ts
   * sim.addAcl(group.id, "10.0.0.0/8");
   * sim.deleteAcl(group.id, "10.0.0.0/8");
   * ```
   * @param groupId - id of an HA group of the account
   * @param address - the range as it was added
   * @returns the HA group as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `acl-exists`
   * @throws InvalidStatusError `acl-status`
   */
  deleteAcl(groupId: string, address: string): HaGroup;

  /**
   * Creates an HA group with a source and one or two replicas: BUILD until all members are ACTIVE.
   *
   * @example
   * ```ts
   * const ha = sim.createHaGroup({
   *   name: "orders-ha",
   *   source: { name: "orders-1", flavorId: 2, volumeGb: 10 },
   *   replicas: [{ name: "orders-2", flavorId: 2, volumeGb: 10 }],
   * });
   * sim.waitFor(ha.id, "ACTIVE");
   * ```
   * @param input - source, replicas, flavor and size of the volumes
   * @returns the new group, in status BUILD
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `flavor-exists`, `known-place`, `datastore-exists`, `ha-datastore`, `ha-flavor`,
   * `equal-members`, `configuration-fits`, `group-replica-limit`, `instance-quota`, `label-unique`
   */
  createHaGroup(input: InputOf<"createHaGroup">): HaGroup;

  /**
   * Deletes a group with its members and its schedule; its backups remain.
   *
   * @example
   * ```ts
   * sim.deleteHaGroup(group.id);
   * sim.settle();
   * console.log(sim.groups()); // []
   * ```
   * @param groupId - id of an HA group of the account
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  deleteHaGroup(groupId: string): void;

  /**
   * Adds a replica to a group, with the group's flavor and volume: ADDING_REPLICA.
   *
   * @example
   * ```ts
   * sim.addReplica(group.id, { name: "orders-3", flavorId: 2, volumeGb: 10 });
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @param input - name of the replica, and a label
   * @returns the new replica, in status BUILD
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `known-place`, `equal-members`, `group-replica-limit`,
   * `instance-quota`, `label-unique`
   * @throws InvalidStatusError `group-status`
   */
  addReplica(groupId: string, input: Omit<InputOf<"addReplica">, "groupId">): Instance;

  /**
   * Removes a replica from a group: REMOVING_REPLICA. The replica detaches, restarts and is stand-alone.
   *
   * @example
   * ```ts
   * const third = sim.addReplica(group.id, { name: "orders-3", flavorId: 2, volumeGb: 10 });
   * sim.waitFor(group.id, "ACTIVE");
   * sim.removeReplica(group.id, third.id);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @param instanceId - id of the replica; a group keeps at least one
   * @returns the group, in status REMOVING_REPLICA
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `member-exists`
   * @throws RuleViolationError `group-replica`, `last-replica`
   * @throws InvalidStatusError `group-status`, `detach-status`
   */
  removeReplica(groupId: string, instanceId: string): HaGroup;

  /**
   * Restarts all members, replicas first: REBOOT.
   *
   * @example
   * ```ts
   * sim.restartGroup(group.id);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the group, in status REBOOT
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  restartGroup(groupId: string): HaGroup;

  /**
   * Moves all members to a larger flavor, replicas first: RESIZING_FLAVOR.
   *
   * @example
   * ```ts
   * sim.resizeGroupFlavor(group.id, 4);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @param flavorId - id of the flavor, as a string or an integer
   * @returns the group, in status RESIZING_FLAVOR
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `flavor-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupFlavor(groupId: string, flavorId: string | number): HaGroup;

  /**
   * Enlarges the volumes of all members: RESIZING_VOLUME.
   *
   * @example
   * ```ts
   * sim.resizeGroupVolumes(group.id, 20);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @param volumeGb - the new size in GB, larger than the present one
   * @returns the group, in status RESIZING_VOLUME
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `volume-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupVolumes(groupId: string, volumeGb: number): HaGroup;

  /**
   * Attaches a configuration to all members. If one of its parameters is static, the group is RESTART_REQUIRED.
   *
   * @example
   * ```ts
   * sim.attachGroupConfiguration(group.id, configuration.id);
   * sim.settle();
   * console.log(sim.getGroup(group.id).configurationId === configuration.id); // true
   * ```
   * @param groupId - id of an HA group of the account
   * @param configurationId - id of a configuration of the account
   * @returns the HA group as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `configuration-exists`
   * @throws RuleViolationError `one-configuration`, `configuration-fits`
   * @throws InvalidStatusError `group-status`
   */
  attachGroupConfiguration(groupId: string, configurationId: string): HaGroup;

  /**
   * Detaches the configuration of a group from all members; the defaults apply again.
   *
   * @example
   * ```ts
   * sim.attachGroupConfiguration(group.id, configuration.id);
   * sim.settle();
   * sim.detachGroupConfiguration(group.id);
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the HA group as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  detachGroupConfiguration(groupId: string): HaGroup;
}

/** The implementation, given the kernel of a client. */
export const haGroupMethods: PartOf<HaGroupMethods> = {
  convertToHa: (client, instanceId, options) =>
    client.run("convertToHa", mergeUntrusted(options, { instanceId })),
  getGroup: (client, groupId) => client.show(client.groupIn(client.looking("getGroup"), groupId)),
  listGroups: (client, options = {}) => {
    const topology = client.looking("listGroups");
    const page = client.pageOf(client.read(listField, options));
    return client.showPage(pageOfGroups(topology, client.accountId, page));
  },
  addAcl: (client, groupId, address) => client.run("addAcl", { groupId, address }),
  listAcls: (client, groupId) => client.groupIn(client.looking("listAcls"), groupId).acls,
  deleteAcl: (client, groupId, address) => client.run("deleteAcl", { groupId, address }),
  createHaGroup: (client, input) => client.run("createHaGroup", input),
  deleteHaGroup: (client, groupId) => {
    client.run("deleteHaGroup", { groupId });
  },
  addReplica: (client, groupId, input) =>
    client.run("addReplica", mergeUntrusted(input, { groupId })),
  removeReplica: (client, groupId, instanceId) =>
    client.run("removeReplica", { groupId, instanceId }),
  restartGroup: (client, groupId) => client.run("restartGroup", { groupId }),
  resizeGroupFlavor: (client, groupId, flavorId) =>
    client.run("resizeGroupFlavor", { groupId, flavorId }),
  resizeGroupVolumes: (client, groupId, volumeGb) =>
    client.run("resizeGroupVolumes", { groupId, volumeGb }),
  attachGroupConfiguration: (client, groupId, configurationId) =>
    client.run("attachGroupConfiguration", { groupId, configurationId }),
  detachGroupConfiguration: (client, groupId) =>
    client.run("detachGroupConfiguration", { groupId }),
};
