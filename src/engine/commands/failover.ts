import type { CommandOf } from "../../domain/commands.js";
import type { HaGroupSignal } from "../../domain/statuses.js";
import type { Transaction } from "../transaction.js";
import { requireGroup } from "./lookups.js";

/** A replica takes over from a source that lives (H14). */
export function forceFailover(moment: Transaction, command: CommandOf<"forceFailover">): void {
  tell(moment, command.groupId, "failover.forced");
}

/** From now on a source that is lost stays lost (H15). */
export function disableFailover(moment: Transaction, command: CommandOf<"disableFailover">): void {
  tell(moment, command.groupId, "failover.disabled");
}

/** A source that was lost meanwhile is replaced as soon as failover is on again (H15). */
export function enableFailover(moment: Transaction, command: CommandOf<"enableFailover">): void {
  tell(moment, command.groupId, "failover.enabled");
}

/** The proxies in front of a group are configured anew (H16). */
export function updateProxyNodes(
  moment: Transaction,
  command: CommandOf<"updateProxyNodes">,
): void {
  tell(moment, command.groupId, "proxies.changed");
}

/** An operator has seen to what an operation left behind; what the members are like shows at once. */
export function repairGroup(moment: Transaction, command: CommandOf<"repairGroup">): void {
  tell(moment, command.groupId, "replication.repaired");
}

function tell(moment: Transaction, groupId: string, signal: HaGroupSignal): void {
  moment.stepGroup(requireGroup(moment, groupId), signal);
}
