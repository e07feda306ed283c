import { configurationOf, groupOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { isLeaving } from "../../lifecycle/instanceStates.js";
import { wantedDatastore } from "../../model/catalog.js";
import type { Command, CommandOf } from "../../model/commandTypes.js";
import { labelIsFree } from "../accounts/labelRules.js";
import { groupExists, groupRule, groupTakes } from "../haGroups/groupRule.js";
import { notHaMember } from "../haGroups/notHaMember.js";
import { datastoreOnOffer, type Versioned } from "../instances/datastoreRules.js";
import {
  instanceExists,
  instanceRule,
  instanceTakes,
  type Rule,
  requireSubject,
  rule,
} from "../shared/rule.js";
import { groupsWith, instancesWith } from "./configurationUsers.js";

/** The configuration that a command names, if it names one, exists in this account. */
export function configurationExists<
  C extends Command & { readonly configurationId?: string },
>(): Rule<C> {
  return rule<C>({
    id: "configuration-exists",
    source: "§1.5 [docs]",
    code: "itemNotFound",
    field: "configurationId",
    description: "The configuration exists in the caller's account.",
    violation: ({ configurationId }, { topology, accountId }) =>
      configurationId === undefined ||
      configurationOf(topology, { accountId, id: configurationId }) !== undefined
        ? undefined
        : { message: `configuration ${configurationId} not found`, value: configurationId },
  });
}

/** The configuration is made for the datastore version that it is to serve. */
export function configurationFits<C extends Command & { readonly configurationId?: string }>(
  datastoreFor: (command: C, context: RuleContext) => Versioned | undefined,
): Rule<C> {
  return rule<C>({
    id: "configuration-fits",
    source: "§1.5 [trove]",
    code: "badRequest",
    field: "configurationId",
    description: "The configuration is made for the datastore version of the instance or group.",
    violation: (command, context) => {
      const { configurationId } = command;
      if (configurationId === undefined) return undefined;
      const { topology, accountId } = context;
      const configuration = configurationOf(topology, { accountId, id: configurationId });
      const served = datastoreFor(command, context);
      if (configuration === undefined || served === undefined) return undefined;
      const { datastoreType, datastoreVersion } = configuration;
      if (datastoreType === served.type.toLowerCase() && datastoreVersion === served.version)
        return undefined;
      return {
        message: `configuration ${configurationId} is for ${datastoreType} ${datastoreVersion}, not for ${served.type} ${served.version}`,
        value: configurationId,
        allowed: `${served.type} ${served.version}`,
      };
    },
  });
}

/** Any parameter name is taken; the catalog knows which of them need a restart. */
export const createConfigurationRules: readonly Rule<CommandOf<"createConfiguration">>[] = [
  datastoreOnOffer(({ datastore }, { catalog }) => wantedDatastore(catalog, datastore)),
  labelIsFree(),
];

/** What has a configuration attached, and whether it lets go of it by itself. */
interface ConfigurationUser {
  readonly id: string;
  readonly status: string;
  /** It is deleted, or leaves the group whose configuration it has. */
  readonly isLettingGo: boolean;
}

function* usersOf(
  configurationId: string,
  { topology, accountId }: RuleContext,
): Generator<ConfigurationUser> {
  const configuration = { id: configurationId, accountId };
  for (const { id, status, state, groupId } of instancesWith(topology, configuration)) {
    const isLettingGo = state === "deleting" || (isLeaving(state) && groupId !== null);
    yield { id, status, isLettingGo };
  }
  for (const { id, status, state } of groupsWith(topology, configuration)) {
    yield { id, status, isLettingGo: state === "deleting" };
  }
}

const detachedEverywhere = rule<CommandOf<"deleteConfiguration">>({
  id: "configuration-unused",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  description: "The configuration is not attached to any instance or group.",
  violation: ({ configurationId }, context) => {
    for (const user of usersOf(configurationId, context)) {
      if (user.isLettingGo) continue;
      return {
        message: `configuration ${configurationId} is attached to ${user.id}; detach it first`,
        value: configurationId,
      };
    }
    return undefined;
  },
});

const usersGone = rule<CommandOf<"deleteConfiguration">>({
  id: "configuration-users-leaving",
  source: "§1.5 [inferred]",
  code: "unprocessableEntity",
  field: "configurationId",
  description: "The configuration is not attached to an instance or group that is being deleted.",
  violation: ({ configurationId }, context) => {
    for (const { id, status } of usersOf(configurationId, context)) {
      return {
        message: `configuration ${configurationId} is attached to ${id}, which is ${status}; wait until that ends, then delete it`,
        value: status,
      };
    }
    return undefined;
  },
});

/** A configuration can be deleted only if no instance uses it. */
export const deleteConfigurationRules: readonly Rule<CommandOf<"deleteConfiguration">>[] = [
  configurationExists(),
  detachedEverywhere,
  usersGone,
];

const freeOfConfiguration = instanceRule<CommandOf<"attachConfiguration">>({
  id: "one-configuration",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  description: "The instance or group has no configuration yet.",
  violation: (instance) =>
    // One that leaves its group leaves the group's configuration there.
    instance.configurationId === null || isLeaving(instance.state)
      ? undefined
      : {
          message: `instance ${instance.id} already has configuration ${instance.configurationId}; detach it first`,
          value: instance.configurationId,
        },
});

/** Attaching to a member goes through its group. */
export const attachConfigurationRules: readonly Rule<CommandOf<"attachConfiguration">>[] = [
  instanceExists(),
  configurationExists(),
  notHaMember({ source: "R80 [docs]", instead: "attach it to the group" }),
  freeOfConfiguration,
  configurationFits(({ instanceId }, context) => datastoreOfInstance(instanceId, context)),
  instanceTakes("configuration.applied", {
    id: "configuration-status",
    source: "§2.3 [trove]",
    doing: "change the configuration of",
  }),
];

/** Detaching where nothing is attached is accepted and changes nothing. */
export const detachConfigurationRules: readonly Rule<CommandOf<"detachConfiguration">>[] = [
  instanceExists(),
  notHaMember({ source: "R80 [docs]", instead: "detach it from the group" }),
  instanceTakes("configuration.applied", {
    id: "configuration-status",
    source: "§2.3 [trove]",
    doing: "change the configuration of",
  }),
];

const groupFreeOfConfiguration = groupRule<CommandOf<"attachGroupConfiguration">>({
  id: "one-configuration",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  description: "The instance or group has no configuration yet.",
  violation: (group) =>
    group.configurationId === null
      ? undefined
      : {
          message: `HA group ${group.id} already has configuration ${group.configurationId}; detach it first`,
          value: group.configurationId,
        },
});

/** For all members of a group (H9). */
export const attachGroupConfigurationRules: readonly Rule<CommandOf<"attachGroupConfiguration">>[] =
  [
    groupExists(),
    configurationExists(),
    groupFreeOfConfiguration,
    configurationFits(({ groupId }, { topology, accountId }) => {
      const group = groupOf(topology, { accountId, id: groupId });
      return group && { type: group.datastoreType, version: group.datastoreVersion };
    }),
    groupTakes("configuration.applied", "change the configuration of"),
  ];

/** For all members of a group (H9). */
export const detachGroupConfigurationRules: readonly Rule<CommandOf<"detachGroupConfiguration">>[] =
  [groupExists(), groupTakes("configuration.applied", "change the configuration of")];

function datastoreOfInstance(id: string, context: RuleContext): Versioned | undefined {
  const instance = requireSubject(id, context);
  return instance && { type: instance.datastoreType, version: instance.datastoreVersion };
}
