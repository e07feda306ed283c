import { startStacksAtCallers } from "../../domain/callerStack.js";
import type { Command, ResultOf } from "../../domain/commandTypes.js";
import { formatValue, NotFoundError, type ReplicationError } from "../../domain/errors.js";
import { labelledWords, placeOfLabel } from "../../topology/labels.js";
import { VerbBase } from "./base.js";
import { type Result, tryMethods } from "./result.js";
import { RowMethods } from "./rows.js";

/** The name of a method that `try` has in a form that does not throw. */
export type MethodName = Exclude<
  keyof AccountClient,
  "accountId" | "role" | "try" | "view" | "state" | "toString" | "toJSON" | symbol
>;

/** Every method, returning its `ReplicationError` instead of throwing it. */
export type TryMethods = {
  readonly [K in MethodName]: (
    ...args: Parameters<AccountClient[K]>
  ) => Result<ReturnType<AccountClient[K]>>;
};

/**
 * The operations of the API for one account. Every method validates its input and the rules first and throws
 * a `ReplicationError` when either refuses; nothing has changed then. Rows that come back belong to the moment:
 * frozen for the immutable store, live for the in-place one.
 */
export class AccountClient extends RowMethods {
  static {
    startStacksAtCallers(this.prototype, VerbBase.prototype);
  }

  #attempts: TryMethods | undefined;

  /** The same methods, returning `{ ok, value }` or `{ ok, error }` instead of throwing. */
  get try(): TryMethods {
    // Each entry wraps the method of the same name.
    this.#attempts ??= tryMethods<MethodName>(this, methodNames()) as TryMethods;
    return this.#attempts;
  }

  /**
   * The id of what its creator gave this label.
   * @throws NotFoundError `label-exists`, where nothing has it yet, or what had it is gone
   */
  idOf(label: string): string {
    const found = this.view.labelled(label);
    if (found !== undefined) return found.id;
    const { topology } = this.world;
    const { accountId } = this;
    const place =
      typeof label === "string" ? placeOfLabel(topology, { accountId, label }) : undefined;
    const why =
      place === undefined
        ? "nothing has the label"
        : place === null
          ? "a member is still to be built that has the label"
          : `the ${labelledWords[place.kind]} is gone that had the label`;
    throw new NotFoundError({
      code: "itemNotFound",
      rule: "label-exists",
      message: `${why} ${formatValue(label)}`,
      field: "label",
      value: label,
    });
  }

  /**
   * Executes a command that is plain data, as it stands in a journal.
   * @throws InvalidInputError and all errors of the command's own method
   */
  execute<C extends Command>(command: C): ResultOf<C["type"]> {
    const { line, command: read } = this.world.executeAny(this, command);
    return this.resultOf<C["type"]>(read.type, read, line.facts);
  }

  /** Everything that would refuse a command now, in the order of the rule book; nothing is executed. */
  check(command: Command): readonly ReplicationError[] {
    return this.world.check(this, command);
  }
}

/** Every method that an account has: those of all classes between the account and what they stand on. */
function methodNames(): readonly MethodName[] {
  const names: string[] = [];
  let prototype: object = AccountClient.prototype;
  while (prototype !== VerbBase.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== "constructor" && typeof value === "function") names.push(name);
    }
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  // Protected methods are those of the base alone.
  return names as MethodName[];
}
