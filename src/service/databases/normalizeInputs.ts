import type { InputOf } from "../../model/commandTypes.js";
import type { Database, DatabaseUser } from "../instances/instance.model.js";

/** Returns databases with defaults applied (§1.1). */
export function databasesFrom(
  inputs: readonly InputOf<"createDatabases">["databases"][number][] = [],
): readonly Database[] {
  return inputs.map(({ name, characterSet = "utf8", collate = "utf8_general_ci" }) => ({
    name,
    characterSet,
    collate,
  }));
}

/** Returns users with defaults applied and without passwords (§1.1). */
export function usersFrom(
  inputs: readonly InputOf<"createUsers">["users"][number][] = [],
): readonly DatabaseUser[] {
  return inputs.map(({ name, host = "%", databases = [] }) => ({ name, host, databases }));
}
