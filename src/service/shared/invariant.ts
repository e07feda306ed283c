import { instanceOf } from "../../kernel/queries.js";
import type { LifecycleTables } from "../../lifecycle/compile.js";
import type { Limits } from "../../model/limits.js";
import type { Topology } from "../../model/topology.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";

/** What invariants are checked against. */
export interface Checked {
  readonly topology: Topology;
  readonly limits: Pick<Limits, "maxReplicasPerSource" | "maxInstancesPerAccount">;
  readonly now: number;
  readonly lifecycle: LifecycleTables;
}

/** Returns whether an invariant holds for a row. */
export type Check<Row> = (row: Row, checked: Checked) => boolean;

/** Invariants of rows of one kind, by name. */
export type Invariants<Row> = Readonly<Record<string, Check<Row>>>;

/** Returns an instance of the account of a row. */
export function sibling(
  topology: Topology,
  { accountId }: Instance | HaGroup,
  id: string,
): Instance | undefined {
  return instanceOf(topology, { accountId, id });
}

/** Returns the ids of the members of a group, source first. */
export function memberIds(group: HaGroup): readonly string[] {
  return group.sourceId === null ? group.replicaIds : [group.sourceId, ...group.replicaIds];
}
