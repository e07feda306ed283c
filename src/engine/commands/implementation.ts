import type { CommandOf, CommandType } from "../../domain/commandTypes.js";
import type { Rule } from "../../topology/rules/rule.js";
import type { Transaction } from "../transaction.js";

/** What a command leads to, and what forbids it. */
export interface CommandImplementation<K extends CommandType> {
  /** In the order in which a caller hears of them. */
  readonly rules: readonly Rule<CommandOf<K>>[];
  /** The facts of the command, once no rule refuses it. */
  readonly decide: (moment: Transaction, command: CommandOf<K>) => void;
}

/** Those of some commands, by their names. */
export type Implementations = { readonly [K in CommandType]?: CommandImplementation<K> };
