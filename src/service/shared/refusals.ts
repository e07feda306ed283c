import type { RuleContext } from "../../kernel/ruleContext.js";
import type { Command } from "../../model/commandTypes.js";
import type { ReplicationError } from "../../model/errors.js";
import { roleRefusal } from "../accounts/roleAllows.js";
import { type Rule, refusalOf } from "./rule.js";

/** The first of a command's rules that refuses it, as the error that a caller gets; undefined when all let it pass. */
export function firstRefusal<C extends Command>(
  rules: readonly Rule<C>[],
  command: C,
  context: RuleContext,
): ReplicationError | undefined {
  const denied = roleRefusal(command.type, context.role);
  if (denied !== undefined) return denied;
  for (const rule of rules) {
    const violation = rule.violation(command, context);
    if (violation !== undefined) return refusalOf(rule, violation);
  }
  return undefined;
}

/** Every rule that refuses a command: that of the role alone, where it does. */
export function allRefusals<C extends Command>(
  rules: readonly Rule<C>[],
  command: C,
  context: RuleContext,
): readonly ReplicationError[] {
  const denied = roleRefusal(command.type, context.role);
  if (denied !== undefined) return [denied];
  return rules.flatMap((rule) => {
    const violation = rule.violation(command, context);
    return violation === undefined ? [] : [refusalOf(rule, violation)];
  });
}
