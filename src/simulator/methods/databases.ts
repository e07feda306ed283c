import { type InputOf } from "../../model/commandTypes.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";

/** Operations on databases and their users. */
export interface DatabaseMethods {
  /**
   * Creates databases on a source and all its replicas.
   *
   * @example
   * ```ts
   * sim.createDatabases(source.id, [{ name: "shop" }]);
   * ```
   * @param instanceId - id of a source or a stand-alone instance
   * @param databases - name, and optional character set and collation of each
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-read-replica`, `unique-databases`, `database-name-available`
   * @throws InvalidStatusError `write-status`
   */
  createDatabases(
    instanceId: string,
    databases: readonly InputOf<"createDatabases">["databases"][number][],
  ): Instance;

  /**
   * Returns the databases of an instance.
   *
   * @example
   * ```ts
   * sim.createDatabases(source.id, [{ name: "shop" }]);
   * console.log(sim.listDatabases(source.id).map(({ name }) => name)); // [ 'shop' ]
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the databases, in order of creation
   * @throws NotFoundError `instance-exists`
   */
  listDatabases(instanceId: string): Instance["databases"];

  /**
   * Deletes a database on a source and all its replicas.
   *
   * @example
   * ```ts
   * sim.createDatabases(source.id, [{ name: "shop" }]);
   * sim.deleteDatabase(source.id, "shop");
   * ```
   * @param instanceId - id of a source or a stand-alone instance
   * @param name - name of the database
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `database-exists`
   * @throws RuleViolationError `not-read-replica`
   * @throws InvalidStatusError `write-status`
   */
  deleteDatabase(instanceId: string, name: string): Instance;

  /**
   * Creates users of the databases on a source and all its replicas. Their databases may be created later.
   *
   * @example
   * ```ts
   * sim.createUsers(source.id, [{ name: "app", password: "secret", databases: ["shop"] }]);
   * ```
   * @param instanceId - id of a source or a stand-alone instance
   * @param users - name and password, and optional host and databases of each
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-read-replica`, `unique-users`, `user-name-available`
   * @throws InvalidStatusError `write-status`
   */
  createUsers(
    instanceId: string,
    users: readonly InputOf<"createUsers">["users"][number][],
  ): Instance;

  /**
   * Returns the users of an instance, without passwords.
   *
   * @example
   * ```ts
   * sim.createUsers(source.id, [{ name: "app", password: "secret" }]);
   * console.log(sim.listUsers(source.id).map(({ name, host }) => `${name}@${host}`)); // [ 'app@%' ]
   * ```
   * @param instanceId - id of an instance of the account
   * @returns the users, in order of creation
   * @throws NotFoundError `instance-exists`
   */
  listUsers(instanceId: string): Instance["users"];

  /**
   * Deletes a user, by name and host.
   *
   * @example
   * ```ts
   * sim.createUsers(source.id, [{ name: "app", password: "secret" }]);
   * sim.deleteUser(source.id, "app");
   * ```
   * @param instanceId - id of a source or a stand-alone instance
   * @param name - name of the user
   * @param host - host of the user; default `%`, any host
   * @returns the instance as it is now, frozen
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `user-exists`
   * @throws RuleViolationError `not-read-replica`
   * @throws InvalidStatusError `write-status`
   */
  deleteUser(instanceId: string, name: string, host?: string): Instance;
}

/** The implementation, given the kernel of a client. */
export const databaseMethods: PartOf<DatabaseMethods> = {
  createDatabases: (client, instanceId, databases) =>
    client.run("createDatabases", { instanceId, databases }),
  listDatabases: (client, instanceId) =>
    client.instanceIn(client.looking("listDatabases"), instanceId).databases,
  deleteDatabase: (client, instanceId, name) => client.run("deleteDatabase", { instanceId, name }),
  createUsers: (client, instanceId, users) => client.run("createUsers", { instanceId, users }),
  listUsers: (client, instanceId) =>
    client.instanceIn(client.looking("listUsers"), instanceId).users,
  deleteUser: (client, instanceId, name, host = "%") =>
    client.run("deleteUser", { instanceId, name, host }),
};
