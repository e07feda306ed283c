import { configurationOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { mayLackSource } from "../../lifecycle/groupStates.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import type { CommandOf } from "../../model/commandTypes.js";
import {
  groupStatusViolation,
  type Rule,
  rule,
  statusViolation,
  type Violation,
} from "../shared/rule.js";
import type { Configuration } from "./configuration.model.js";
import { changedParameters, valuesAfter } from "./configurationChanges.js";
import { maxConfigurationValues } from "./configurationCommands.js";
import { configurationExists } from "./configurationRules.js";
import { groupsWith, instancesWith } from "./configurationUsers.js";

type Update = CommandOf<"updateConfiguration">;

const field = "configurationId";
const doing = "change the configuration of";

const changesSomething = rule<Update>({
  id: "configuration-change",
  source: "§1.5 [inferred]",
  code: "badRequest",
  field,
  description: "An update names a new name, a new description or values.",
  violation: ({ configurationId, name, description, values }) =>
    name === undefined && description === undefined && values === undefined
      ? {
          message: "there is nothing to change: give a name, a description or values",
          value: configurationId,
        }
      : undefined,
});

const hasRoom = rule<Update>({
  id: "configuration-size",
  source: "§1.5 [inferred]",
  code: "badRequest",
  field: "values",
  description: "A configuration has at most 200 parameters, those that stay included.",
  violation: (command, context) => {
    const configuration = named(command, context);
    if (configuration === undefined) return undefined;
    const count = Object.keys(valuesAfter(configuration, command)).length;
    return count <= maxConfigurationValues
      ? undefined
      : {
          message: `configuration ${configuration.id} would have ${String(count)} parameters`,
          value: count,
          allowed: `at most ${String(maxConfigurationValues)}`,
        };
  },
});

/**
 * The values reach all instances or none. One whose service is down reads them when it starts again; one that is leaving
 * needs none.
 */
const usersTakeIt = rule<Update>({
  id: "configuration-users-status",
  source: "T17 §2.3 [inferred]",
  code: "unprocessableEntity",
  field,
  description:
    "Values change while everything that has the configuration attached is in a status that takes it, or is down or leaving.",
  violation: (command, context) => {
    const configuration = named(command, context);
    if (configuration === undefined) return undefined;
    const after = valuesAfter(configuration, command);
    if (changedParameters(configuration.values, after).length === 0) return undefined;
    return busyUser(configuration, context);
  },
});

function busyUser(configuration: Configuration, context: RuleContext): Violation | undefined {
  const requested = { signal: "configuration.pending", doing } as const;
  for (const instance of instancesWith(context.topology, configuration)) {
    const { state, groupId } = instance;
    if (groupId !== null || isDown(state) || state === "deleting") continue;
    const found = statusViolation(instance, requested, context);
    if (found !== undefined) return found;
  }
  for (const group of groupsWith(context.topology, configuration)) {
    const found = mayLackSource(group.state)
      ? undefined
      : groupStatusViolation(group, requested, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

function named(
  { configurationId: id }: Update,
  { topology, accountId }: RuleContext,
): Configuration | undefined {
  return configurationOf(topology, { accountId, id });
}

/** Any parameter name is taken, as for a new configuration. */
export const updateConfigurationRules: readonly Rule<Update>[] = [
  configurationExists(),
  changesSomething,
  hasRoom,
  usersTakeIt,
];
