import { accountOf } from "../kernel/queries.js";
import type { Transaction } from "../kernel/transaction.js";
import type { Command } from "../model/commandTypes.js";
import { implementationOf } from "./commandTable.js";
import { runReactions } from "./reactions.js";
import { firstRefusal } from "./shared/refusals.js";

/**
 * Decides a command: the first rule that forbids it refuses it, otherwise its facts are emitted in `moment`. If it
 * throws, nothing has changed.
 * @throws ReplicationError by the rules of the command
 */
export function decide(moment: Transaction, command: Command): void {
  const { rules, decide: decideCommand } = implementationOf(command);
  const refusal = firstRefusal(rules, command, moment.context);
  if (refusal !== undefined) throw refusal;
  const { topology, accountId } = moment.context;
  if (accountOf(topology, accountId) === undefined)
    moment.emit({ type: "AccountOpened", accountId });
  decideCommand(moment, command);
  runReactions(moment);
}
