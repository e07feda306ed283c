import type { CommandOf } from "../../model/commandTypes.js";
import { notHaMember } from "../haGroups/notHaMember.js";
import { instanceExists, instanceRule, instanceTakes, type Rule } from "../shared/rule.js";

type Detach = CommandOf<"detachReplica">;

const isReplica = instanceRule<Detach>({
  id: "is-replica",
  source: "R33 [trove]",
  code: "badRequest",
  description: "The instance is a replica.",
  violation: (instance) =>
    instance.sourceId === null
      ? { message: `instance ${instance.id} is not a replica`, value: instance.id }
      : undefined,
});

/** There is no operation that re-points a replica: the only source that can be named is the present one. */
const currentSource = instanceRule<Detach>({
  id: "current-source",
  source: "R31 [api]",
  code: "badRequest",
  field: "replicaOf",
  description:
    "The field `replicaOf` is null or the current source. Pointing a replica at another source is not supported.",
  violation: (instance, _, { replicaOf }) =>
    replicaOf === undefined || instance.sourceId === null || replicaOf === instance.sourceId
      ? undefined
      : {
          message:
            "replica_of must be null or the current source; pointing a replica at another source is not supported",
          value: replicaOf,
          allowed: instance.sourceId,
        },
});

/** The source's own status does not matter: detaching is what one does when the source is down (§2.3). */
export const detachRules: readonly Rule<Detach>[] = [
  instanceExists(),
  notHaMember({ source: "R35 [docs]", instead: "use remove_replica on the group" }),
  isReplica,
  currentSource,
  instanceTakes("detach.requested", {
    id: "detach-status",
    source: "R34 R36 [trove]",
    doing: "detach",
  }),
];
