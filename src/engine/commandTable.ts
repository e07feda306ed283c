import { commands } from "../domain/commands.js";
import type { Command, CommandOf, CommandType } from "../domain/commandTypes.js";
import type { Rule } from "../topology/rules/rule.js";
import { backupImplementations } from "./commands/backups.js";
import { configurationImplementations } from "./commands/configurations.js";
import { databaseImplementations } from "./commands/databases.js";
import { failoverImplementations } from "./commands/failover.js";
import { faultImplementations } from "./commands/faults.js";
import { groupImplementations } from "./commands/groups.js";
import { haGroupImplementations } from "./commands/haGroups.js";
import type { CommandImplementation } from "./commands/implementation.js";
import { instanceImplementations } from "./commands/instances.js";
import { replicaImplementations } from "./commands/replicas.js";
import { scheduleImplementations } from "./commands/schedules.js";
import { workloadImplementations } from "./commands/workload.js";
import type { Transaction } from "./transaction.js";

/** Rules and decision of every command. A command of `domain/commands` that is missing here does not compile. */
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
