import { replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { FactOf } from "../../model/facts.js";
import type { Implementations } from "../commands/implementation.js";
import { requireInstance } from "../shared/lookups.js";
import {
  createDatabasesRules,
  createUsersRules,
  deleteDatabaseRules,
  deleteUserRules,
} from "./databaseRules.js";
import { databasesFrom, usersFrom } from "./normalizeInputs.js";

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

/** Creates databases at the source and its replicas. */
function createDatabases(moment: Transaction, command: CommandOf<"createDatabases">): void {
  const added = databasesFrom(command.databases);
  replicate(moment, command, { type: "DatabasesChanged", added, removed: [] });
}

/** Removes a database, and with it the access of users to it. */
function deleteDatabase(moment: Transaction, command: CommandOf<"deleteDatabase">): void {
  replicate(moment, command, { type: "DatabasesChanged", added: [], removed: [command.name] });
}

/** Creates users at the source and its replicas. */
function createUsers(moment: Transaction, command: CommandOf<"createUsers">): void {
  replicate(moment, command, {
    type: "UsersChanged",
    added: usersFrom(command.users),
    removed: [],
  });
}

/** Removes a user, by name and host. */
function deleteUser(moment: Transaction, command: CommandOf<"deleteUser">): void {
  const { name, host = "%" } = command;
  replicate(moment, command, { type: "UsersChanged", added: [], removed: [{ name, host }] });
}

type ContentChange =
  | Omit<FactOf<"DatabasesChanged">, "id" | "row">
  | Omit<FactOf<"UsersChanged">, "id" | "row">;

/** Emits what has changed and not all that there is, because an instance may have very many databases and users. */
function replicate(
  moment: Transaction,
  command: { readonly instanceId: string },
  change: ContentChange,
): void {
  const source = requireInstance(moment, command);
  for (const { id, ordinal: row } of [source, ...replicasOf(moment.context.topology, source)]) {
    moment.emit({ ...change, id, row });
  }
}
