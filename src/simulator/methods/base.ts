import { rowsOf } from "../../collections/table.js";
import type { CommandType, InputOf, ResultOf } from "../../domain/commandTypes.js";
import { record } from "../../domain/compositeFields.js";
import type { HaGroup, Instance, Place } from "../../domain/entities.js";
import { formatId, NotFoundError } from "../../domain/errors.js";
import type { Fact } from "../../domain/facts.js";
import { type Field, integer, optional, string } from "../../domain/fields.js";
import type { Role } from "../../domain/operationPolicy.js";
import type { ReadOperation } from "../../domain/operations.js";
import { readValue } from "../../domain/parseCommand.js";
import type { IdKind } from "../../engine/keyedRandom.js";
import { clockFormat } from "../../outline/formatTime.js";
import type { TopologyView } from "../../outline/groupInstances.js";
import { treeLines } from "../../outline/treeLines.js";
import { groupOf, instanceOf, type OwnId, type Page } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";
import type { Caller } from "../caller.js";
import { redactForAccount } from "../redactRow.js";
import type { RefusalListener } from "../subscribers.js";
import type { World } from "../world.js";
import type { WorldRef } from "../worldRef.js";
import { AccountView } from "./accountView.js";
import { resultOf } from "./results.js";

/** Which page of a listing: at most `limit` items after the id `marker`. */
export interface ListOptions {
  /** Most items; the service's page size where it is larger or left out. */
  readonly limit?: number;
  /** The last id of the page before. */
  readonly marker?: string;
}

const stateProperty: PropertyDescriptor = {
  enumerable: true,
  get(this: VerbBase) {
    return VerbBase.stateOf(this);
  },
};

/** Base of all groups of methods: a world, and the account that the methods work in. */
export class VerbBase {
  /** The account that these methods work in. */
  readonly accountId: string;
  /** The role of these methods in the account. */
  readonly role: Role;
  /**
   * Everything that this client can see now, as plain data. It exists so that equality assertions compare simulations:
   * `expect(a).toEqual(b)`, `assert.deepStrictEqual(a, b)` and snapshot matchers read it. O(n).
   */
  declare readonly state: Readonly<Record<string, unknown>>;
  readonly #ground: WorldRef;

  /** @internal */
  constructor(ground: WorldRef, { accountId, role }: Caller) {
    this.#ground = ground;
    this.accountId = accountId;
    this.role = role;
    // Matchers look at own enumerable properties only.
    Object.defineProperty(this, "state", stateProperty);
  }

  /** @internal */
  protected get ground(): WorldRef {
    return this.#ground;
  }

  /** Returns the account's topology as a tree of text, under a line with the virtual time. */
  toString(): string {
    return this.describe({ accountId: this.accountId });
  }

  /** Returns the virtual time and the topology as lines of text; `JSON.stringify` and snapshot matchers call it. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { accountId, role } = this;
    return { accountId, role, ...this.inspected({ accountId }) };
  }

  /** What `console.log` and `util.inspect` print. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal */
  protected inspected(view: TopologyView): Readonly<Record<string, unknown>> {
    const { now, settings, topology } = this.world;
    const elapsed = clockFormat([now - settings.startAt])(now - settings.startAt);
    return { now, elapsed, topology: treeLines(topology, view) };
  }

  /** @internal */
  protected describe(view: TopologyView): string {
    const { elapsed, topology } = this.inspected(view);
    const lines = topology as readonly string[];
    const title = `${this.constructor.name} at ${String(elapsed)}`;
    return [title, ...(lines.length === 0 ? ["(no instances)"] : lines)].join("\n");
  }

  /** @internal */
  protected plainState(): Readonly<Record<string, unknown>> {
    const { now, topology } = this.world;
    const own = <Row extends Place & { readonly accountId: string }>(
      rows: Iterable<Row>,
    ): readonly Row[] =>
      [...rows].filter((row) => row.accountId === this.accountId).map((row) => this.show(row));
    return {
      now,
      instances: own(rowsOf(topology.instances)),
      groups: own(rowsOf(topology.groups)),
      schedules: own(rowsOf(topology.schedules)),
      backups: own(rowsOf(topology.backups)),
      configurations: own(rowsOf(topology.configurations)),
      faults: own(rowsOf(topology.faults)),
    };
  }

  /** The rows and the catalog of the account, for display: no outage and no rate limit applies. */
  get view(): AccountView {
    return new AccountView(this.ground, this.accountId, (row) => this.show(row));
  }

  /** @internal */
  static stateOf(client: VerbBase): Readonly<Record<string, unknown>> {
    return client.plainState();
  }

  /** Calls `listener` with every refusal of the service that a client uses. @internal */
  static onRefusal(client: VerbBase, listener: RefusalListener): () => void {
    return client.world.onRefusal(listener);
  }

  /** @internal */
  protected get world(): World {
    return this.ground.world;
  }

  /** Executes one command and returns the affected row. @internal */
  protected run<K extends CommandType>(type: K, input: InputOf<K>): ResultOf<K> {
    const { facts } = this.world.execute(this, type, input);
    return this.resultOf(type, input, facts);
  }

  /** What a command that was accepted gives back. @internal */
  protected resultOf<K extends CommandType>(
    type: K,
    input: object,
    facts: readonly Fact[],
  ): ResultOf<K> {
    const { topology } = this.world;
    const result = resultOf(type, { input, facts, topology, accountId: this.accountId });
    // A command returns a row, nothing, or a value that contains no row.
    return (isRow(result) ? this.show(result) : result) as ResultOf<K>;
  }

  /** Returns a row without the fields that would reveal activity of other accounts. @internal */
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
  protected groupIn(topology: Topology, id: string): HaGroup {
    return groupOf(topology, this.own(id)) ?? unknownId("group", id);
  }

  /** @internal */
  protected instanceIn(topology: Topology, id: string): Instance {
    return instanceOf(topology, this.own(id)) ?? unknownId("instance", id);
  }

  /** @internal */
  protected read<T>(field: Field<T>, value: unknown): T {
    return readValue(field, value, { path: "input", limits: this.world.settings.limits });
  }

  /** A larger page than the service gives is a page of the service's size. @internal */
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
    message: `${word} ${formatId(id)} not found`,
    field: `${kind}Id`,
    value: id,
  });
}
