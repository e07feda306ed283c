import type { Database, DatabaseUser } from "./entities.js";
import type { DatabaseInput, UserInput } from "./inputParts.js";

/** Databases as they are kept: defaults filled in (§1.1). */
export function databasesFrom(inputs: readonly DatabaseInput[] = []): readonly Database[] {
  return inputs.map(({ name, characterSet = "utf8", collate = "utf8_general_ci" }) => ({
    name,
    characterSet,
    collate,
  }));
}

/** Users as they are kept: defaults filled in, no password (§1.1). */
export function usersFrom(inputs: readonly UserInput[] = []): readonly DatabaseUser[] {
  return inputs.map(({ name, host = "%", databases = [] }) => ({ name, host, databases }));
}
