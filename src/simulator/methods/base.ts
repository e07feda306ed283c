import type { CommandInputs, CommandType } from "../../domain/commands.js";
import { record } from "../../domain/compositeFields.js";
import type { Place } from "../../domain/entities.js";
import { formatId, NotFoundError } from "../../domain/errors.js";
import type { Fact } from "../../domain/facts.js";
import { type Field, integer, optional, string } from "../../domain/fields.js";
import type { ReadOperation, Role } from "../../domain/operations.js";
import { readValue } from "../../domain/parseCommand.js";
import type { IdKind } from "../../engine/keyedRandom.js";
import type { OwnId, Page } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";
import type { Caller } from "../caller.js";
import { redactForAccount } from "../redactRow.js";
import type { World } from "../world.js";
import type { WorldRef } from "../worldRef.js";
import { AccountView } from "./accountView.js";
import { type CommandResults, resultOf } from "./results.js";

/** Which page of a listing: at most `limit` items after the id `marker`. */
export interface ListOptions {
  /** Most items; the service's page size where it is larger or left out. */
  readonly limit?: number;
  /** The last id of the page before. */
  readonly marker?: string;
}

/** What every group of verbs stands on: a world, and the account that the verbs act for. */
export class VerbBase {
  /** The account that these verbs act for. */
  readonly accountId: string;
  /** What these verbs may do in the account (§7). */
  readonly role: Role;
  /** @internal */
  protected readonly ground: WorldRef;

  /** @internal */
  constructor(ground: WorldRef, { accountId, role }: Caller) {
    this.ground = ground;
    this.accountId = accountId;
    this.role = role;
  }

  /** The account's rows and what the service offers, for whoever shows them: nothing is refused or counted. */
  get view(): AccountView {
    return new AccountView(this.ground, this.accountId, (row) => this.show(row));
  }

  /** @internal */
  protected get world(): World {
    return this.ground.world;
  }

  /** One command through the one door, and the row that it was about. @internal */
  protected run<K extends CommandType>(type: K, input: CommandInputs[K]): CommandResults[K] {
    const { facts } = this.world.execute(this, type, input);
    return this.resultOf(type, input, facts);
  }

  /** What a command that was accepted gives back. @internal */
  protected resultOf<K extends CommandType>(
    type: K,
    input: object,
    facts: readonly Fact[],
  ): CommandResults[K] {
    const { topology } = this.world;
    const result = resultOf(type, { input, facts, topology, accountId: this.accountId });
    // A command gives back a row, or nothing, or something else that tells of nobody's rows.
    return (isRow(result) ? this.show(result) : result) as CommandResults[K];
  }

  /** A row as these verbs may show it: a tenant sees nothing that counts the things of others. @internal */
  protected show<Row extends Place>(row: Row): Row {
    return redactForAccount(row);
  }

  /** @internal */
  protected showPage<Row extends Place>(page: Page<Row>): Page<Row> {
    return { ...page, items: page.items.map((row) => this.show(row)) };
  }

  /** What the account has now, for an operation that looks. @internal */
  protected looking(operation: ReadOperation): Topology {
    this.world.look(this, operation);
    return this.world.topology;
  }

  /** An id as this account means it. What is no text is the id of nothing. @internal */
  protected own(id: unknown): OwnId {
    return { accountId: this.accountId, id: typeof id === "string" ? id : "" };
  }

  /** @internal */
  protected read<T>(field: Field<T>, value: unknown): T {
    return readValue(field, value, { path: "input", limits: this.world.settings.limits });
  }

  /** A larger page than the service gives is a page of the service's size (§4.5). @internal */
  protected pageOf({ limit, marker }: ListOptions): {
    readonly limit: number;
    readonly marker?: string | undefined;
  } {
    const { maxPageSize } = this.world.settings.limits;
    return { limit: Math.min(limit ?? maxPageSize, maxPageSize), marker };
  }
}

const source = "§4.5 [docs]";

/** The fields of every listing's options. */
export const pagingFields = {
  limit: optional(integer({ rule: "page-limit", source, min: 1, max: Number.MAX_SAFE_INTEGER })),
  marker: optional(
    string({ rule: "page-marker", source, says: "the id of the last item of the page before" }),
  ),
};

/** The options of a listing that has no filters. */
export const listField = record<ListOptions>({ rule: "list-options", source, of: pagingFields });

function isRow(result: unknown): result is Place {
  return typeof result === "object" && result !== null && "accountOrdinal" in result;
}

/** Refuses an id that this account does not have. */
export function unknownId(kind: IdKind, id: unknown): never {
  const word = kind === "group" ? "HA group" : kind;
  throw new NotFoundError({
    code: "itemNotFound",
    rule: `${kind}-exists`,
    message: `${word} ${formatId(id)} was not found`,
    field: `${kind}Id`,
    value: id,
  });
}
