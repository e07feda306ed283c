import type { InputOf } from "../commandTypes.js";
import { optional, required } from "../fields.js";
import { change, govern } from "../operationPolicy.js";
import { calledField, databases, host, instanceId, users } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Commands on databases and database users. */
export const databaseCommands = {
  createDatabases: command({
    input: input<InputOf<"createDatabases">>({ instanceId, databases: required(databases) }),
    ...change("databases"),
    result: "instance",
  }),
  deleteDatabase: command({
    input: input<InputOf<"deleteDatabase">>({ instanceId, name: required(calledField) }),
    ...govern("databases"),
    result: "instance",
  }),
  createUsers: command({
    input: input<InputOf<"createUsers">>({ instanceId, users: required(users) }),
    ...change("users"),
    result: "instance",
  }),
  deleteUser: command({
    input: input<InputOf<"deleteUser">>({
      instanceId,
      name: required(calledField),
      host: optional(host),
    }),
    ...govern("users"),
    result: "instance",
  }),
} as const;
