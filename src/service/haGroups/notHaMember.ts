import { isLeaving } from "../../lifecycle/instanceStates.js";
import type { Command } from "../../model/commandTypes.js";
import type { Instance } from "../instances/instance.model.js";
import { instanceRule, type Rule } from "../shared/rule.js";

/** What blocks an operation on a member, and where the caller should turn instead. */
export interface MemberBlock {
  readonly source: string;
  readonly instead: string;
  /** Whether the block holds as soon as the conversion is accepted, and not only once it is done. */
  readonly fromAcceptance?: boolean;
}

/** A member of an HA group is operated through its group; reads, renames, users and databases stay (R80, C7). */
export function notHaMember<C extends Command & { readonly instanceId: string }>({
  source,
  instead,
  fromAcceptance = false,
}: MemberBlock): Rule<C> {
  return instanceRule<C>({
    id: "not-ha-member",
    source,
    code: "forbidden",
    description: "The instance does not belong to an HA group. Operate on the group instead.",
    violation: (instance) =>
      isMember(instance) ||
      (fromAcceptance && instance.groupId !== null && instance.state === "converting")
        ? {
            message: `instance ${instance.id} belongs to HA group ${instance.groupId}; ${instead}`,
            value: instance.id,
          }
        : undefined,
  });
}

/**
 * While a set is being converted, its members carry the id of the group already, and one that leaves carries it still;
 * it is their status that speaks against an operation then: right request, wrong moment (R67, §2.3).
 */
export function isMember(instance: Instance): instance is Instance & { readonly groupId: string } {
  return instance.groupId !== null && instance.state !== "converting" && !isLeaving(instance.state);
}
