import { groupOf } from "../../kernel/queries.js";
import { type HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { PartOf } from "../clientKernel.js";
import { unknownId } from "./listing.js";

/** Actions of operators of the service on HA groups. None of them is an operation of the API. */
export interface OperatorMethods {
  /**
   * Promotes a replica of a group while its source is alive: FORCING_FAILOVER. The old source stays as a replica of
   * the new one. Operator method: not an operation of the API.
   *
   * @example
   * ```ts
   * sim.forceFailover(group.id);
   * sim.waitFor(group.id, "ACTIVE");
   * console.log(sim.getGroup(group.id).sourceId === group.sourceId); // false
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the group, in status FORCING_FAILOVER
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`, `failover-candidate`
   */
  forceFailover(groupId: string): HaGroup;

  /**
   * Disables automatic failover: a source that is lost from now on stays lost. Operator method: not an operation of
   * the API.
   *
   * @example
   * ```ts
   * sim.disableFailover(group.id);
   * sim.waitFor(group.id, "FAILOVER_DISABLED");
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the group, in status DISABLING_FAILOVER
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  disableFailover(groupId: string): HaGroup;

  /**
   * Enables automatic failover again; a source that was lost meanwhile is replaced then. Operator method: not an
   * operation of the API.
   *
   * @example
   * ```ts
   * sim.disableFailover(group.id);
   * sim.waitFor(group.id, "FAILOVER_DISABLED");
   * sim.enableFailover(group.id);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the group, in status ENABLING_FAILOVER
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  enableFailover(groupId: string): HaGroup;

  /**
   * Reconfigures the proxies of a group: UPDATING_PROXY_NODES. Operator method: not an operation of the API.
   *
   * @example
   * ```ts
   * sim.updateProxyNodes(group.id);
   * sim.waitFor(group.id, "ACTIVE");
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the group, in status UPDATING_PROXY_NODES
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  updateProxyNodes(groupId: string): HaGroup;

  /**
   * Clears the error of a failed operation on a group (ADD_REPLICA_FAIL and others). Its status is ACTIVE again, or
   * follows from its members. Operator method: not an operation of the API.
   *
   * @example
   * ```ts
   * sim.failTask({ task: "build" });
   * sim.addReplica(group.id, { name: "orders-3", flavorId: 2, volumeGb: 10 });
   * sim.settle();
   * sim.repairGroup(group.id);
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the HA group as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `group-status`
   */
  repairGroup(groupId: string): HaGroup;

  /**
   * Returns the last 100 failovers of a group, oldest first, and how many transactions each lost. Operator method: not an operation of the API.
   *
   * @example
   * ```ts
   * sim.forceFailover(group.id);
   * sim.waitFor(group.id, "ACTIVE");
   * const [failover] = sim.listFailovers(group.id);
   * console.log(failover?.isForced, failover?.lostTransactions); // true 0
   * ```
   * @param groupId - id of an HA group of the account
   * @returns the failovers; the journal has all of them
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
