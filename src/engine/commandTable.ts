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
import { scheduleImplementations } from "./commands/schedules.js";
import { workloadImplementations } from "./commands/workload.js";
import type { Transaction } from "./transaction.js";

/** Rules and decision of every command. One that is declared in `domain/commands` and is not here does not compile. */
const implementations: { readonly [K in CommandType]: CommandImplementation<K> } = {
  ...instanceImplementations,
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

/** The rule book: for each command its rules, in the order in which a caller hears of them. */
export const ruleBook = Object.fromEntries(
  (Object.keys(commands) as CommandType[]).map((type) => [type, implementations[type].rules]),
  // Each entry has the rules of the command that it is named by.
) as { readonly [K in CommandType]: readonly Rule<CommandOf<K>>[] };

/** Rules and decision of a command. */
export function implementationOf<C extends Command>(command: C): RulesAndDecision<C> {
  // Found by the command's own type; TypeScript cannot join the two halves of the union.
  return implementations[command.type] as unknown as RulesAndDecision<C>;
}

interface RulesAndDecision<C extends Command> {
  readonly rules: readonly Rule<C>[];
  readonly decide: (moment: Transaction, command: C) => void;
}
