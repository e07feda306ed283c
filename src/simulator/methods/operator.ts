import { groupOf } from "../../kernel/queries.js";
import { type HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { PartOf } from "../clientKernel.js";
import { unknownId } from "./listing.js";

/** Actions of operators of the service on HA groups. None of them is an operation of the API. */
export interface OperatorMethods {
  /**
   * Makes a replica the source of its group, though the source lives: FORCING_FAILOVER. The old source stays and
   * follows
   * the new one. Operator method: no operation of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`, `failover-candidate`
   */
  forceFailover(groupId: string): HaGroup;

  /**
   * Switches failover off: a source that is lost from now on stays lost. Operator method: no operation of
   * the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  disableFailover(groupId: string): HaGroup;

  /**
   * Switches failover on again; a source that was lost meanwhile is replaced then. Operator method: no operation
   * of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  enableFailover(groupId: string): HaGroup;

  /**
   * Configures the proxies in front of a group anew: UPDATING_PROXY_NODES. Operator method: no operation of the
   * API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  updateProxyNodes(groupId: string): HaGroup;

  /**
   * Clears what a failed operation has left on a group (ADD_REPLICA_FAIL and the like): it is ACTIVE again, or what its
   * members make of it. Operator method: no operation of the API.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  repairGroup(groupId: string): HaGroup;

  /**
   * The failover log of a group, oldest first: the last 100. Operator method: no operation of the API.
   * @throws NotFoundError `group-exists`
   */
  listFailovers(groupId: string): HaGroup["failovers"];
}

/** The implementation, given the kernel of a client. */
export const operatorMethods: PartOf<OperatorMethods> = {
  forceFailover: (client, groupId) => client.run("forceFailover", { groupId }),
  disableFailover: (client, groupId) => client.run("disableFailover", { groupId }),
  enableFailover: (client, groupId) => client.run("enableFailover", { groupId }),
  updateProxyNodes: (client, groupId) => client.run("updateProxyNodes", { groupId }),
  repairGroup: (client, groupId) => client.run("repairGroup", { groupId }),
  listFailovers: (client, groupId) => {
    const found = groupOf(client.looking("listFailovers"), client.own(groupId));
    return (found ?? unknownId("group", groupId)).failovers;
  },
};
