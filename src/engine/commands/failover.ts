import type { CommandOf } from "../../domain/commandTypes.js";
import type { HaGroupSignal } from "../../domain/statuses.js";
import {
  disableFailoverRules,
  enableFailoverRules,
  forceFailoverRules,
  repairGroupRules,
  updateProxyNodesRules,
} from "../../topology/rules/failover.js";
import { catchUpMs } from "../failover/catchUp.js";
import { electCandidate } from "../failover/elect.js";
import type { Transaction } from "../transaction.js";
import type { Implementations } from "./implementation.js";
import { requireGroup } from "./lookups.js";

/** What the staff of the service does to a group. */
export const failoverImplementations = {
  forceFailover: {
    rules: forceFailoverRules,
    decide: forceFailover,
  },
  disableFailover: {
    rules: disableFailoverRules,
    decide: disableFailover,
  },
  enableFailover: {
    rules: enableFailoverRules,
    decide: enableFailover,
  },
  updateProxyNodes: {
    rules: updateProxyNodesRules,
    decide: updateProxyNodes,
  },
  repairGroup: {
    rules: repairGroupRules,
    decide: repairGroup,
  },
} satisfies Implementations;

/** A replica takes over from a source that lives (H14). */
function forceFailover(moment: Transaction, command: CommandOf<"forceFailover">): void {
  const group = requireGroup(moment, command.groupId);
  const candidate = electCandidate(moment, group);
  const extraMs = candidate === undefined ? 0 : catchUpMs(moment, candidate);
  moment.stepGroup(group, "failover.forced", { extraMs });
}

/** From now on a source that is lost stays lost (H15). */
function disableFailover(moment: Transaction, command: CommandOf<"disableFailover">): void {
  tell(moment, command.groupId, "failover.disabled");
}

/** A source that was lost meanwhile is replaced as soon as failover is on again (H15). */
function enableFailover(moment: Transaction, command: CommandOf<"enableFailover">): void {
  tell(moment, command.groupId, "failover.enabled");
}

/** The proxies in front of a group are configured anew (H16). */
function updateProxyNodes(moment: Transaction, command: CommandOf<"updateProxyNodes">): void {
  tell(moment, command.groupId, "proxies.changed");
}

/** An operator has seen to what an operation left behind; what the members are like shows at once. */
function repairGroup(moment: Transaction, command: CommandOf<"repairGroup">): void {
  tell(moment, command.groupId, "replication.repaired");
}

function tell(moment: Transaction, groupId: string, signal: HaGroupSignal): void {
  moment.stepGroup(requireGroup(moment, groupId), signal);
}
