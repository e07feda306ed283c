import type { Transaction } from "../../kernel/transaction.js";
import type { HaGroupSignal } from "../../lifecycle/signals.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { Implementations } from "../commands/implementation.js";
import { requireGroup } from "../shared/lookups.js";
import { catchUpMs } from "./catchUp.js";
import { electCandidate } from "./electCandidate.js";
import {
  disableFailoverRules,
  enableFailoverRules,
  forceFailoverRules,
  repairGroupRules,
  updateProxyNodesRules,
} from "./failoverRules.js";

/** Operations of the service's staff on a group. */
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

/** Promotes a replica while the source is available (H14). */
function forceFailover(moment: Transaction, command: CommandOf<"forceFailover">): void {
  const group = requireGroup(moment, command.groupId);
  const candidate = electCandidate(moment, group);
  const extraMs = candidate === undefined ? 0 : catchUpMs(moment, candidate);
  moment.stepGroup(group, "failover.forced", { extraMs });
}

/** Disables failover: a lost source is not replaced (H15). */
function disableFailover(moment: Transaction, command: CommandOf<"disableFailover">): void {
  signalGroup(moment, command.groupId, "failover.disabled");
}

/** Enables failover. A source that was lost meanwhile is replaced at once (H15). */
function enableFailover(moment: Transaction, command: CommandOf<"enableFailover">): void {
  signalGroup(moment, command.groupId, "failover.enabled");
}

/** Starts the reconfiguration of a group's proxies (H16). */
function updateProxyNodes(moment: Transaction, command: CommandOf<"updateProxyNodes">): void {
  signalGroup(moment, command.groupId, "proxies.changed");
}

/** Clears what a failed operation left behind. The group then shows the condition of its members. */
function repairGroup(moment: Transaction, command: CommandOf<"repairGroup">): void {
  signalGroup(moment, command.groupId, "replication.repaired");
}

function signalGroup(moment: Transaction, groupId: string, signal: HaGroupSignal): void {
  moment.stepGroup(requireGroup(moment, groupId), signal);
}
