import { rowsOf } from "../collections/table.js";
import { startStackAtCaller } from "../model/callerStack.js";
import type { Role } from "../model/operationPolicy.js";
import type { Place } from "../model/rows.js";
import { clockFormat } from "../outline/formatTime.js";
import type { TopologyView } from "../outline/groupInstances.js";
import { treeLines } from "../outline/treeLines.js";
import type { AccountView } from "./accountView.js";
import type { Caller } from "./caller.js";
import { attachKernel, ClientKernel, kernelOf } from "./clientKernel.js";
import { type BackupMethods, backupMethods } from "./methods/backups.js";
import { type CatalogMethods, catalogMethods } from "./methods/catalog.js";
import { type CommandMethods, commandMethods } from "./methods/commands.js";
import { type ConfigurationMethods, configurationMethods } from "./methods/configurations.js";
import { type DatabaseMethods, databaseMethods } from "./methods/databases.js";
import { type FaultMethods, faultMethods } from "./methods/faults.js";
import { type HaGroupMethods, haGroupMethods } from "./methods/haGroups.js";
import { type InstanceMethods, instanceMethods } from "./methods/instances.js";
import { type OperatorMethods, operatorMethods } from "./methods/operator.js";
import { type Result, tryMethods } from "./methods/result.js";
import { type RowMethods, rowMethods } from "./methods/rows.js";
import { type WaitMethods, waitMethods } from "./methods/waits.js";
import { type WorkloadMethods, workloadMethods } from "./methods/workload.js";
import { redactForAccount } from "./redactRow.js";
import type { WorldRef } from "./worldRef.js";

/**
 * The operations of the API for one account, and what tests do to it. Every method validates its input and the rules first
 * and throws a `ReplicationError` when either refuses; nothing has changed then. Returned rows show one moment: frozen for
 * the immutable store, copies for the in-place one.
 */
