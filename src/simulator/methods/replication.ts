import type { InputOf } from "../../domain/commandTypes.js";
import type { Instance } from "../../domain/entities.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import { type ReplicaStatus, replicationOf, type SourceStatus } from "../../topology/positions.js";
import { OperatorVerbs } from "./operator.js";

/** What users write, and how far it has come. */
export class ReplicationVerbs extends OperatorVerbs {
  /**
   * Says what the users of an instance write from now on, or as soon as it answers: no operation of the API, but what
   * they do inside it. They stay with its HA group when another member is promoted, and go to the replica that is
   * detached while the source of a plain set is down.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `writes-on-source`
   */
  setWorkload(instanceId: string, workload: Omit<InputOf<"setWorkload">, "instanceId">): Instance {
    return this.run("setWorkload", mergeUntrusted(workload, { instanceId }));
  }

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
    options: Omit<InputOf<"promoteReplica">, "instanceId"> = {},
  ): Instance {
    return this.run("promoteReplica", mergeUntrusted(options, { instanceId: replicaId }));
  }

  /**
   * Lets the clients of an instance write on another one from now on: what an operator does to their configuration or to
   * a name in the DNS, and no operation of the API. Clients of an instance that is down have waited since then; what
   * was lost with it is told where a replica takes over, not here.
   * @returns the instance that they have left
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `clients-target-exists`
   * @throws InvalidStatusError `has-clients`
   * @throws RuleViolationError `clients-move-elsewhere`, `clients-target-writable`, `clients-rate`
   */
  moveClients(instanceId: string, toInstanceId: string): Instance {
    return this.run("moveClients", { instanceId, toInstanceId });
  }

  /**
   * Returns the current positions of an instance: for a replica those of `SHOW SLAVE STATUS`, for any other what it has
   * written and what is acknowledged. Positions count from the first `setWorkload`. O(log n).
   * @throws NotFoundError `instance-exists`
   */
  getReplicationStatus(instanceId: string): ReplicaStatus | SourceStatus {
    const topology = this.looking("getReplicationStatus");
    return replicationOf(topology, this.instanceIn(topology, instanceId), this.world.now);
  }
}
