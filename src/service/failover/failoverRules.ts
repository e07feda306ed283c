import { linkedInstance } from "../../kernel/queries.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { groupExists, groupRule, groupTakes } from "../haGroups/groupRule.js";
import { isPromotable } from "../placement/partitions.js";
import type { Rule } from "../shared/rule.js";

type Force = CommandOf<"forceFailover">;

const hasCandidate = groupRule<Force>({
  id: "failover-candidate",
  source: "H14 §3.8 step e [inferred]",
  code: "unprocessableEntity",
  description: "The group has a running replica that can be promoted.",
  violation: (group, { topology }) =>
    group.replicaIds.some((id) => isPromotable(linkedInstance(topology, group, id)))
      ? undefined
      : {
          message: `HA group ${group.id} has no running replica to promote; recover one first`,
          value: group.id,
        },
});

/** For the service's own staff: no operation of the API (H14). */
export const forceFailoverRules: readonly Rule<Force>[] = [
  groupExists(),
  groupTakes("failover.forced", "force a failover of"),
  hasCandidate,
];

/** For the service's own staff (H15). */
export const disableFailoverRules: readonly Rule<CommandOf<"disableFailover">>[] = [
  groupExists(),
  groupTakes("failover.disabled", "disable failover of"),
];

/** For the service's own staff (H15). */
export const enableFailoverRules: readonly Rule<CommandOf<"enableFailover">>[] = [
  groupExists(),
  groupTakes("failover.enabled", "enable failover of"),
];

/** For the service's own staff (H16). */
export const updateProxyNodesRules: readonly Rule<CommandOf<"updateProxyNodes">>[] = [
  groupExists(),
  groupTakes("proxies.changed", "update the proxies of"),
];

/** For the service's own staff: what an operation has damaged, a user can only delete (§2.4). */
export const repairGroupRules: readonly Rule<CommandOf<"repairGroup">>[] = [
  groupExists(),
  groupTakes("replication.repaired", "repair"),
];
