import { rowAt } from "../../collections/table.js";
import { instancesOf, linkedInstance } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";

/** Members of a group that has worked once. */
export interface GroupMembers {
  readonly source: Instance;
  readonly replicas: readonly Instance[];
}

/** Returns the members of a group with their current roles. */
export function roleMembers(transaction: Transaction, read: HaGroup): GroupMembers {
  const group = transaction.group(read);
  const {
    topology: { instances },
    lastMembers,
  } = transaction.context;
  if (lastMembers.replicaIds !== group.replicaIds) return findMembers(transaction, group);
  const source = rowAt(instances, lastMembers.sourceOrdinal);
  // Groups without replicas share one list, and a caller's ids may be the same in two accounts.
  const isItsSource = source?.id === group.sourceId && source.accountId === group.accountId;
  if (!isItsSource) return findMembers(transaction, group);
  // Members of the list are there as long as the group has it.
  const replicas = lastMembers.replicaOrdinals.map((row) => rowAt(instances, row) as Instance);
  return { source, replicas };
}

/** Finds members by their ids, and notes where they are. */
function findMembers(transaction: Transaction, group: HaGroup): GroupMembers {
  const { topology, lastMembers } = transaction.context;
  const replicas = instancesOf(topology, group, group.replicaIds);
  const source = sourceOf(transaction, group);
  lastMembers.replicaIds = group.replicaIds;
  lastMembers.sourceOrdinal = source.ordinal;
  lastMembers.replicaOrdinals = replicas.map(({ ordinal }) => ordinal);
  return { source, replicas };
}

/**
 * Returns the source of a group.
 * @throws InvariantViolationError for a group without a source: it was never formed, or is being deleted
 */
export function sourceOf(transaction: Transaction, read: HaGroup): Instance {
  const group = transaction.group(read);
  if (group.sourceId === null) {
    throw new InvariantViolationError(`HA group ${group.id} has no source`);
  }
  return linkedInstance(transaction.context.topology, group, group.sourceId);
}
