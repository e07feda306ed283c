import { deepFreeze } from "./collections/deepFreeze.js";
import type { JournalEntry } from "./kernel/journal.js";
import { callAs, startStackOf, startStacksAtCallers } from "./model/callerStack.js";
import type { Fact, FactOf } from "./model/facts.js";
import type { Role } from "./model/operationPolicy.js";
import { clockTime } from "./model/time.js";
import type { TopologyData } from "./model/topology.js";
import { readValue } from "./service/commands/parseCommand.js";
import { type Cause, causesOf } from "./service/explain.js";
import type { RedrawProposal } from "./service/redraw.js";
import {
  type AccountClient,
  accountClient,
  describe,
  installMethods,
  openClient,
  outline,
} from "./simulator/accountClient.js";
import { type BranchSpec, type ForkOptions, readChanges } from "./simulator/branches.js";
import { readCaller } from "./simulator/caller.js";
import { ClientKernel, kernelOf, subscribeTo } from "./simulator/clientKernel.js";
import { cloneTopology, createInitialWorld, parseRuntimeHooks } from "./simulator/createWorld.js";
import { fingerprintOf } from "./simulator/fingerprint.js";
import { forkWorld, unchanged } from "./simulator/forkWorld.js";
import { freezeRow } from "./simulator/freezeRow.js";
import { type SimulationHistory, snapshotOf, WorldHistory } from "./simulator/history.js";
import { type RuntimeHooks, type Settings, type SimulatorOptions } from "./simulator/options.js";
import { type PendingTask, pendingTask } from "./simulator/pending.js";
import {
  type Journal,
  journalFrom,
  journalOffError,
  readJournal,
  readSnapshot,
  type Snapshot,
  type SnapshotJson,
} from "./simulator/serialization.js";
import { type SimulationStateSpace, WorldStateSpace } from "./simulator/stateSpace.js";
import { maxStepsOf, readUntil } from "./simulator/stepOptions.js";
import type { Change } from "./simulator/subscribers.js";
import { journalUntil } from "./simulator/timePoints.js";
import { World } from "./simulator/world.js";
import { WorldRef } from "./simulator/worldRef.js";

/** Limits of one call that moves time. */
export interface StepOptions {
  /** Maximum number of steps; default `maxSteps` of the simulator. */
  readonly maxSteps?: number;
  /** Called before each step; time stops when it returns true. Default: never. */
  readonly until?: (sim: ReplicationSimulator) => boolean;
}

/**
 * A simulated replication service: in process, in virtual time, deterministic. Same options and same commands give
 * the same bytes, on every runtime. It has all methods of an `AccountClient`, for the account of its options; `account`
 * gives the clients of other accounts.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 *
 * const sim = new ReplicationSimulator({ seed: 7 });
 * const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * const replica = sim.createReplica({ name: "orders-r1", flavorId: 2, volumeGb: 10, replicaOf: source.id });
 * ```
 */
