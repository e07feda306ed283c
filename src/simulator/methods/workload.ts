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
   * Sets the writes of an instance's clients, from now on or as soon as it answers. Not an operation of the API.
   * After a failover the clients write to the new source of the group; if a replica is detached while the source of a
   * plain set is down, they write to that replica.
   *
   * @example
   * ```ts
   * sim.setWorkload(source.id, { transactionsPerSecond: 100 });
   * ```
   * @param instanceId - id of a source or a stand-alone instance
   * @param workload - transactions per second, and bytes per transaction
   * @returns the instance as it is now, frozen
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
   *
   * @example
   * ```ts
   * sim.promoteReplica(replica.id, { moveClients: true });
   * sim.settle();
   * ```
   * @param replicaId - id of a replica of a plain set
   * @param options - `moveClients`: whether clients move with the role; default false
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
   * Moves the clients of an instance to another one, as a change of their configuration or of a DNS name does. Not an
   * operation of the API. Clients of an instance that is down have waited since then. The fact `WorkloadMoved` counts the
   * acknowledged transactions that the new instance lacks, if both continue one log: as a replica, or restored from a
   * backup.
   *
   * @example
   * ```ts
   * sim.setWorkload(source.id, { transactionsPerSecond: 10 });
   * const other = sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * sim.waitFor(other.id, "ACTIVE");
   * sim.moveClients(source.id, other.id);
   * ```
   * @param instanceId - id of the instance that the clients leave
   * @param toInstanceId - id of the instance that they write to
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
   *
   * @example
   * ```ts
   * sim.setWorkload(source.id, { transactionsPerSecond: 100 });
   * sim.advance(60_000);
   * const status = sim.getReplicationStatus(replica.id);
   * if (status.role === "replica") console.log(status.ioRunning, status.sqlRunning); // true true
   * ```
   * @param instanceId - id of an instance of the account
   * @returns `role: "replica"` with lag and positions, or `role: "source"` with its log
   * @throws NotFoundError `instance-exists`
   */
  getReplicationStatus(instanceId: string): ReplicaStatus | SourceStatus;

  /**
   * Sets the amount of data on an instance. Not an operation of the API. Replicas of a source hold the same data, up
   * to the size of their volumes.
   *
   * @example
   * ```ts
   * sim.setDataSize(source.id, 5);
   * console.log(sim.getInstance(replica.id).usedGb); // 5
   * ```
   * @param instanceId - id of an instance of the account
   * @param usedGb - data in GB, at most the size of the volume
   * @returns the instance as it is now, frozen
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
