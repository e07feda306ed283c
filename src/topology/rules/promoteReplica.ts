import type { CommandOf } from "../../domain/commandTypes.js";
import type { Instance } from "../../domain/entities.js";
import { canBePromoted, instanceStates, isDown } from "../../lifecycle/instanceStates.js";
import { linkedInstance, replicasOf } from "../queries.js";
import { notHaMember } from "./notHaMember.js";
import {
  instanceExists,
  instanceRule,
  instanceTakes,
  type Rule,
  type RuleContext,
  type Violation,
} from "./rule.js";

type Promote = CommandOf<"promoteReplica">;

const source = "S11 [inferred]";

const isReplica = instanceRule<Promote>({
  id: "promoted-replica",
  source,
  code: "badRequest",
  says: "Only a replica can become the source of its set.",
  violation: ({ id, sourceId }) =>
    sourceId === null
      ? { message: `${id} is not a replica; name one of the replicas`, value: id }
      : undefined,
});

const isAlone = sourceRule({
  id: "one-promotion",
  says: "One replica of a set is promoted at a time.",
  violation: (replica, followed, { topology }) => {
    const other = replicasOf(topology, followed).find(
      ({ id, state }) => id !== replica.id && state === "promoting",
    );
    return (
      other && {
        message: `replica ${other.id} of the same set is being promoted; wait until that is over`,
        value: other.id,
      }
    );
  },
});

const hasSteadySource = sourceRule({
  id: "promotion-source-status",
  says: "The source answers and can follow its replica, or it is down and left behind.",
  violation: (_, { id, state, status }) =>
    isDown(state) || canBePromoted(state)
      ? undefined
      : {
          message: `its source ${id} is ${status}; promote the replica when that is over`,
          value: status,
        },
});

const receives = sourceRule({
  id: "promotion-receives",
  says: "While its source answers, a replica receives from it and applies what it receives.",
  violation: ({ id, state, link }, followed) =>
    isDown(followed.state) ||
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
  instanceTakes("promotion.requested", { id: "promotion-status", source, doing: "a promotion" }),
  isAlone,
  hasSteadySource,
  receives,
];

/** A rule on the named replica and its source. */
function sourceRule(declared: {
  readonly id: string;
  readonly says: string;
  readonly violation: (
    replica: Instance,
    followed: Instance,
    context: RuleContext,
  ) => Violation | undefined;
}): Rule<Promote> {
  return instanceRule<Promote>({
    id: declared.id,
    says: declared.says,
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