// `installMethods` gives the class below all methods of the interface.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface ReplicationSimulator extends AccountClient {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as above
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class ReplicationSimulator {
  static {
    // Bundlers rename a class that refers to itself; printed objects and matchers show this name.
    Object.defineProperty(this, "name", { value: "ReplicationSimulator" });
    startStacksAtCallers(this.prototype, Object.prototype);
    startStackOf(this, "restore");
    startStackOf(this, "replay");
    installMethods(this.prototype);
  }

  /**
   * Creates a simulator of an empty service.
   * @param options - see docs/options.md; all have a default
   * @throws InvalidInputError with every option whose value is invalid
   */
  constructor(options: SimulatorOptions = {}) {
    const worldRef = callAs(new.target as never, () => createInitialWorld(options));
    openSimulator(this, worldRef);
  }

  /** Present virtual time, in ms since the epoch. */
  get now(): number {
    return worldOf(this).now;
  }

  /** The options with all defaults filled in. */
  get settings(): Settings {
    return worldOf(this).settings;
  }

  /**
   * All rows of all accounts at this moment, for pictures and `brokenInvariants`. Frozen and permanently valid for the
   * immutable store, a copy for the in-place store. O(what has changed since it was last read), O(n) for the in-place store.
   */
  get topology(): TopologyData {
    const { topology, store } = worldOf(this);
    return store.keepsVersions ? deepFreeze(topology) : cloneTopology(topology);
  }

  /** Virtual time at which the next task ends or the next schedule runs; undefined when nothing is due. O(1). */
  get nextDueAt(): number | undefined {
    return worldOf(this).nextDue()?.dueAt;
  }

  /** The journal by entry, savepoints, and ways back to earlier states. */
  get history(): SimulationHistory {
    return new WorldHistory(kernelOf(this).worldRef);
  }

  /** The simulator as a state space, for model checking: what can happen next, and which states are alike. */
  get stateSpace(): SimulationStateSpace {
    return new WorldStateSpace(kernelOf(this));
  }

  /**
   * Returns a client of an account of the same service, for a caller with a role in it. No account can learn that
   * resources of another one exist.
   *
   * @example
   * ```ts
   * const observer = sim.account("5678", { role: "observer" });
   * console.log(observer.listInstances().items); // []
   * ```
   * @param accountId - any id; the account exists from its first command on
   * @param options - `role`: `admin` (default), `creator` or `observer`
   * @returns all methods of the simulator that work in one account
   * @throws InvalidInputError
   */
  account(accountId: string, options: { readonly role?: Role } = {}): AccountClient {
    const caller = readCaller(accountId, options, this.settings.limits);
    return accountClient(kernelOf(this).worldRef, caller);
  }

  /**
   * Advances virtual time by a duration; everything due meanwhile happens at its time.
   *
   * @example
   * ```ts
   * sim.advance(60_000); // one minute
   * ```
   * @param ms - how far, in ms of virtual time
   * @param options - bounds of the call
   * @throws InvalidInputError `clock-time`, `step-options`
   * @throws TimeLimitError `steps-max`; time stands at the last step taken then
   */
  advance(ms: number, options: StepOptions = {}): void {
    const until = readTime(this, this.now + readTime(this, ms, "ms"), "time");
    advanceTo(this, until, options);
  }

  /**
   * Moves virtual time to `time`, or until a condition holds.
   * @example
   * ```ts
   * sim.advanceTo(Date.UTC(2026, 0, 2), { until: () => sim.instances({ status: "SHUTDOWN" }).length > 0 });
   * ```
   * @param time - virtual time, in ms since the epoch; not before `now`
   * @param options - `until`: called before each step; when it returns true, time stops there
   * @throws InvalidInputError `step-options`
   * @throws RuleViolationError `time-goes-forward`
   * @throws TimeLimitError `steps-max`
   */
  advanceTo(time: number, options: StepOptions = {}): void {
    advanceTo(this, readTime(this, time, "time"), options);
  }

  /**
   * Processes the next due event: moves time to it and returns its journal entry.
   *
   * @example
   * ```ts
   * sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * const entry = sim.step();
   * console.log(entry?.facts.map(({ type }) => type)); // [ 'InstanceStateEntered', 'InstanceChanged' ]
   * ```
   * @returns undefined when nothing is due, or when the journal is off and has no subscriber
   */
  step(): JournalEntry | undefined {
    return deepFreeze(worldOf(this).step());
  }

  /**
   * Advances virtual time until no task is running. Schedules run when they are due meanwhile, but `settle` does not
   * wait for them.
   *
   * @example
   * ```ts
   * sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * sim.settle();
   * console.log(sim.listPendingTasks()); // []
   * ```
   * @param options - bounds of the call
   * @throws TimeLimitError `steps-max`
   */
  settle(options?: StepOptions): void {
    worldOf(this).settle(maxStepsOf(options, this.settings));
  }

  /**
   * Returns all running tasks and the next runs of schedules, by due time. O(n log n).
   *
   * @example
   * ```ts
   * sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * console.log(sim.listPendingTasks().map(({ task }) => task)); // [ 'build' ]
   * ```
   * @returns the items with their due times
   */
  listPendingTasks(): readonly PendingTask[] {
    return worldOf(this).pending().map(pendingTask);
  }

  /**
   * Calls `listener` after each committed change, with the journal entry.
   *
   * @example
   * ```ts
   * const unsubscribe = sim.subscribe(({ at, facts }) => {
   *   console.log(at, facts.length);
   * });
   * unsubscribe();
   * ```
   * @param listener - what it throws reaches the caller, and undoes nothing
   * @param options - `patches: true` adds Immer patches of `topology`
   * @returns a function that ends the subscription
   * @throws InvalidInputError `subscription`
   */
  subscribe(
    listener: (change: Change) => void,
    options: { readonly patches?: boolean } = {},
  ): () => void {
    return subscribeTo(kernelOf(this), { listener, options });
  }

  /**
   * Calls `listener` after each change with every fact of one type.
   *
   * @example
   * ```ts
   * sim.on("WritesResumed", ({ unavailableMs }) => {
   *   console.log(unavailableMs);
   * });
   * ```
   * @param type - a name of the map `Facts`
   * @param listener - takes the fact, and the journal entry that it belongs to
   * @returns a function that ends the subscription
   * @throws InvalidInputError `subscription`
   */
  on<Type extends Fact["type"]>(
    type: Type,
    listener: (fact: FactOf<Type>, change: Change) => void,
  ): () => void {
    const deliver = (change: Change): void => {
      for (const fact of change.facts) {
        // The type of a fact identifies it.
        if (fact.type === type) listener(fact as FactOf<Type>, change);
      }
    };
    return subscribeTo(kernelOf(this), { listener, deliver });
  }

  /**
   * Returns the journal: everything that has happened since it begins, as plain data; enough to replay it. A copy.
   * O(entries).
   *
   * @example
   * ```ts
   * const journal = sim.journal();
   * console.log(ReplicationSimulator.replay(journal).fingerprint() === sim.fingerprint()); // true
   * ```
   * @returns the journal, a copy
   */
  journal(): Journal {
    const { world, origin } = kernelOf(this).worldRef;
    return journalFrom({
      settings: world.settings,
      origin: origin?.toJSON() ?? null,
      now: world.now,
      lines: world.journal.lines(),
    });
  }

  /**
   * Explains the present state of an instance, a group, a backup or a schedule.
   *
   * @example
   * ```ts
   * sim.restartInstance(source.id);
   * const [latest] = sim.explain(source.id);
   * console.log(latest?.line.trigger.kind); // command
   * ```
   * @param id - id of the resource; it may be gone
   * @returns journal entries with reasons, newest first, back to a command; empty for an id that is not in the journal
   */
  explain(id: string): readonly Cause[] {
    const world = worldOf(this);
    return causesOf(world.journal, id, world.position.seq - 1);
  }

  /**
   * Returns the complete world at this time. `JSON.stringify` writes it, `ReplicationSimulator.restore` reads it.
   * O(1) for the immutable store.
   *
   * @example
   * ```ts
   * const text = JSON.stringify(sim.snapshot());
   * const again = ReplicationSimulator.restore(JSON.parse(text));
   * console.log(again.fingerprint() === sim.fingerprint()); // true
   * ```
   * @returns the snapshot
   */
  snapshot(): Snapshot {
    return snapshotOf(kernelOf(this).worldRef);
  }

  /**
   * Returns a hash of the whole world: equal for equal worlds, on every runtime. O(n).
   *
   * @example
   * ```ts
   * console.log(sim.fork().fingerprint() === sim.fingerprint()); // true
   * ```
   * @returns 32 hexadecimal digits
   */
  fingerprint(): string {
    return fingerprintOf(worldOf(this));
  }

  /**
   * Returns the state after a journal entry, or at a virtual time, as a simulator of its own. This one stays as it is.
   * It replays the journal up to there: O(entries).
   *
   * @example
   * ```ts
   * sim.advance(60_000);
   * const before = sim.at({ time: sim.now - 60_000 });
   * console.log(sim.now - before.now); // 60000
   * ```
   * @param point - `seq` of the last entry, or `time` in ms since the epoch; not after the present
   * @returns the past state as another simulator
   * @throws InvalidInputError `past-point`
   * @throws InvalidWorldDataError when the journal does not reach back so far
   */
  at(point: { readonly seq: number } | { readonly time: number }): ReplicationSimulator {
    const past = journalUntil(this.journal(), point);
    return ReplicationSimulator.replay(past, worldOf(this).live);
  }

  /**
   * Returns another simulator with the same past and its own future, optionally with another seed or other durations.
   * O(1) for the immutable store. Subscriptions stay with the original. The fork has the same account.
   *
   * With its own seed, everything random that is pending is redrawn, conditional on the elapsed time: the next
   * failures, repairs and tasks. O(rows). Fixed times, and what is due at this very time, stay.
   *
   * @example
   * ```ts
   * const fork = sim.fork();
   * fork.inject({ kind: "crash", instanceId: source.id });
   * console.log(sim.getInstance(source.id).status); // ACTIVE
   * ```
   * @param changes - options that are different from here on
   * @returns the fork; this simulator does not change
   * @throws InvalidInputError `fork-seed` for the seed that this world has: it would have the same future
   */
  fork(changes: ForkOptions = unchanged): ReplicationSimulator {
    return simulatorOf(forkWorld(kernelOf(this), changes));
  }

  /**
   * Returns named futures of this time, each a fork: they share all random draws except for their changes. A change
   * is a function that is called at once, options as `fork` takes them, or both, with the function as `run`. This
   * simulator does not change. `diff` compares the results.
   *
   * @example
   * ```ts
   * const { calm, crash } = sim.branch({
   *   calm: {},
   *   crash: (future) => {
   *     future.inject({ kind: "crash", instanceId: source.id });
   *   },
   * });
   * console.log(calm.getInstance(source.id).status, crash.getInstance(source.id).status); // ACTIVE SHUTDOWN
   * ```
   * @param changes - change of each future, by name
   * @returns the futures by name
   * @throws InvalidInputError `branch-change`, `simulator-options`, and whatever the changes throw
   */
  branch<Name extends string>(
    changes: Readonly<Record<Name, BranchSpec<ReplicationSimulator>>>,
  ): Readonly<Record<Name, ReplicationSimulator>> {
    const futures = readChanges<ReplicationSimulator>(changes).map(({ name, options, run }) => ({
      future: [name, this.fork(options)] as const,
      run,
    }));
    for (const { future, run } of futures) run?.(future[1]);
    // Each future has the name of its change.
    return Object.fromEntries(futures.map(({ future }) => future)) as Record<
      Name,
      ReplicationSimulator
    >;
  }

  /**
   * Returns a simulator of the world of a snapshot.
   *
   * @example
   * ```ts
   * const again = ReplicationSimulator.restore(sim.snapshot());
   * console.log(again.now === sim.now); // true
   * ```
   * @param snapshot - a snapshot, or what `JSON.parse` made of one
   * @param hooks - the functions among the options, which no snapshot contains
   * @returns a new simulator
   * @throws InvalidWorldDataError
   */
  static restore(
    snapshot: Snapshot | SnapshotJson,
    hooks: RuntimeHooks = {},
  ): ReplicationSimulator {
    const brought = parseRuntimeHooks(hooks);
    const origin = readSnapshot(snapshot);
    const { settings, position } = origin;
    const topology =
      settings.store === "immutable" ? position.topology : cloneTopology(position.topology);
    const world = new World(settings, brought, { position: { ...position, topology } });
    return simulatorOf(new WorldRef(world, origin));
  }

  /**
   * Runs the commands of a journal again, at their times, in a new simulator.
   *
   * @example
   * ```ts
   * const again = ReplicationSimulator.replay(sim.journal());
   * console.log(again.getInstance(source.id).status); // ACTIVE
   * ```
   * @param journal - a journal, or what `JSON.parse` made of one
   * @param hooks - the functions among the options, which no journal contains
   * @returns a new simulator with the same state
   * @throws InvalidWorldDataError when the journal cannot be read, or when the facts are not those recorded
   */
  static replay(journal: Journal, hooks: RuntimeHooks = {}): ReplicationSimulator {
    const { settings, lines, now, origin } = readJournal(journal);
    if (!settings.journal && lines.length === 0) throw journalOffError();
    const simulator =
      origin === null
        ? new ReplicationSimulator({ ...settings, ...parseRuntimeHooks(hooks) })
        : ReplicationSimulator.restore(origin, hooks);
    simulator.history.replayEntries(lines, { until: now });
    return simulator;
  }

  /** Returns the topology of all accounts as a tree of text, under a line with the virtual time. */
  toString(): string {
    return describe(kernelOf(this), this.constructor.name, {});
  }

  /** Returns the virtual time, the topology as lines of text, and the fingerprint of the complete state. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { ...outline(kernelOf(this), {}), fingerprint: this.fingerprint() };
  }
}

/** Returns a fork whose random failures and repairs come from a proposal, for importance sampling. */
export function forkWithProposal(
  sim: ReplicationSimulator,
  changes: ForkOptions & { readonly seed: NonNullable<ForkOptions["seed"]> },
  proposal?: RedrawProposal,
): ReplicationSimulator {
  return simulatorOf(forkWorld(kernelOf(sim), changes, proposal));
}

function advanceTo(sim: ReplicationSimulator, time: number, options: StepOptions): void {
  const { until, bounds } = readUntil(options);
  worldOf(sim).advanceTo(time, maxStepsOf(bounds, sim.settings), until && (() => until(sim)));
}

function readTime(sim: ReplicationSimulator, value: number, path: string): number {
  return readValue(clockTime, value, { path, limits: sim.settings.limits });
}

function worldOf(sim: ReplicationSimulator): World {
  return kernelOf(sim).world;
}

const stateProperty: PropertyDescriptor = {
  enumerable: true,
  get(this: ReplicationSimulator) {
    return { ...this.snapshot().toJSON() };
  },
};

function openSimulator(sim: ReplicationSimulator, worldRef: WorldRef): ReplicationSimulator {
  const caller = { accountId: worldRef.accountId, role: "admin" } as const;
  // Rows without redaction: values, which no later transaction writes into.
  openClient(sim, new ClientKernel(worldRef, caller, freezeRow), stateProperty);
  return sim;
}

/** Creates the simulator of a world that exists: past the constructor, which creates an empty one. */
export function simulatorOf(worldRef: WorldRef): ReplicationSimulator {
  // An object with this prototype is a simulator as soon as it is opened.
  return openSimulator(
    Object.create(ReplicationSimulator.prototype) as ReplicationSimulator,
    worldRef,
  );
}
