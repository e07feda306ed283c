import type { Commands, CommandType } from "../../model/commandTypes.js";
import { backupCommands } from "../backups/backupCommands.js";
import { configurationCommands } from "../configurations/configurationCommands.js";
import { databaseCommands } from "../databases/databaseCommands.js";
import { failoverCommands } from "../failover/failoverCommands.js";
import { faultCommands } from "../faults/faultCommands.js";
import { haGroupCommands } from "../haGroups/haGroupCommands.js";
import { instanceCommands } from "../instances/instanceCommands.js";
import { replicaCommands } from "../replication/replicaCommands.js";
import { scheduleCommands } from "../schedules/scheduleCommands.js";
import { workloadCommands } from "../workload/workloadCommands.js";
import type { CommandDeclaration, ResultTypes } from "./command.js";

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
