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
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `outside-ha`, `in-replication-set`, `ha-datastore`, `ha-flavor`, `equal-members`, `equal-configurations`,
   * `label-unique`
   * @throws InvalidStatusError `members-active`
   */
  convertToHa(instanceId: string, options: Omit<InputOf<"convertToHa">, "instanceId">): HaGroup;

  /**
   * An HA group as it is now.
   * @throws NotFoundError `group-exists`
   */
  getGroup(groupId: string): HaGroup;

  /**
   * One page of the account's HA groups, by id.
   * @throws InvalidInputError
   */
  listGroups(options?: ListOptions): Page<HaGroup>;

  /**
   * Lets an IPv4 range (CIDR) reach a group; one that may already stays as it is.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `acl-status`
   */
  addAcl(groupId: string, address: string): HaGroup;

  /**
   * The ranges that may reach a group, in the order in which they were given; none means that nothing may.
   * @throws NotFoundError `group-exists`
   */
  listAcls(groupId: string): readonly string[];

  /**
   * Takes a range away from a group.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `acl-exists`
   * @throws InvalidStatusError `acl-status`
   */
  deleteAcl(groupId: string, address: string): HaGroup;

  /**
   * Starts an HA group with a source and one or two replicas: BUILD until all of it is up.
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `flavor-exists`, `known-place`, `datastore-exists`, `ha-datastore`, `ha-flavor`,
   * `equal-members`, `configuration-fits`, `group-replica-limit`, `instance-quota`, `label-unique`
   */
  createHaGroup(input: InputOf<"createHaGroup">): HaGroup;

  /**
   * Deletes a group with its members and its schedule; its backups stay.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  deleteHaGroup(groupId: string): void;

  /**
   * Starts one more replica of a group, of the same flavor and volume: ADDING_REPLICA.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `known-place`, `equal-members`, `group-replica-limit`,
   * `instance-quota`, `label-unique`
   * @throws InvalidStatusError `group-status`
   */
  addReplica(groupId: string, input: Omit<InputOf<"addReplica">, "groupId">): Instance;

  /**
   * Takes a replica out of a group; it detaches, restarts and stands alone: REMOVING_REPLICA.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `member-exists`
   * @throws RuleViolationError `group-replica`, `last-replica`
   * @throws InvalidStatusError `group-status`, `detach-status`
   */
  removeReplica(groupId: string, instanceId: string): HaGroup;

  /**
   * Restarts all members, replicas first: REBOOT.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  restartGroup(groupId: string): HaGroup;

  /**
   * Moves all members to a larger flavor, replicas first: RESIZING_FLAVOR.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `flavor-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupFlavor(groupId: string, flavorId: string | number): HaGroup;

  /**
   * Makes the volumes of all members larger, in GB: RESIZING_VOLUME.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `volume-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupVolumes(groupId: string, volumeGb: number): HaGroup;

  /**
   * Attaches a configuration to all members; a parameter that is not dynamic makes it RESTART_REQUIRED.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `configuration-exists`
   * @throws RuleViolationError `one-configuration`, `configuration-fits`
   * @throws InvalidStatusError `group-status`
   */
  attachGroupConfiguration(groupId: string, configurationId: string): HaGroup;

  /**
   * Detaches the configuration of a group from all members.
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
