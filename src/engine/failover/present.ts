import type { HaGroup, Instance } from "../../domain/entities.js";
import { linkedInstance } from "../../topology/queries.js";
import type { Moment } from "../moment.js";

/** Who is in a group. */
export interface PresentMembers {
  readonly source: Instance | undefined;
  /** In order of membership. */
  readonly replicas: readonly Instance[];
}

/** The members of a group after the facts of this moment; `moment.stateOf` tells how each of them is. */
export function presentMembers(moment: Moment, group: HaGroup): PresentMembers {
  let { sourceId } = group;
  let replicaIds = group.replicaIds;
  const created = new Map<string, Instance>();
  for (const fact of moment.facts) {
    switch (fact.type) {
      case "InstanceCreated":
        created.set(fact.instance.id, fact.instance);
        break;
      case "MemberJoined":
        if (fact.groupId !== group.id) break;
        if (fact.role === "source") sourceId = fact.instanceId;
        else replicaIds = [...replicaIds, fact.instanceId];
        break;
      case "MemberLeft":
        if (sourceId === fact.instanceId) sourceId = null;
        replicaIds = replicaIds.filter((id) => id !== fact.instanceId);
        break;
      case "SourcePromoted": {
        if (fact.id !== group.id) break;
        const others = replicaIds.filter((id) => id !== fact.newSourceId);
        replicaIds = sourceId === null ? others : [...others, sourceId];
        sourceId = fact.newSourceId;
        break;
      }
      default:
    }
  }
  const rowOf = (id: string): Instance =>
    created.get(id) ?? linkedInstance(moment.context.topology, group, id);
  return {
    source: sourceId === null ? undefined : rowOf(sourceId),
    replicas: replicaIds.map(rowOf),
  };
}
