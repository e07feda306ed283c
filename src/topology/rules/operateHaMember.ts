import type { Command } from "../../domain/commands.js";
import { instanceRule, type Rule } from "./rule.js";

/** What blocks an operation on a member, and where the caller should turn instead. */
export interface MemberBlock {
  readonly source: string;
  readonly instead: string;
}

/** A member of an HA group is operated through its group; reads, renames, users and databases stay (R80, C7). */
export function notHaMember<C extends Command & { readonly instanceId: string }>({
  source,
  instead,
}: MemberBlock): Rule<C> {
  return instanceRule<C>({
    id: "not-ha-member",
    source,
    fault: "forbidden",
    says: "A member of an HA group is operated through its group, never by itself.",
    violation: (instance) =>
      instance.groupId === null
        ? undefined
        : {
            message: `instance ${instance.id} belongs to HA group ${instance.groupId}; ${instead}`,
            value: instance.id,
          },
  });
}
