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
  const { topology } = transaction.context;
  const replicas = instancesOf(topology, group, group.replicaIds);
  return { source: sourceOf(transaction, group), replicas };
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
