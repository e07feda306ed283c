import { rowsOf } from "../../collections/table.js";
import { wantedDatastore } from "../../domain/catalog.js";
import type { Command, CommandOf } from "../../domain/commands.js";
import { configurationOf, groupOf } from "../queries.js";
import { datastoreOnOffer, type Versioned } from "./datastores.js";
import { groupExists, groupRule, groupTakes } from "./groupRule.js";
import { labelIsFree } from "./labels.js";
import { notHaMember } from "./notHaMember.js";
import {
  instanceExists,
  instanceRule,
  instanceTakes,
  type Rule,
  type RuleContext,
  requireSubject,
  rule,
} from "./rule.js";

/** The configuration that a command names, if it names one, exists in this account. */
export function configurationExists<
  C extends Command & { readonly configurationId?: string },
>(): Rule<C> {
  return rule<C>({
    id: "configuration-exists",
    source: "§1.5 [docs]",
    code: "itemNotFound",
    field: "configurationId",
    says: "The configuration exists in the caller's account.",
    violation: ({ configurationId }, { topology, accountId }) =>
      configurationId === undefined ||
      configurationOf(topology, { accountId, id: configurationId }) !== undefined
        ? undefined
        : { message: `configuration ${configurationId} was not found`, value: configurationId },
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
    says: "A configuration serves the datastore version that it was made for, and no other.",
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

// The one rule that looks at every instance: a configuration does not know who uses it.
const detachedEverywhere = rule<CommandOf<"deleteConfiguration">>({
  id: "configuration-unused",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  says: "A configuration is deleted only when nothing has it attached.",
  violation: ({ configurationId }, { topology }) => {
    for (const table of [topology.instances, topology.groups]) {
      for (const row of rowsOf<{ readonly id: string; readonly configurationId: string | null }>(
        table,
      )) {
        if (row.configurationId === configurationId) {
          return {
            message: `configuration ${configurationId} is attached to ${row.id}; detach it first`,
            value: configurationId,
          };
        }
      }
    }
    return undefined;
  },
});

/** Only a configuration that nobody uses. */
export const deleteConfigurationRules: readonly Rule<CommandOf<"deleteConfiguration">>[] = [
  configurationExists(),
  detachedEverywhere,
];

const freeOfConfiguration = instanceRule<CommandOf<"attachConfiguration">>({
  id: "one-configuration",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  says: "A configuration is attached only where none is.",
  violation: (instance) =>
    instance.configurationId === null
      ? undefined
      : {
          message: `instance ${instance.id} has configuration ${instance.configurationId} already; detach it first`,
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
    doing: "a change of its configuration",
  }),
];

/** Detaching where nothing is attached is accepted and changes nothing. */
export const detachConfigurationRules: readonly Rule<CommandOf<"detachConfiguration">>[] = [
  instanceExists(),
  notHaMember({ source: "R80 [docs]", instead: "detach it from the group" }),
  instanceTakes("configuration.applied", {
    id: "configuration-status",
    source: "§2.3 [trove]",
    doing: "a change of its configuration",
  }),
];

const groupFreeOfConfiguration = groupRule<CommandOf<"attachGroupConfiguration">>({
  id: "one-configuration",
  source: "§1.5 [trove]",
  code: "badRequest",
  field: "configurationId",
  says: "A configuration is attached only where none is.",
  violation: (group) =>
    group.configurationId === null
      ? undefined
      : {
          message: `HA group ${group.id} has configuration ${group.configurationId} already; detach it first`,
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
    groupTakes("configuration.applied", "a change of its configuration"),
  ];

/** For all members of a group (H9). */
export const detachGroupConfigurationRules: readonly Rule<CommandOf<"detachGroupConfiguration">>[] =
  [groupExists(), groupTakes("configuration.applied", "a change of its configuration")];

function datastoreOfInstance(id: string, context: RuleContext): Versioned | undefined {
  const instance = requireSubject(id, context);
  return instance && { type: instance.datastoreType, version: instance.datastoreVersion };
}
