import { commands } from "./commands.js";
import type { CommandType, InputOf } from "./commandTypes.js";
import type { Field } from "./fields.js";

/** What each command takes: the one schema of the project. Docs, arbitraries and the HTTP schemas read it too. */
export const commandFields = Object.fromEntries(
  Object.entries(commands).map(([type, { input }]) => [type, input]),
  // Each entry has the field of the command that it is named by.
) as { readonly [K in CommandType]: Field<InputOf<K>> };
