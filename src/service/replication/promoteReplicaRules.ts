import { linkedInstance, replicasOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { canBePromoted, instanceStates, isDown } from "../../lifecycle/instanceStates.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { notHaMember } from "../haGroups/notHaMember.js";
import type { Instance } from "../instances/instance.model.js";
import { reachEachOther } from "../placement/partitions.js";
import {
  instanceExists,
  instanceRule,
  instanceTakes,
  type Rule,
  type Violation,
} from "../shared/rule.js";

type Promote = CommandOf<"promoteReplica">;

const source = "S11 [inferred]";

const isReplica = instanceRule<Promote>({
  id: "promoted-replica",
  source,
  code: "badRequest",
  description: "The instance is a replica.",
  violation: ({ id, sourceId }) =>
    sourceId === null
      ? { message: `instance ${id} is not a replica; pass the id of a replica`, value: id }
      : undefined,
});

const isAlone = sourceRule({
  id: "one-promotion",
  description: "No other replica of the set is being promoted.",
  violation: (replica, followed, { topology }) => {
    const other = replicasOf(topology, followed).find(
      ({ id, state }) => id !== replica.id && state === "promoting",
    );
    return (
      other && {
        message: `replica ${other.id} of the same set is being promoted; wait until that ends`,
        value: other.id,
      }
    );
  },
});

const hasSteadySource = sourceRule({
  id: "promotion-source-status",
  description:
    "The source is available and can follow the replica, or it is down and stays out of the set.",
  violation: (_, { id, state, status }) =>
    isDown(state) || canBePromoted(state)
      ? undefined
      : {
          message: `cannot promote a replica while its source ${id} is ${status}; wait until that ends`,
          value: status,
        },
});

const receives = sourceRule({
  id: "promotion-receives",
  description:
    "The replica replicates from its source, unless the source is down or cut off from it.",
  violation: ({ id, state, link, partitionId }, followed) =>
    isDown(followed.state) ||
    !reachEachOther({ partitionId }, followed) ||
    (instanceStates[state].isReplicationHealthy && link?.receives !== false)
      ? undefined
      : {
          message: `replica ${id} does not replicate, and its source ${followed.id} answers; repair replication, or detach the replica`,
          value: id,
        },
});

/** No operation of the API: what an operator does to a plain set. The monitor of an HA group does it by itself. */
export const promoteReplicaRules: readonly Rule<Promote>[] = [
  instanceExists(),
  notHaMember({ source, instead: "force a failover of the group" }),
  isReplica,
  instanceTakes("promotion.requested", { id: "promotion-status", source, doing: "promote" }),
  isAlone,
  hasSteadySource,
  receives,
];

/** A rule on the named replica and its source. */
function sourceRule(declared: {
  readonly id: string;
  readonly description: string;
  readonly violation: (
    replica: Instance,
    followed: Instance,
    context: RuleContext,
  ) => Violation | undefined;
}): Rule<Promote> {
  return instanceRule<Promote>({
    id: declared.id,
    description: declared.description,
    source,
    code: "unprocessableEntity",
    violation: (replica, context) => {
      const { sourceId } = replica;
      if (sourceId === null) return undefined;
      return declared.violation(
        replica,
        linkedInstance(context.topology, replica, sourceId),
        context,
      );
    },
  });
}