export interface AccountClient
  extends CatalogMethods,
    InstanceMethods,
    HaGroupMethods,
    OperatorMethods,
    BackupMethods,
    ConfigurationMethods,
    DatabaseMethods,
    WorkloadMethods,
    FaultMethods,
    WaitMethods,
    RowMethods,
    CommandMethods {
  /** The account that these methods work in. */
  readonly accountId: string;
  /** The role of these methods in the account. */
  readonly role: Role;
  /**
   * Everything that this client can see now, as plain data. It exists so that equality assertions compare simulations:
   * `expect(a).toEqual(b)`, `assert.deepStrictEqual(a, b)` and snapshot matchers read it. O(n).
   */
  readonly state: Readonly<Record<string, unknown>>;
  /** The rows and the catalog of the account, for display: no outage and no rate limit applies. */
  readonly view: AccountView;
  /** The same methods, returning `{ ok, value }` or `{ ok, error }` instead of throwing. */
  readonly try: TryMethods;
  /** Returns the topology as a tree of text, under a line with the virtual time; `console.log` prints it. */
  toString(): string;
  /** Returns the virtual time and the topology as lines of text; `JSON.stringify` and snapshot matchers call it. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** The name of a method that `try` has in a form that does not throw. */
type MethodName = Exclude<
  keyof AccountClient,
  "accountId" | "role" | "state" | "view" | "try" | "toString" | "toJSON"
>;

/** Every method of an account client, returning its `ReplicationError` instead of throwing it. */
export type TryMethods = {
  readonly [K in Exclude<
    keyof AccountClient,
    "accountId" | "role" | "state" | "view" | "try" | "toString" | "toJSON"
  >]: (...args: Parameters<AccountClient[K]>) => Result<ReturnType<AccountClient[K]>>;
};

type Method = (client: ClientKernel, ...args: unknown[]) => unknown;

/** The parts of a client. A method that is declared and not here does not compile. */
const parts: Readonly<Record<MethodName, unknown>> = {
  ...catalogMethods,
  ...instanceMethods,
  ...haGroupMethods,
  ...operatorMethods,
  ...backupMethods,
  ...configurationMethods,
  ...databaseMethods,
  ...workloadMethods,
  ...faultMethods,
  ...waitMethods,
  ...rowMethods,
  ...commandMethods,
};

/** The names of all methods of an account client. */
export const methodNames = Object.keys(parts) as readonly MethodName[];

const triedMethods = Symbol("try");

/** Gives a class the methods of an account client: each passes its arguments to a part, with the kernel of the client. */
export function installMethods(prototype: object): void {
  for (const name of methodNames) {
    const method = parts[name] as Method;
    // No method has more than three parameters; a rest parameter would cost an array for each call.
    const { [name]: value } = {
      [name](this: object, first: unknown, second: unknown, third: unknown): unknown {
        try {
          return method(kernelOf(this), first, second, third);
        } catch (error) {
          startStackAtCaller(error, value as never);
          throw error;
        }
      },
    };
    // The first parameter of a part is the kernel.
    Object.defineProperty(value, "length", { value: method.length - 1, configurable: true });
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }
  Object.defineProperties(prototype, {
    view: {
      get(this: object): AccountView {
        return kernelOf(this).view;
      },
    },
    try: {
      get(this: AccountClient & { [triedMethods]?: TryMethods }): TryMethods {
        const { [triedMethods]: known } = this;
        if (known !== undefined) return known;
        // Each entry wraps the method of the same name.
        const value = tryMethods<MethodName>(this, methodNames) as TryMethods;
        Object.defineProperty(this, triedMethods, { value });
        return value;
      },
    },
    [Symbol.for("nodejs.util.inspect.custom")]: {
      value(this: AccountClient): string {
        return this.toString();
      },
    },
  });
}

/** Makes an object a client: gives it its kernel and its own properties. */
export function openClient(client: object, kernel: ClientKernel, state: PropertyDescriptor): void {
  attachKernel(client, kernel);
  const { accountId, role } = kernel;
  Object.assign(client, { accountId, role });
  // Matchers look at own enumerable properties only.
  Object.defineProperty(client, "state", state);
}

const stateProperty: PropertyDescriptor = {
  enumerable: true,
  get(this: object) {
    return stateOf(kernelOf(this));
  },
};

/** The client of one account. */
class Client {
  // Prints show the name of the interface.
  static {
    Object.defineProperty(this, "name", { value: "AccountClient" });
    installMethods(this.prototype);
  }

  constructor(kernel: ClientKernel) {
    openClient(this, kernel, stateProperty);
  }

  toString(): string {
    const kernel = kernelOf(this);
    return describe(kernel, "AccountClient", { accountId: kernel.accountId });
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const kernel = kernelOf(this);
    const { accountId, role } = kernel;
    return { accountId, role, ...outline(kernel, { accountId }) };
  }
}

/** Creates the client of an account. */
export function accountClient(worldRef: WorldRef, caller: Caller): AccountClient {
  // `installMethods` has given the class all methods of the interface.
  return new Client(
    new ClientKernel(worldRef, caller, redactForAccount),
  ) as unknown as AccountClient;
}

/** Returns the virtual time and the topology as lines of text. */
export function outline(
  { world }: ClientKernel,
  view: TopologyView,
): { readonly now: number; readonly elapsed: string; readonly topology: readonly string[] } {
  const { now, settings, topology } = world;
  const elapsed = clockFormat([now - settings.startAt])(now - settings.startAt);
  return { now, elapsed, topology: treeLines(topology, view) };
}

/** Returns the topology as a tree of text, under a line with the virtual time. */
export function describe(kernel: ClientKernel, name: string, view: TopologyView): string {
  const { elapsed, topology } = outline(kernel, view);
  const lines = topology.length === 0 ? ["(no instances)"] : topology;
  return [`${name} at ${elapsed}`, ...lines].join("\n");
}

function stateOf({ world, accountId, show }: ClientKernel): Readonly<Record<string, unknown>> {
  const { now, topology } = world;
  const own = <Row extends Place & { readonly accountId: string }>(
    rows: Iterable<Row>,
  ): readonly Row[] =>
    [...rows].filter((row) => row.accountId === accountId).map((row) => show(row));
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
