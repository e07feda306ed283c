import { backupCommands } from "./commands/backups.js";
import type { ResultTypes } from "./commands/command.js";
import { configurationCommands } from "./commands/configurations.js";
import { databaseCommands } from "./commands/databases.js";
import { faultCommands } from "./commands/faults.js";
import { haGroupCommands } from "./commands/haGroups.js";
import { instanceCommands } from "./commands/instances.js";
import { workloadCommands } from "./commands/workload.js";
import type { Infer } from "./fields.js";

/**
 * Every command. Types, schema, roles, rates and results are derived from this list; what a command leads to and which
 * rules refuse it stands in `engine/commands`, under the same name.
 */
export const commands = {
  ...instanceCommands,
  ...haGroupCommands,
  ...backupCommands,
  ...configurationCommands,
  ...databaseCommands,
  ...workloadCommands,
  ...faultCommands,
};

/** The name of a command. */
export type CommandType = keyof typeof commands;

/** Every command by its name, with what it takes. */
export type CommandInputs = {
  readonly [K in CommandType]: Infer<(typeof commands)[K]["input"]>;
};

/** Every command by its name, with what it gives back. */
export type CommandResults = {
  readonly [K in CommandType]: ResultTypes[(typeof commands)[K]["result"]];
};

/** What a caller asks: plain data, as it stands in the journal. */
export type Command = {
  readonly [K in CommandType]: { readonly type: K } & CommandInputs[K];
}[CommandType];

/** One kind of command. */
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>;
