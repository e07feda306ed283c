import type { InputOf } from "../../domain/commandTypes.js";
import type { HaGroup, Instance } from "../../domain/entities.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import { ScheduleVerbs } from "./schedules.js";

/** What else can be done with HA groups. */
export class HaVerbs extends ScheduleVerbs {
  /**
   * Starts an HA group with a source and one or two replicas: BUILD until all of it is up.
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `flavor-exists`, `datastore-exists`, `ha-datastore`, `ha-flavor`, `equal-members`,
   * `configuration-fits`, `group-replica-limit`, `instance-quota`, `label-unique`
   */
  createHaGroup(input: InputOf<"createHaGroup">): HaGroup {
    return this.run("createHaGroup", input);
  }

  /**
   * Deletes a group with its members and its schedule; its backups stay.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  deleteHaGroup(groupId: string): void {
    this.run("deleteHaGroup", { groupId });
  }

  /**
   * Starts one more replica of a group, of the same flavor and volume: ADDING_REPLICA.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `equal-members`, `group-replica-limit`, `instance-quota`, `label-unique`
   * @throws InvalidStatusError `group-status`
   */
  addReplica(groupId: string, input: Omit<InputOf<"addReplica">, "groupId">): Instance {
    return this.run("addReplica", mergeUntrusted(input, { groupId }));
  }

  /**
   * Takes a replica out of a group; it detaches, restarts and stands alone: REMOVING_REPLICA.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `member-exists`
   * @throws RuleViolationError `group-replica`, `last-replica`
   * @throws InvalidStatusError `group-status`, `detach-status`
   */
  removeReplica(groupId: string, instanceId: string): HaGroup {
    return this.run("removeReplica", { groupId, instanceId });
  }

  /**
   * Restarts all members, replicas first: REBOOT.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  restartGroup(groupId: string): HaGroup {
    return this.run("restartGroup", { groupId });
  }

  /**
   * Moves all members to a larger flavor, replicas first: RESIZING_FLAVOR.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `flavor-exists`, `flavor-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupFlavor(groupId: string, flavorId: string | number): HaGroup {
    return this.run("resizeGroupFlavor", { groupId, flavorId });
  }

  /**
   * Makes the volumes of all members larger, in GB: RESIZING_VOLUME.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws RuleViolationError `volume-grows`
   * @throws InvalidStatusError `group-status`
   */
  resizeGroupVolumes(groupId: string, volumeGb: number): HaGroup {
    return this.run("resizeGroupVolumes", { groupId, volumeGb });
  }

  /**
   * Attaches a configuration to all members; a parameter that is not dynamic makes it RESTART_REQUIRED.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `configuration-exists`
   * @throws RuleViolationError `one-configuration`, `configuration-fits`
   * @throws InvalidStatusError `group-status`
   */
  attachGroupConfiguration(groupId: string, configurationId: string): HaGroup {
    return this.run("attachGroupConfiguration", { groupId, configurationId });
  }

  /**
   * Detaches the configuration of a group from all members.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  detachGroupConfiguration(groupId: string): HaGroup {
    return this.run("detachGroupConfiguration", { groupId });
  }
}
