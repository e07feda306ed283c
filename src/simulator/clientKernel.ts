import { groupOf, instanceOf, type OwnId, type Page } from "../kernel/queries.js";
import type { Command, CommandType, InputOf, ResultOf } from "../model/commandTypes.js";
import type { Fact } from "../model/facts.js";
import type { Role } from "../model/operationPolicy.js";
import type { Place } from "../model/rows.js";
import type { Field } from "../model/schema/fields.js";
import type { Topology } from "../model/topology.js";
import type { ReadOperation } from "../service/commands/operations.js";
import { readCommand, readValue } from "../service/commands/parseCommand.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import { type AccountView, accountView, type Show } from "./accountView.js";
import type { Caller } from "./caller.js";
import { type ListOptions, unknownId } from "./methods/listing.js";
import { resultOf } from "./methods/results.js";
import { type Listener, readSubscription, type SubscribeOptions } from "./subscribers.js";
import type { World } from "./world.js";
import type { WorldRef } from "./worldRef.js";

/**
 * Context of every method of a client: the world, the account and role of the caller, and the view of rows. A client
 * has nothing else, so that its methods are written by subject, one file each.
 */
export class ClientKernel {
  /** The world and the origin of its journal: shared by a simulator and its account clients. */
  readonly worldRef: WorldRef;
  readonly accountId: string;
  readonly role: Role;
  readonly show: Show;

  constructor(worldRef: WorldRef, { accountId, role }: Caller, show: Show) {
    this.worldRef = worldRef;
    this.accountId = accountId;
    this.role = role;
    this.show = show;
  }

  get world(): World {
    return this.worldRef.world;
  }

  /** The rows and the catalog of the account, for display. */
  get view(): AccountView {
    return accountView(this.worldRef, this.accountId, this.show);
  }

  /** Executes one command and returns the affected row. */
  run<K extends CommandType>(type: K, input: InputOf<K>): ResultOf<K> {
    const { facts } = this.world.execute(this, type, input);
    return this.resultOf(type, input, facts);
  }

  /** Returns the result of an accepted command. */
  resultOf<K extends CommandType>(type: K, input: object, facts: readonly Fact[]): ResultOf<K> {
    const { topology } = this.world;
    const result = resultOf(type, { input, facts, topology, accountId: this.accountId });
    // A command returns a row, nothing, or a value that contains no row.
    return (isRow(result) ? this.show(result) : result) as ResultOf<K>;
  }

  showPage<Row extends Place>(page: Page<Row>): Page<Row> {
    return { ...page, items: page.items.map((row) => this.show(row)) };
  }

  /** Counts a read operation, or refuses it; returns the topology that it reads. */
  looking(operation: ReadOperation): Topology {
    this.world.look(this, operation);
    return this.world.topology;
  }

  /** Returns an id in this account. A value that is not a string is the id of nothing. */
  own(id: unknown): OwnId {
    return { accountId: this.accountId, id: typeof id === "string" ? id : "" };
  }

  groupIn(topology: Topology, id: string): HaGroup {
    return groupOf(topology, this.own(id)) ?? unknownId("group", id);
  }

  instanceIn(topology: Topology, id: string): Instance {
    return instanceOf(topology, this.own(id)) ?? unknownId("instance", id);
  }

  read<T>(field: Field<T>, value: unknown): T {
    return readValue(field, value, { path: "input", limits: this.world.settings.limits });
  }

  /** Limits a page to the page size of the service. */
  pageOf({ limit, marker }: ListOptions): {
    readonly limit: number;
    readonly marker?: string | undefined;
  } {
    const { maxPageSize } = this.world.settings.limits;
    return { limit: Math.min(limit ?? maxPageSize, maxPageSize), marker };
  }
}

/**
 * The methods of an interface as functions: each is given the kernel of the client that it is called on. The methods of a
 * client are such parts, put together; no class inherits from another.
 */
export type PartOf<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => infer Returned
    ? (client: ClientKernel, ...args: Args) => Returned
    : never;
};

const kernelKey = Symbol("kernel");

/** Gives a client its kernel, where only this library finds it. */
export function attachKernel(client: object, kernel: ClientKernel): void {
  Object.defineProperty(client, kernelKey, { value: kernel });
}

/** Returns the kernel of a simulator or an account client, or of a proxy for one; undefined for anything else. */
export function findKernel(value: unknown): ClientKernel | undefined {
  try {
    const found = (value as { readonly [kernelKey]?: unknown })[kernelKey];
    return found instanceof ClientKernel ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the kernel of a simulator or an account client. */
export function kernelOf(client: object): ClientKernel {
  // Every client is given one before its methods can be called.
  return (client as { readonly [kernelKey]: ClientKernel })[kernelKey];
}

/**
 * Parses a command that a simulator or its forks will execute, each of them perhaps, in `executeParsed`.
 * @throws InvalidInputError
 */
export function parseFor<K extends CommandType>(sim: object, type: K, input: InputOf<K>): Command {
  return readCommand(type, input, kernelOf(sim).world.settings.limits);
}

/** Executes a command that `parseFor` has parsed for this simulator, or for one that it is a fork of. */
export function executeParsed(sim: object, command: Command): void {
  const kernel = kernelOf(sim);
  kernel.world.execute(kernel, command.type, command, command);
}

/** Returns the rows of a simulator as they are now, for layers above that read them often: never to be kept or handed out. */
export function topologyOf(sim: object): Topology {
  return kernelOf(sim).world.topology;
}

/**
 * Subscribes a listener that was not validated yet.
 * @param deliver - what is called instead with each change; default the listener
 * @throws InvalidInputError `subscription`
 */
export function subscribeTo(
  { world }: ClientKernel,
  {
    listener,
    options = {},
    deliver = listener as Listener,
  }: {
    readonly listener: unknown;
    readonly options?: SubscribeOptions;
    readonly deliver?: Listener;
  },
): () => void {
  const { settings, store } = world;
  const { givesPatches } = store;
  return world.subscribe(
    deliver,
    readSubscription(listener, options, { limits: settings.limits, givesPatches }),
  );
}

/** Subscribes code of this package, which writes into no entry: entries are frozen only where others subscribe as well. */
export function follow(sim: object, listener: Listener): () => void {
  return kernelOf(sim).world.subscribe(listener, { patches: false, frozen: false });
}

function isRow(result: unknown): result is Place {
  return typeof result === "object" && result !== null && "accountOrdinal" in result;
}
