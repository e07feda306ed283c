import type { Transaction } from "../kernel/transaction.js";
import type { Command, CommandOf, CommandType } from "../model/commandTypes.js";
import { backupImplementations } from "./backups/decideBackups.js";
import { commands } from "./commands/commands.js";
import type { CommandImplementation } from "./commands/implementation.js";
import { configurationImplementations } from "./configurations/decideConfigurations.js";
import { databaseImplementations } from "./databases/decideDatabases.js";
import { failoverImplementations } from "./failover/decideFailover.js";
import { faultImplementations } from "./faults/decideFaults.js";
import { groupImplementations } from "./haGroups/decideConversion.js";
import { haGroupImplementations } from "./haGroups/decideHaGroups.js";
import { instanceImplementations } from "./instances/decideInstances.js";
import { replicaImplementations } from "./replication/decideReplicas.js";
import { scheduleImplementations } from "./schedules/decideSchedules.js";
import type { Rule } from "./shared/rule.js";
import { workloadImplementations } from "./workload/decideWorkload.js";

/** Rules and decision of every command. A command of `service/commands/commands` that is missing here does not compile. */
const implementations: { readonly [K in CommandType]: CommandImplementation<K> } = {
  ...instanceImplementations,
  ...replicaImplementations,
  ...haGroupImplementations,
  ...groupImplementations,
  ...failoverImplementations,
  ...configurationImplementations,
  ...scheduleImplementations,
  ...backupImplementations,
  ...databaseImplementations,
  ...workloadImplementations,
  ...faultImplementations,
};

/** The rules of each command, in the order in which they are checked. */
export const ruleBook = Object.fromEntries(
  (Object.keys(commands) as CommandType[]).map((type) => [type, implementations[type].rules]),
  // Each entry has the rules of the command that is its key.
) as { readonly [K in CommandType]: readonly Rule<CommandOf<K>>[] };

/** Rules and decision of a command. */
export function implementationOf<C extends Command>(command: C): RulesAndDecision<C> {
  // Found by the command's own type. TypeScript cannot correlate the two unions.
  return implementations[command.type] as unknown as RulesAndDecision<C>;
}

interface RulesAndDecision<C extends Command> {
  readonly rules: readonly Rule<C>[];
  readonly decide: (moment: Transaction, command: C) => void;
}
