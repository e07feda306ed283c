import type { HaGroup, Instance } from "../../domain/entities.js";
import { InvariantViolationError } from "../../domain/errors.js";
import { linkedInstance } from "../../topology/queries.js";
import type { Transaction } from "../transaction.js";

/** Who is in a group that has worked once. */
export interface GroupMembers {
  readonly source: Instance;
  readonly replicas: readonly Instance[];
}

/** The members of a group as they are now, in the roles that they have now. */
export function roleMembers(transaction: Transaction, read: HaGroup): GroupMembers {
  const group = transaction.group(read);
  const { topology } = transaction.context;
  const replicas = group.replicaIds.map((id) => linkedInstance(topology, group, id));
  return { source: sourceOf(transaction, group), replicas };
}

/**
 * The source of a group.
 * @throws InvariantViolationError for a group that has none: it was never formed, or is on its way out
 */
export function sourceOf(transaction: Transaction, read: HaGroup): Instance {
  const group = transaction.group(read);
  if (group.sourceId === null) {
    throw new InvariantViolationError(`HA group ${group.id} has no source`);
  }
  return linkedInstance(transaction.context.topology, group, group.sourceId);
}
