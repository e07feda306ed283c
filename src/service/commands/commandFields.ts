import type { CommandType, InputOf } from "../../model/commandTypes.js";
import type { Field } from "../../model/schema/fields.js";
import { commands } from "./commands.js";

/**
 * The input schema of each command, the only one of the project. Docs, arbitraries and HTTP schemas read it as well.
 */
export const commandFields = Object.fromEntries(
  Object.entries(commands).map(([type, { input }]) => [type, input]),
  // Each entry has the field of the command that is its key.
) as { readonly [K in CommandType]: Field<InputOf<K>> };
