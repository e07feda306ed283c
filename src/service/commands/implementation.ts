import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf, CommandType } from "../../model/commandTypes.js";
import type { Rule } from "../shared/rule.js";

/** Rules and decision of one command. */
export interface CommandImplementation<K extends CommandType> {
  /** In the order in which they are checked. */
  readonly rules: readonly Rule<CommandOf<K>>[];
  /** Emits the facts of a command that no rule refuses. */
  readonly decide: (moment: Transaction, command: CommandOf<K>) => void;
}

/** Implementations of some commands, by command type. */
export type Implementations = { readonly [K in CommandType]?: CommandImplementation<K> };
