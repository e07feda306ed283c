import { birthByCommand } from "../../kernel/lineage.js";
import { configurationOf, membersOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { wantedDatastore } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Implementations } from "../commands/implementation.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import { change } from "../instances/decideInstances.js";
import type { Instance } from "../instances/instance.model.js";
import { freshId, requireGroup, requireInstance } from "../shared/lookups.js";
import type { Configuration } from "./configuration.model.js";
import { changedParameters, valuesAfter } from "./configurationChanges.js";
import {
  attachConfigurationRules,
  attachGroupConfigurationRules,
  createConfigurationRules,
  deleteConfigurationRules,
  detachConfigurationRules,
  detachGroupConfigurationRules,
} from "./configurationRules.js";
import { instancesWith } from "./configurationUsers.js";
import { updateConfigurationRules } from "./updateConfigurationRules.js";

/** Commands on configurations and on what uses them. */
export const configurationImplementations = {
  attachGroupConfiguration: {
    rules: attachGroupConfigurationRules,
    decide: attachGroupConfiguration,
  },
  detachGroupConfiguration: {
    rules: detachGroupConfigurationRules,
    decide: detachGroupConfiguration,
  },
  createConfiguration: {
    rules: createConfigurationRules,
    decide: createConfiguration,
  },
  updateConfiguration: {
    rules: updateConfigurationRules,
    decide: updateConfiguration,
  },
  deleteConfiguration: {
    rules: deleteConfigurationRules,
    decide: deleteConfiguration,
  },
  attachConfiguration: {
    rules: attachConfigurationRules,
    decide: attachConfiguration,
  },
  detachConfiguration: {
    rules: detachConfigurationRules,
    decide: detachConfiguration,
  },
} satisfies Implementations;

/** Creates a configuration that nothing uses yet. */
function createConfiguration(moment: Transaction, command: CommandOf<"createConfiguration">): void {
  const datastore = wantedDatastore(moment.context.catalog, command.datastore);
  const place = moment.nextPlace("configurations");
  const { name } = command;
  const { key, label, counted } = birthByCommand(moment, {
    label: command.label,
    kind: "configuration",
    name,
  });
  moment.emit({
    type: "ConfigurationCreated",
    configuration: {
      ordinal: place.ordinal,
      accountOrdinal: place.accountOrdinal,
      id: freshId(moment, "configuration", { place, key }),
      accountId: moment.context.accountId,
      key,
      label,
      name,
      description: command.description ?? null,
      datastoreType: datastore.type,
      datastoreVersion: datastore.version,
      values: command.values,
      createdAt: moment.now,
      updatedAt: moment.now,
    },
    counted,
  });
}

/**
 * Its instances take over what is dynamic at once; a parameter that is not makes them RESTART_REQUIRED (T17). A service that
 * is down reads everything when it starts.
 */
function updateConfiguration(moment: Transaction, command: CommandOf<"updateConfiguration">): void {
  const { topology, catalog } = moment.context;
  const configuration = requireConfiguration(moment, command.configurationId);
  const { id, ordinal: row, values: before } = configuration;
  const after = valuesAfter(configuration, command);
  const changed = changedParameters(before, after);
  const changes = changedTexts(configuration, command);
  if (changed.length === 0 && Object.keys(changes).length === 0) return;
  moment.emit({
    type: "ConfigurationChanged",
    id,
    row,
    changes,
    set: Object.fromEntries(Object.entries(after).filter(([name]) => changed.includes(name))),
    removed: changed.filter((name) => after[name] === undefined),
  });
  if (changed.length === 0) return;
  const isStatic = changed.some((name) => catalog.staticParameters.includes(name));
  const signal = isStatic ? "configuration.pending" : "configuration.applied";
  for (const instance of [...instancesWith(topology, configuration)]) {
    moment.tryInstance(instance, signal);
  }
}

function changedTexts(
  { name, description }: Configuration,
  wanted: CommandOf<"updateConfiguration">,
): Partial<Pick<Configuration, "name" | "description">> {
  const { name: newName = name, description: text = description } = wanted;
  return {
    ...(newName === name ? {} : { name: newName }),
    ...(text === description ? {} : { description: text }),
  };
}

/** Removes an unused configuration. */
function deleteConfiguration(
  moment: Transaction,
  { configurationId }: CommandOf<"deleteConfiguration">,
): void {
  const { id, ordinal: row, accountId } = requireConfiguration(moment, configurationId);
  moment.emit({ type: "ConfigurationRemoved", id, row, accountId });
}

function requireConfiguration({ context }: Transaction, configurationId: string): Configuration {
  const { topology, accountId } = context;
  const found = configurationOf(topology, { accountId, id: configurationId });
  if (found === undefined)
    throw new InvariantViolationError(
      `configuration ${configurationId} is missing after its rule passed`,
    );
  return found;
}

/** Attaches a configuration. A dynamic parameter takes effect at once, any other one at the next restart (T17). */
function attachConfiguration(moment: Transaction, command: CommandOf<"attachConfiguration">): void {
  reconfigure(moment, requireInstance(moment, command), command.configurationId);
}

/** Detaches the configuration. Its parameters return to their defaults, which may require a restart as well. */
function detachConfiguration(moment: Transaction, command: CommandOf<"detachConfiguration">): void {
  reconfigure(moment, requireInstance(moment, command), null);
}

/** The same for all members of a group (H9). */
function attachGroupConfiguration(
  moment: Transaction,
  { groupId, configurationId }: CommandOf<"attachGroupConfiguration">,
): void {
  reconfigureGroup(moment, requireGroup(moment, groupId), configurationId);
}

/** The same for all members of a group (H9). */
function detachGroupConfiguration(
  moment: Transaction,
  { groupId }: CommandOf<"detachGroupConfiguration">,
): void {
  reconfigureGroup(moment, requireGroup(moment, groupId), null);
}

function reconfigure(
  moment: Transaction,
  instance: Instance,
  configurationId: string | null,
): void {
  const before = instance.configurationId;
  if (before === configurationId) return;
  change(moment, instance, { configurationId });
  moment.tryInstance(instance, signalFor(moment, instance, configurationId ?? before));
}

/**
 * Applies one configuration to all members, also to those that brought their own into the group. The status of the
 * members decides whether the group requires a restart.
 */
function reconfigureGroup(
  moment: Transaction,
  group: HaGroup,
  configurationId: string | null,
): void {
  if (group.configurationId !== configurationId) {
    const changes = { configurationId };
    moment.emit({ type: "GroupChanged", id: group.id, row: group.ordinal, changes });
  }
  for (const member of membersOf(moment.context.topology, group)) {
    if (member.configurationId === configurationId) continue;
    const signal = signalFor(moment, member, configurationId ?? member.configurationId);
    change(moment, member, { configurationId });
    moment.tryInstance(member, signal);
  }
}

function signalFor(
  { context }: Transaction,
  { accountId }: Instance,
  configurationId: string | null,
): "configuration.applied" | "configuration.pending" {
  const { staticParameters } = context.catalog;
  const values =
    configurationId === null
      ? {}
      : configurationOf(context.topology, { accountId, id: configurationId })?.values;
  return Object.keys(values ?? {}).some((name) => staticParameters.includes(name))
    ? "configuration.pending"
    : "configuration.applied";
}
