import type { CommandOf } from "../../domain/commandTypes.js";
import type { Instance } from "../../domain/entities.js";
import { databasesFrom, usersFrom } from "../../domain/normalizeInputs.js";
import { replicasOf } from "../../topology/queries.js";
import {
  createDatabasesRules,
  createUsersRules,
  deleteDatabaseRules,
  deleteUserRules,
} from "../../topology/rules/databases.js";
import type { Transaction } from "../transaction.js";
import type { Implementations } from "./implementation.js";
import { change } from "./instances.js";
import { requireInstance } from "./lookups.js";

/** Commands on databases and database users. */
export const databaseImplementations = {
  createDatabases: {
    rules: createDatabasesRules,
    decide: createDatabases,
  },
  deleteDatabase: {
    rules: deleteDatabaseRules,
    decide: deleteDatabase,
  },
  createUsers: {
    rules: createUsersRules,
    decide: createUsers,
  },
  deleteUser: {
    rules: deleteUserRules,
    decide: deleteUser,
  },
} satisfies Implementations;

/** Creates databases at the source and at all its replicas. */
function createDatabases(moment: Transaction, command: CommandOf<"createDatabases">): void {
  const source = requireInstance(moment, command);
  replicate(moment, source, {
    databases: [...source.databases, ...databasesFrom(command.databases)],
  });
}

/** Deletes a database, and the access of all users to it. */
function deleteDatabase(moment: Transaction, command: CommandOf<"deleteDatabase">): void {
  const source = requireInstance(moment, command);
  replicate(moment, source, {
    databases: source.databases.filter(({ name }) => name !== command.name),
    users: source.users.map((user) => ({
      ...user,
      databases: user.databases.filter((name) => name !== command.name),
    })),
  });
}

/** Creates users at the source and at all its replicas. */
function createUsers(moment: Transaction, command: CommandOf<"createUsers">): void {
  const source = requireInstance(moment, command);
  replicate(moment, source, { users: [...source.users, ...usersFrom(command.users)] });
}

/** Deletes a user by name and host. */
function deleteUser(moment: Transaction, command: CommandOf<"deleteUser">): void {
  const { name, host = "%" } = command;
  const source = requireInstance(moment, command);
  replicate(moment, source, {
    users: source.users.filter((user) => user.name !== name || user.host !== host),
  });
}

function replicate(
  moment: Transaction,
  source: Instance,
  changes: Partial<Pick<Instance, "databases" | "users">>,
): void {
  for (const instance of [source, ...replicasOf(moment.context.topology, source)]) {
    change(moment, instance, changes);
  }
}
