import { type InputOf } from "../../model/commandTypes.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";

/** Operations on databases and their users. */
export interface DatabaseMethods {
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
  ): Instance;

  /**
   * The databases of an instance.
   * @throws NotFoundError `instance-exists`
   */
  listDatabases(instanceId: string): Instance["databases"];

  /**
   * Deletes a database.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`, `database-exists`
   * @throws RuleViolationError `not-read-replica`
   * @throws InvalidStatusError `write-status`
   */
  deleteDatabase(instanceId: string, name: string): Instance;

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
  ): Instance;

  /**
   * The users of an instance.
   * @throws NotFoundError `instance-exists`
   */
  listUsers(instanceId: string): Instance["users"];

  /**
   * Deletes a user, by name and host.
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
