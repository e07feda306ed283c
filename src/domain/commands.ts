import { backupCommands } from "./commands/backups.js";
import type { CommandDeclaration, ResultTypes } from "./commands/command.js";
import { configurationCommands } from "./commands/configurations.js";
import { databaseCommands } from "./commands/databases.js";
import { failoverCommands } from "./commands/failover.js";
import { faultCommands } from "./commands/faults.js";
import { haGroupCommands } from "./commands/haGroups.js";
import { instanceCommands } from "./commands/instances.js";
import { replicaCommands } from "./commands/replicas.js";
import { scheduleCommands } from "./commands/schedules.js";
import { workloadCommands } from "./commands/workload.js";
import type { Commands, CommandType } from "./commandTypes.js";

/** Declarations that match the inputs and results of `Commands`. */
type Declarations = {
  readonly [K in CommandType]: CommandDeclaration<
    Commands[K]["input"],
    // Checked in both directions: a declaration and the type of its command are equal.
    {
      [R in keyof ResultTypes]: [ResultTypes[R], Commands[K]["result"]] extends [
        Commands[K]["result"],
        ResultTypes[R],
      ]
        ? R
        : never;
    }[keyof ResultTypes]
  >;
};

/**
 * Every command. Schema, roles, rates and results are derived from this list. The rules and the decision of a command
 * are in `engine/commands`, under the same name.
 */
export const commands = {
  ...instanceCommands,
  ...replicaCommands,
  ...haGroupCommands,
  ...failoverCommands,
  ...scheduleCommands,
  ...backupCommands,
  ...configurationCommands,
  ...databaseCommands,
  ...workloadCommands,
  ...faultCommands,
} satisfies Declarations;
