import type { InputOf } from "../../domain/commandTypes.js";
import { record } from "../../domain/compositeFields.js";
import type {
  Backup,
  Configuration,
  Database,
  DatabaseUser,
  Instance,
} from "../../domain/entities.js";
import { optional, string } from "../../domain/fields.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import {
  backupOf,
  configurationOf,
  type Page,
  pageOfBackups,
  pageOfConfigurations,
} from "../../topology/queries.js";
import { type ListOptions, listField, pagingFields, unknownId } from "./base.js";
import { HaVerbs } from "./haGroups.js";

/** Which backups: all of the account, or of one instance or group, or of one type of datastore. */
export interface ListBackupsOptions extends ListOptions {
  readonly ownerId?: string;
  /** In lower case, as `mysql`. */
  readonly datastoreType?: string;
}

/** Backups, configurations, databases and users. */
export class BackupVerbs extends HaVerbs {
  /**
   * Backs up an instance or a group: BACKUP until it ends; incremental where a parent is named.
   * @throws InvalidInputError
   * @throws NotFoundError `backup-owner-exists`, `parent-exists`
   * @throws RuleViolationError `backup-outside-ha`, `object-storage-access`, `parent-backup-usable`, `label-unique`
   * @throws InvalidStatusError `parent-backup-completed`, `one-backup`, `backup-status`
   */
  createBackup(input: InputOf<"createBackup">): Backup {
    return this.run("createBackup", input);
  }

  /**
   * A backup as it is now.
   * @throws NotFoundError `backup-exists`
   */
  getBackup(backupId: string): Backup {
    const topology = this.looking("getBackup");
    const found = backupOf(topology, this.own(backupId));
    return this.show(found?.hiddenForReplicaId === null ? found : unknownId("backup", backupId));
  }

  /**
   * One page of the account's backups, by id; of one instance or group where `ownerId` names it, of one type of
   * datastore where `datastoreType` does.
   * @throws InvalidInputError
   */
  listBackups(options: ListBackupsOptions = {}): Page<Backup> {
    const topology = this.looking("listBackups");
    const { ownerId, datastoreType, ...page } = this.read(listBackupsField, options);
    const found = pageOfBackups(topology, this.accountId, {
      filter: { ownerId, datastoreType },
      page: this.pageOf(page),
    });
    return this.showPage(found);
  }

  /**
   * Deletes a backup and all that were made from it.
   * @throws InvalidInputError
   * @throws NotFoundError `backup-exists`
   * @throws InvalidStatusError `backup-ended`
   */
  deleteBackup(backupId: string): Backup {
    return this.run("deleteBackup", { backupId });
  }

  /**
   * Makes a set of parameters for a datastore version.
   * @throws InvalidInputError
   * @throws RuleViolationError `datastore-exists`, `label-unique`
   */
  createConfiguration(input: InputOf<"createConfiguration">): Configuration {
    return this.run("createConfiguration", input);
  }

  /**
   * A configuration as it is now.
   * @throws NotFoundError `configuration-exists`
   */
  getConfiguration(configurationId: string): Configuration {
    const topology = this.looking("getConfiguration");
    const found = configurationOf(topology, this.own(configurationId));
    return this.show(found ?? unknownId("configuration", configurationId));
  }

  /**
   * One page of the account's configurations, by id.
   * @throws InvalidInputError
   */
  listConfigurations(options: ListOptions = {}): Page<Configuration> {
    const topology = this.looking("listConfigurations");
    const page = this.pageOf(this.read(listField, options));
    return this.showPage(pageOfConfigurations(topology, this.accountId, page));
  }

  /**
   * Changes a configuration, and with it everything that has it attached: dynamic parameters take effect at once, a static
   * one makes instances and groups RESTART_REQUIRED. `replace: true` removes the values that are not named.
   * @example
   * ```ts
   * sim.updateConfiguration(configuration.id, { values: { innodb_log_file_size: 48 } });
   * ```
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `configuration-change`, `configuration-size`
   * @throws InvalidStatusError `configuration-users-status`
   */
  updateConfiguration(
    configurationId: string,
    changes: Omit<InputOf<"updateConfiguration">, "configurationId">,
  ): Configuration {
    return this.run("updateConfiguration", mergeUntrusted(changes, { configurationId }));
  }

  /**
   * Deletes a configuration that nothing has attached.
   * @throws InvalidInputError
   * @throws NotFoundError `configuration-exists`
   * @throws RuleViolationError `configuration-unused`
   * @throws InvalidStatusError `configuration-users-leaving`
   */
  deleteConfiguration(configurationId: string): void {
    this.run("deleteConfiguration", { configurationId });
  }

  /**
   * Attaches a configuration; a parameter that is not dynamic makes it RESTART_REQUIRED.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `configuration-exists`
   * @throws RuleViolationError `not-ha-member`, `one-configuration`, `configuration-fits`
   * @throws InvalidStatusError `configuration-status`
   */
  attachConfiguration(instanceId: string, configurationId: string): Instance {
    return this.run("attachConfiguration", { instanceId, configurationId });
  }

  /**
   * Detaches the configuration of an instance; the defaults hold again.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`
   * @throws InvalidStatusError `configuration-status`
   */
  detachConfiguration(instanceId: string): Instance {
    return this.run("detachConfiguration", { instanceId });
  }

  /**
   * Makes databases, at a source and all that follow it.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-read-replica`, `unique-databases`, `database-name-available`
   * @throws InvalidStatusError `write-status`
   */
  createDatabases(
    instanceId: string,
    databases: readonly InputOf<"createDatabases">["databases"][number][],
  ): Instance {
    return this.run("createDatabases", { instanceId, databases });
  }

  /**
   * The databases of an instance.
   * @throws NotFoundError `instance-exists`
   */
  listDatabases(instanceId: string): readonly Database[] {
    return this.instanceIn(this.looking("listDatabases"), instanceId).databases;
  }

  /**
   * Deletes a database.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `database-exists`
   * @throws RuleViolationError `not-read-replica`
   * @throws InvalidStatusError `write-status`
   */
  deleteDatabase(instanceId: string, name: string): Instance {
    return this.run("deleteDatabase", { instanceId, name });
  }

  /**
   * Makes users, at a source and all that follow it. They may be given databases that are still to come.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-read-replica`, `unique-users`, `user-name-available`
   * @throws InvalidStatusError `write-status`
   */
  createUsers(
    instanceId: string,
    users: readonly InputOf<"createUsers">["users"][number][],
  ): Instance {
    return this.run("createUsers", { instanceId, users });
  }

  /**
   * The users of an instance.
   * @throws NotFoundError `instance-exists`
   */
  listUsers(instanceId: string): readonly DatabaseUser[] {
    return this.instanceIn(this.looking("listUsers"), instanceId).users;
  }

  /**
   * Deletes a user, by name and host.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `user-exists`
   * @throws RuleViolationError `not-read-replica`
   * @throws InvalidStatusError `write-status`
   */
  deleteUser(instanceId: string, name: string, host = "%"): Instance {
    return this.run("deleteUser", { instanceId, name, host });
  }
}

const listBackupsField = record<ListBackupsOptions>({
  rule: "list-options",
  source: "§4.5 [docs]",
  of: {
    ...pagingFields,
    ownerId: optional(
      string({
        rule: "list-filter",
        source: "§4.4 [docs]",
        says: "the id of an instance or a group",
      }),
    ),
    datastoreType: optional(
      string({ rule: "list-filter", source: "§4.4 [docs]", says: "a type of datastore, as mysql" }),
    ),
  },
});
