import type { HaGroup, Instance } from "../../domain/entities.js";
import { InvariantViolationError } from "../../domain/errors.js";
import { linkedInstance } from "../../topology/queries.js";
import type { Transaction } from "../transaction.js";

/** Who is in a group that has worked once. */
export interface CurrentMembers {
  readonly source: Instance;
  readonly replicas: readonly Instance[];
}

/**
 * The members of a group, in the roles that they have after the facts of this moment; `moment.stateOf` tells how each of
 * them is. Whoever joins in this moment is being built and whoever leaves is well or on its way out: no group does
 * anything else for that.
 */
export function presentMembers(moment: Transaction, group: HaGroup): CurrentMembers {
  const { topology } = moment.context;
  const promoted = moment.facts.find((fact) => fact.type === "SourcePromoted");
  const replicas = group.replicaIds.map((id) => linkedInstance(topology, group, id));
  const source = sourceOf(moment, group);
  if (promoted === undefined) return { source, replicas };
  const winner = linkedInstance(topology, group, promoted.newSourceId);
  return {
    source: winner,
    replicas: replicas.map((replica) => (replica === winner ? source : replica)),
  };
}

/**
 * The source that a group had before the facts of this moment.
 * @throws InvariantViolationError for a group that has none: it was never formed, or is on its way out
 */
export function sourceOf({ context }: Transaction, group: HaGroup): Instance {
  if (group.sourceId === null)
    throw new InvariantViolationError(`${group.id} has no source to lose`);
  return linkedInstance(context.topology, group, group.sourceId);
}
