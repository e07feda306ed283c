import type { RuleContext } from "../../kernel/ruleContext.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import { isMember } from "../haGroups/notHaMember.js";
import type { Instance } from "../instances/instance.model.js";
import { type Rule, requireSubject, rule, subjectGroup } from "../shared/rule.js";

/* Backups and schedules are of an instance or a group: what holds for their owner, whichever of the two is made. */

type Owned = CommandOf<"createBackup"> | CommandOf<"createSchedule">;

/** The instance or the group that a backup or a schedule is of. */
export function ownerOf(
  { ownerKind = "instance", ownerId }: Pick<Owned, "ownerKind" | "ownerId">,
  context: RuleContext,
): Instance | HaGroup | undefined {
  return ownerKind === "ha" ? subjectGroup(ownerId, context) : requireSubject(ownerId, context);
}

/** Returns the kind of an owner for messages. */
export function kindOfOwner(owner: Instance | HaGroup): string {
  return "networks" in owner ? "HA group" : "instance";
}

/** What is to be backed up exists in this account (R103). */
export function ownerExists<C extends Owned>(id: string): Rule<C> {
  return rule<C>({
    id,
    source: "R103 [docs]",
    code: "itemNotFound",
    field: "ownerId",
    description: "The instance or HA group exists in the caller's account.",
    violation: (command, context) => {
      if (ownerOf(command, context) !== undefined) return undefined;
      const { ownerKind, ownerId } = command;
      return {
        message: `${ownerKind === "ha" ? "HA group" : "instance"} ${ownerId} not found`,
        value: ownerId,
      };
    },
  });
}

/** A member of a group is not backed up by itself (R87, R88). */
export function ownerOutsideHa<C extends Owned>({
  instead,
  ...named
}: {
  readonly id: string;
  readonly source: string;
  readonly description: string;
  /** Where the caller should turn. */
  readonly instead: string;
}): Rule<C> {
  return rule<C>({
    ...named,
    code: "forbidden",
    field: "ownerId",
    violation: (command, context) => {
      const owner = ownerOf(command, context);
      return owner !== undefined && "groupId" in owner && isMember(owner)
        ? {
            message: `instance ${owner.id} belongs to HA group ${owner.groupId}; ${instead}`,
            value: owner.id,
          }
        : undefined;
    },
  });
}
