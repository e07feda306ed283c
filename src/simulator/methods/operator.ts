import type { Failover, HaGroup } from "../../domain/entities.js";
import { groupOf } from "../../topology/queries.js";
import { BackupVerbs } from "./backups.js";
import { unknownId } from "./base.js";

/** What the service's own staff does with HA groups. None of it is an operation of the API. */
export class OperatorVerbs extends BackupVerbs {
  /**
   * Makes a replica the source of its group, though the source lives: FORCING_FAILOVER. The old source stays and
   * follows
   * the new one. Operator method: no operation of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`, `failover-candidate`
   */
  forceFailover(groupId: string): HaGroup {
    return this.run("forceFailover", { groupId });
  }

  /**
   * Switches failover off: a source that is lost from now on stays lost. Operator method: no operation of
   * the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  disableFailover(groupId: string): HaGroup {
    return this.run("disableFailover", { groupId });
  }

  /**
   * Switches failover on again; a source that was lost meanwhile is replaced then. Operator method: no operation
   * of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  enableFailover(groupId: string): HaGroup {
    return this.run("enableFailover", { groupId });
  }

  /**
   * Configures the proxies in front of a group anew: UPDATING_PROXY_NODES. Operator method: no operation of the
   * API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  updateProxyNodes(groupId: string): HaGroup {
    return this.run("updateProxyNodes", { groupId });
  }

  /**
   * Clears what a failed operation has left on a group (ADD_REPLICA_FAIL and the like): it is ACTIVE again, or what its
   * members make of it. Operator method: no operation of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  repairGroup(groupId: string): HaGroup {
    return this.run("repairGroup", { groupId });
  }

  /**
   * The failover log of a group, oldest first: the last 100. Operator method: no operation of the API.
   * @throws NotFoundError `group-exists`
   */
  listFailovers(groupId: string): readonly Failover[] {
    const found = groupOf(this.looking("listFailovers"), this.own(groupId));
    return (found ?? unknownId("group", groupId)).failovers;
  }
}
