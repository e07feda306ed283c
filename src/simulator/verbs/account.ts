import type { Command } from "../../domain/commands.js";
import type { ReplicationError } from "../../domain/errors.js";
import { type Attempts, attemptsOf } from "./attempts.js";
import { OperatorVerbs } from "./operator.js";
import { type CommandResults, resultOf } from "./results.js";

/**
 * The operations of the API, as one account sees them. Every verb checks its input and the rules first and throws
 * a `ReplicationError` when either refuses; nothing has changed then. Rows that come back belong to the moment:
 * frozen for the immutable store, live for the in-place one.
 */
export class AccountVerbs extends OperatorVerbs {
  #attempts: Attempts | undefined;

  /** The same verbs in a form that gives `{ ok, value }` or `{ ok, error }` instead of throwing. */
  get try(): Attempts {
    this.#attempts ??= attemptsOf(this);
    return this.#attempts;
  }

  /**
   * Executes a command that is plain data, as it stands in a journal.
   * @throws InvalidInputError and whatever the verb of the command throws
   */
  execute<C extends Command>(command: C): CommandResults[C["type"]] {
    const { line, command: read } = this.world.executeAny(this, command);
    const { present: topology, accountId } = this;
    return resultOf<C["type"]>(read.type, { input: read, facts: line.facts, topology, accountId });
  }

  /** Everything that would refuse a command now, in the order of the rule book; nothing is executed. */
  check(command: Command): readonly ReplicationError[] {
    return this.world.check(this, command);
  }
}
