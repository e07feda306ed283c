import type { RuleContext } from "../../kernel/ruleContext.js";
import type { HaGroupSignal } from "../../lifecycle/signals.js";
import type { Command } from "../../model/commandTypes.js";
import {
  groupStatusViolation,
  type Rule,
  rule,
  subjectGroup,
  type Violation,
} from "../shared/rule.js";
import type { HaGroup } from "./haGroup.model.js";

/** The named group exists in this account (R86). */
export function groupExists<C extends Command & { readonly groupId: string }>(): Rule<C> {
  return rule<C>({
    id: "group-exists",
    source: "R86 [hist]",
    code: "itemNotFound",
    field: "groupId",
    description: "The HA group exists in the caller's account.",
    violation: ({ groupId }, context) =>
      subjectGroup(groupId, context) === undefined
        ? { message: `HA group ${groupId} not found`, value: groupId }
        : undefined,
  });
}

/** A rule on the named group, silent when there is none. */
export function groupRule<C extends Command & { readonly groupId: string }>(
  declared: Omit<Rule<C>, "violation" | "field"> & {
    readonly field?: string;
    readonly violation: (group: HaGroup, context: RuleContext, command: C) => Violation | undefined;
  },
): Rule<C> {
  return {
    field: "groupId",
    ...declared,
    violation: (command, context) => {
      const group = subjectGroup(command.groupId, context);
      return group && declared.violation(group, context, command);
    },
  };
}

/** "May happen in this status" for a group, asked of its compiled lifecycle (§2.4). */
export function groupTakes<C extends Command & { readonly groupId: string }>(
  signal: HaGroupSignal,
  doing: string,
): Rule<C> {
  return groupRule<C>({
    id: "group-status",
    source: "§2.4 [docs]",
    code: "unprocessableEntity",
    description: "The status of the group allows the operation. Most operations require ACTIVE.",
    violation: (group, context) => groupStatusViolation(group, { signal, doing }, context),
  });
}
