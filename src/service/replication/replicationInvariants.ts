import { isDown } from "../../lifecycle/instanceStates.js";
import type { Instance } from "../instances/instance.model.js";
import { type Invariants, sibling } from "../shared/invariant.js";

/** What always holds for the links between sources and replicas. */
export const replicationInvariants: Invariants<Instance> = {
  "both ends of a link agree": (instance, { topology }) =>
    instance.replicaIds.every((id) => sibling(topology, instance, id)?.sourceId === instance.id) &&
    (instance.sourceId === null ||
      sibling(topology, instance, instance.sourceId)?.replicaIds.includes(instance.id) === true),
  "a source is not a replica": ({ sourceId, replicaIds }) =>
    sourceId === null || replicaIds.length === 0,
  "no replica is linked twice": ({ replicaIds }) => new Set(replicaIds).size === replicaIds.length,
  "a source has no more replicas than the limit": ({ replicaIds }, { limits }) =>
    replicaIds.length <= limits.maxReplicasPerSource,
  "a replica has its source's datastore": (instance, { topology }) => {
    const source =
      instance.sourceId === null ? undefined : sibling(topology, instance, instance.sourceId);
    return (
      source === undefined ||
      (source.datastoreType === instance.datastoreType &&
        source.datastoreVersion === instance.datastoreVersion)
    );
  },
  "no replica reads ACTIVE while its source is lost": (instance, { topology }) => {
    if (instance.sourceId === null || instance.status !== "ACTIVE") return true;
    const source = sibling(topology, instance, instance.sourceId);
    return source === undefined || !isDown(source.state);
  },
  "a source that is being deleted by itself has no replicas": ({ state, replicaIds, groupId }) =>
    state !== "deleting" || groupId !== null || replicaIds.length === 0,
};
