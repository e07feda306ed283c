import { configurationOf, type Page, pageOfConfigurations } from "../../kernel/queries.js";
import { type InputOf } from "../../model/commandTypes.js";
import { mergeUntrusted } from "../../service/commands/parseCommand.js";
import { type Configuration } from "../../service/configurations/configuration.model.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";
import { type ListOptions, listField, unknownId } from "./listing.js";

/** Operations on configurations. */
export interface ConfigurationMethods {
  /**
   * Creates a configuration: parameters for a datastore version.
   *
   * @example
   * ```ts
   * const created = sim.createConfiguration({ name: "more connections", values: { max_connections: 500 } });
   * console.log(created.values); // { max_connections: 500 }
   * ```
   * @param input - name, datastore and values
   * @returns the new configuration
   * @throws InvalidInputError
   * @throws RuleViolationError `datastore-exists`, `label-unique`
   */
  createConfiguration(input: InputOf<"createConfiguration">): Configuration;

  /**
   * Returns a configuration as it is now.
   *
   * @example
   * ```ts
   * console.log(sim.getConfiguration(configuration.id).values); // { max_connections: 500 }
   * ```
   * @param configurationId - id of a configuration of the account
   * @returns the configuration, frozen
   * @throws NotFoundError `configuration-exists`
   */
  getConfiguration(configurationId: string): Configuration;

  /**
   * Returns one page of the account's configurations, by id.
   *
   * @example
   * ```ts
   * console.log(sim.listConfigurations().items.length, configuration.name); // 1 more connections
   * ```
   * @param options - page size and marker
   * @returns one page of rows, and `nextMarker` if there are more
   * @throws InvalidInputError
   */
  listConfigurations(options?: ListOptions): Page<Configuration>;

  /**
   * Changes a configuration, and with it everything that has it attached: dynamic parameters take effect at once, a static
   * one makes instances and groups RESTART_REQUIRED. `replace: true` removes the values that are not named.
   *
   * @example
   * ```ts
   * sim.updateConfiguration(configuration.id, { values: { innodb_log_file_size: 48 } });
   * ```
   * @param configurationId - id of a configuration of the account
   * @param changes - values to set, name, description, and `replace`
   * @returns the configuration with the changes
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `configuration-change`, `configuration-size`
   * @throws InvalidStatusError `configuration-users-status`
   */
  updateConfiguration(
    configurationId: string,
    changes: Omit<InputOf<"updateConfiguration">, "configurationId">,
  ): Configuration;

  /**
   * Deletes a configuration that is not attached.
   *
   * @example
   * ```ts
   * sim.deleteConfiguration(configuration.id);
   * ```
   * @param configurationId - id of a configuration of the account
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `configuration-unused`
   * @throws InvalidStatusError `configuration-users-leaving`
   */
  deleteConfiguration(configurationId: string): void;

  /**
   * Attaches a configuration to an instance. If one of its parameters is static, the instance is RESTART_REQUIRED.
   *
   * @example
   * ```ts
   * sim.attachConfiguration(source.id, configuration.id);
   * console.log(sim.getInstance(source.id).configurationId === configuration.id); // true
   * ```
   * @param instanceId - id of an instance of the account
   * @param configurationId - id of a configuration of the account
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `configuration-exists`
   * @throws RuleViolationError `not-ha-member`, `one-configuration`, `configuration-fits`
   * @throws InvalidStatusError `configuration-status`
   */
  attachConfiguration(instanceId: string, configurationId: string): Instance;

  /**
   * Detaches the configuration of an instance; the defaults apply again.
   *
   * @example
   * ```ts
   * sim.attachConfiguration(source.id, configuration.id);
   * sim.detachConfiguration(source.id);
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`
   * @throws InvalidStatusError `configuration-status`
   */
  detachConfiguration(instanceId: string): Instance;
}

/** The implementation, given the kernel of a client. */
export const configurationMethods: PartOf<ConfigurationMethods> = {
  createConfiguration: (client, input) => client.run("createConfiguration", input),
  getConfiguration: (client, configurationId) => {
    const topology = client.looking("getConfiguration");
    const found = configurationOf(topology, client.own(configurationId));
    return client.show(found ?? unknownId("configuration", configurationId));
  },
  listConfigurations: (client, options = {}) => {
    const topology = client.looking("listConfigurations");
    const page = client.pageOf(client.read(listField, options));
    return client.showPage(pageOfConfigurations(topology, client.accountId, page));
  },
  updateConfiguration: (client, configurationId, changes) =>
    client.run("updateConfiguration", mergeUntrusted(changes, { configurationId })),
  deleteConfiguration: (client, configurationId) => {
    client.run("deleteConfiguration", { configurationId });
  },
  attachConfiguration: (client, instanceId, configurationId) =>
    client.run("attachConfiguration", { instanceId, configurationId }),
  detachConfiguration: (client, instanceId) => client.run("detachConfiguration", { instanceId }),
};
