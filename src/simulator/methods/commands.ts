import { labelledRow, labelledWords, placeOfLabel } from "../../kernel/labels.js";
import type { Command, ResultOf } from "../../model/commandTypes.js";
import { formatValue, NotFoundError, type ReplicationError } from "../../model/errors.js";
import type { PartOf } from "../clientKernel.js";

/** Any command as plain data, and labels. None of these is an operation of the API. */
export interface CommandMethods {
  /**
   * Returns the id of the resource that was created with this label.
   *
   * @example
   * ```ts
   * const created = sim.createInstance({ flavorId: 2, volumeGb: 10, label: "orders" });
   * console.log(sim.idOf("orders") === created.id); // true
   * ```
   * @param label - the label that was given at creation
   * @returns the id
   * @throws NotFoundError `label-exists`, where nothing has it yet, or what had it is gone
   */
  idOf(label: string): string;

  /**
   * Executes a command that is plain data, as the journal has it.
   *
   * @example
   * ```ts
   * const source = sim.execute({ type: "createInstance", name: "orders", flavorId: 2, volumeGb: 10 });
   * ```
   * @param command - the input of a method, and its name as `type`
   * @returns what the method of that name returns
   * @throws InvalidInputError and all errors of the command's own method
   */
  execute<C extends Command>(command: C): ResultOf<C["type"]>;

  /**
   * Returns every error that a command would be refused with now, in the order of the rules; nothing is executed.
   *
   * @example
   * ```ts
   * const refusals = sim.check({ type: "restartInstance", instanceId: source.id });
   * console.log(refusals.map(({ rule }) => rule)); // []
   * ```
   * @param command - the input of a method, and its name as `type`
   * @returns an empty list for a command that would be accepted
   */
  check(command: Command): readonly ReplicationError[];
}

/** The implementation, given the kernel of a client. */
export const commandMethods: PartOf<CommandMethods> = {
  idOf: ({ accountId, world }, label) => {
    const { topology } = world;
    const place =
      typeof label === "string" ? placeOfLabel(topology, { accountId, label }) : undefined;
    const row = place === undefined || place === null ? undefined : labelledRow(topology, place);
    if (row !== undefined) return row.id;
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
  },
  execute: (client, command) => {
    const { line, command: read } = client.world.executeAny(client, command);
    return client.resultOf(read.type, read, line.facts);
  },
  check: (client, command) => client.world.check(client, command),
};
