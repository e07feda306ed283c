import type { InputOf } from "../../model/commandTypes.js";
import { change, govern } from "../../model/operationPolicy.js";
import { optional, required } from "../../model/schema/fields.js";
import { calledField, databases, host, instanceId, users } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

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
