import { type InputOf } from "../../model/commandTypes.js";
import { mergeUntrusted } from "../../service/commands/parseCommand.js";
import { type Instance } from "../../service/instances/instance.model.js";
import {
  type ReplicaStatus,
  replicationOf,
  type SourceStatus,
} from "../../service/replication/positions.js";
import type { PartOf } from "../clientKernel.js";

/** Writes of clients, and the positions of replicas. */
export interface WorkloadMethods {
  /**
   * Says what the users of an instance write from now on, or as soon as it answers: no operation of the API, but what
   * they do inside it. They stay with its HA group when another member is promoted, and go to the replica that is
   * detached while the source of a plain set is down.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `writes-on-source`
   */
  setWorkload(instanceId: string, workload: Omit<InputOf<"setWorkload">, "instanceId">): Instance;

  /**
   * Lets a replica of a plain set become its source: a switchover as in a runbook, and no operation of the API. The replica
   * is DETACH_REPLICA until it has applied what it lacks and the roles have changed; then the other replicas follow it.
   * - A source that answers follows it too, and nothing is lost. The promotion fails, and changes nothing, where the source
   *   does other work at that moment, or the replica receives nothing from it.
   * - A source that is down is left behind: it stands alone, with what no replica has received.
   *
   * Clients stay with the old source until `moveClients`, and wait there while it is a replica; `moveClients: true` moves
   * them with the role.
   * @example
   * ```ts
   * sim.promoteReplica(replica.id, { moveClients: true });
   * sim.settle();
   * ```
   * @returns the replica, as its promotion begins
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `promoted-replica`
   * @throws InvalidStatusError `promotion-status`, `one-promotion`, `promotion-source-status`, `promotion-receives`
   */
  promoteReplica(
    replicaId: string,
    options?: Omit<InputOf<"promoteReplica">, "instanceId">,
  ): Instance;

  /**
   * Lets the clients of an instance write on another one from now on: what an operator does to their configuration or to
   * a name in the DNS, and no operation of the API. Clients of an instance that is down have waited since then; what
   * was lost with it is reported by the replica that is promoted, not here.
   * @returns the instance that they have left
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `clients-target-exists`
   * @throws InvalidStatusError `has-clients`
   * @throws RuleViolationError `clients-move-elsewhere`, `clients-target-writable`, `clients-rate`
   */
  moveClients(instanceId: string, toInstanceId: string): Instance;

  /**
   * Returns the current positions of an instance: for a replica those of `SHOW SLAVE STATUS`, for any other what it has
   * written and what is acknowledged. Positions count from the first `setWorkload`. O(log n).
   * @throws NotFoundError `instance-exists`
   */
  getReplicationStatus(instanceId: string): ReplicaStatus | SourceStatus;

  /**
   * Says how much data an instance holds, in GB: no operation of the API, but what its users do inside it. What a
   * source holds, its replicas hold as well, as far as it fits on their volumes.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `data-fits`
   */
  setDataSize(instanceId: string, usedGb: number): Instance;
}

/** The implementation, given the kernel of a client. */
export const workloadMethods: PartOf<WorkloadMethods> = {
  setWorkload: (client, instanceId, workload) =>
    client.run("setWorkload", mergeUntrusted(workload, { instanceId })),
  promoteReplica: (client, replicaId, options = {}) =>
    client.run("promoteReplica", mergeUntrusted(options, { instanceId: replicaId })),
  moveClients: (client, instanceId, toInstanceId) =>
    client.run("moveClients", { instanceId, toInstanceId }),
  getReplicationStatus: (client, instanceId) => {
    const topology = client.looking("getReplicationStatus");
    return replicationOf(topology, client.instanceIn(topology, instanceId), client.world.now);
  },
  setDataSize: (client, instanceId, usedGb) => client.run("setDataSize", { instanceId, usedGb }),
};
