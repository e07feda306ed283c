import { optional, required } from "../fields.js";
import type { DatabaseInput, InstanceIdInput, UserInput } from "../inputParts.js";
import { change, govern } from "../operationPolicy.js";
import { calledField, databases, host, instanceId, users } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Databases to make in an instance. */
export interface CreateDatabasesInput extends InstanceIdInput {
  readonly databases: readonly DatabaseInput[];
}

/** Names one database of an instance. */
export interface DeleteDatabaseInput extends InstanceIdInput {
  readonly name: string;
}

/** Users to make in an instance. */
export interface CreateUsersInput extends InstanceIdInput {
  readonly users: readonly UserInput[];
}

/** Names one user of an instance; `host` defaults to `%`. */
export interface DeleteUserInput extends InstanceIdInput {
  readonly name: string;
  readonly host?: string;
}

/** Commands about databases and database users. */
export const databaseCommands = {
  createDatabases: command({
    input: input<CreateDatabasesInput>({ instanceId, databases: required(databases) }),
    ...change("databases"),
    result: "instance",
  }),
  deleteDatabase: command({
    input: input<DeleteDatabaseInput>({ instanceId, name: required(calledField) }),
    ...govern("databases"),
    result: "instance",
  }),
  createUsers: command({
    input: input<CreateUsersInput>({ instanceId, users: required(users) }),
    ...change("users"),
    result: "instance",
  }),
  deleteUser: command({
    input: input<DeleteUserInput>({
      instanceId,
      name: required(calledField),
      host: optional(host),
    }),
    ...govern("users"),
    result: "instance",
  }),
} as const;
