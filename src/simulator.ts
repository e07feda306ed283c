import { deepFreeze } from "./collections/deepFreeze.js";
import { callAs, startStackOf, startStacksAtCallers } from "./domain/callerStack.js";
import type { Catalog } from "./domain/catalog.js";
import type { Command } from "./domain/commandTypes.js";
import type { Place } from "./domain/entities.js";
import { InvalidInputError } from "./domain/errors.js";
import type { Fact } from "./domain/facts.js";
import { copyUntrusted, readValue } from "./domain/parseCommand.js";
import { isRecord } from "./domain/plainData.js";
import { clockTime } from "./domain/time.js";
import type { JournalEntry } from "./engine/journal.js";
import type { RedrawProposal } from "./engine/redraw.js";
import {
  type BranchSpec,
  type ForkOptions,
  forkOptionNames,
  readChanges,
  sameSeed,
} from "./simulator/branches.js";
import { type AccountOptions, readCaller } from "./simulator/caller.js";
import type { Choice } from "./simulator/choices.js";
import { type CommandCandidates, commandsOf } from "./simulator/commandCandidates.js";
import { cloneTopology, createInitialWorld, parseRuntimeHooks } from "./simulator/createWorld.js";
import { freezeRow } from "./simulator/freezeRow.js";
import { AccountClient } from "./simulator/methods/account.js";
import { HistoryVerbs, keptPosition } from "./simulator/methods/history.js";
import {
  type RuntimeHooks,
  readOptions,
  type Settings,
  type SimulatorOptions,
} from "./simulator/options.js";
import { type PendingTask, pendingTask } from "./simulator/pending.js";
import {
  type Journal,
  journalOffError,
  readJournal,
  readSnapshot,
  Snapshot,
  type SnapshotJson,
} from "./simulator/serialization.js";
import { readShapeOptions, type ShapeOptions, shapeOf } from "./simulator/shape.js";
import {
  type Change,
  type Listener,
  readSubscription,
  type SubscribeOptions,
} from "./simulator/subscribers.js";
import { type PastPoint, readPoint, stepOptions } from "./simulator/timePoints.js";
import { World } from "./simulator/world.js";
import { WorldRef } from "./simulator/worldRef.js";
import { withSharedRows } from "./topology/shareRows.js";
import type { Topology } from "./topology/state.js";

/** How far one move of time may go. */
export interface StepOptions {
  /** Largest number of steps; default `maxSteps` of the simulator. */
  readonly maxSteps?: number;
  /** Asked before each step; time stays where it is when this returns true. Default: never. */
  readonly until?: (sim: ReplicationSimulator) => boolean;
}

/**
 * A simulated replication service: in process, in virtual time, deterministic. Same options and same commands give
 * the same bytes, on every runtime. Its own verbs act for the account of the options; `tenant` gives others.
 *
 * @example
 * ```ts
 * const sim = new ReplicationSimulator({ seed: 7 });
 * const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * const replica = sim.createReplica({ name: "orders-r1", flavorId: 2, volumeGb: 10, replicaOf: source.id });
 * ```
 */
export class ReplicationSimulator extends HistoryVerbs {
  // Bundlers rename a class that refers to itself; prints and matchers show this name.
  static {
    Object.defineProperty(this, "name", { value: "ReplicationSimulator" });
    startStacksAtCallers(this.prototype, AccountClient.prototype);
    startStackOf(this, "restore");
    startStackOf(this, "replay");
  }

  /**
   * @throws InvalidInputError with every option that does not hold what it must
   */
  constructor(options: SimulatorOptions = {}) {
    const ground = WorldRef.is(options)
      ? options
      : callAs(new.target as never, () => createInitialWorld(options));
    super(ground, { accountId: ground.accountId, role: "admin" });
  }

  /** Present virtual time, in ms since the epoch. */
  get now(): number {
    return this.world.now;
  }

  /**
   * Everything that is true now, as plain data. Frozen, and valid for ever, for the immutable store; for the in-place
   * store a copy. O(what has changed since it was last read), O(n) for the in-place store.
   */
  get topology(): Topology {
    const { topology, store } = this.world;
    return store.keepsVersions ? deepFreeze(topology) : cloneTopology(topology);
  }

  /** The options with all defaults filled in. */
  get settings(): Settings {
    return this.world.settings;
  }

  /** Flavors and datastores on offer. */
  get catalog(): Catalog {
    return this.world.settings.catalog;
  }

  /**
   * The same verbs for an account of the same service, for a caller with a role in it: `admin` unless said.
   * No account can learn that another's things exist.
   * @throws InvalidInputError
   */
  account(accountId: string, options: AccountOptions = {}): AccountClient {
    return new AccountClient(this.ground, readCaller(accountId, options, this.settings.limits));
  }

  /**
   * Moves virtual time on by `ms`, ending everything that is due until then.
   * @throws InvalidInputError
   * @throws TimeLimitError `steps-max`; time stands at the last step taken then
   */
  advance(ms: number, options: StepOptions = {}): void {
    const until = this.#readTime(this.now + this.#readTime(ms, "ms"), "time");
    this.#advanceTo(until, options);
  }

  /**
   * Moves virtual time to `time`, in ms since the epoch, or until a condition holds.
   * @param options - `until`: asked before each step; when it returns true, time stays where it is
   * @throws InvalidInputError `step-options`
   * @throws RuleViolationError `time-goes-forward`
   * @throws TimeLimitError `steps-max`
   */
  advanceTo(time: number, options: StepOptions = {}): void {
    this.#advanceTo(this.#readTime(time, "time"), options);
  }

  /** Ends the next thing due, jumping to its time; undefined when nothing is due. */
  step(): JournalEntry | undefined {
    return deepFreeze(this.world.step());
  }

  /**
   * Runs until no work is under way. Schedules fire when their hour comes on the way, but are not waited for.
   * @throws TimeLimitError `steps-max`
   */
  settle(options: StepOptions = {}): void {
    this.world.settle(this.#readSteps(options));
  }

  /** Virtual time at which the next work ends or the next schedule fires; undefined when nothing is due. O(1). */
  get nextDueAt(): number | undefined {
    return this.world.nextDue()?.dueAt;
  }

  /** Work under way and runs of schedules to come, in the order in which they are due. O(n log n). */
  listPendingTasks(): readonly PendingTask[] {
    return this.world.pending().map(pendingTask);
  }

  /**
   * Everything that can happen next, were durations unknown, in the order in which it is due: work that ends, faults that
   * strike or are repaired, the next run of a schedule; one choice for each victim of a process on a population.
   * O(n log n).
   */
  choices(): readonly Choice[] {
    return deepFreeze(this.world.choices());
  }

  /**
   * Lets one of the choices happen now, whenever it is due; virtual time stands still. Only without a journal, whose
   * replay ends all work at its time.
   * @throws InvalidInputError `choice`, `choice-without-journal`
   */
  fire(choice: Choice): void {
    this.world.fire(copyUntrusted(choice, "choice"));
  }

  /**
   * Returns what of this world matters for its future as text: no ids, names, times, counters and causes, and replicas of
   * one source that are alike are interchangeable. Two worlds with the same settings and the same shape run on alike
   * under the same choices and commands. The hours of schedules and how far replicas have received are not part of it.
   * O(n log n).
   * @throws InvalidInputError `shape-options`
   */
  shape(options: ShapeOptions = {}): string {
    return shapeOf(this.world.topology, readShapeOptions(options));
  }

  /**
   * Every command that no rule refuses now, of those that the inputs span: for each type of command the values that each
   * field can have, in all combinations.
   * @example
   * ```ts
   * sim.allowedCommands({ restartInstance: { instanceId: ["a", "b"] }, deleteInstance: { instanceId: ["a"] } });
   * ```
   * @throws InvalidInputError `command-inputs`
   */
  allowedCommands(inputs: CommandCandidates): readonly Command[] {
    return commandsOf(inputs).filter((command) => this.check(command).length === 0);
  }

  /**
   * Hears of every change from now on: the journal line with its typed facts, and immer patches where asked for.
   * @returns a function that ends the subscription
   * @throws InvalidInputError `subscription`
   */
  subscribe(listener: Listener, options: SubscribeOptions = {}): () => void {
    return this.#subscribe(listener, options);
  }

  #subscribe(listener: Listener, options: SubscribeOptions = {}): () => void {
    const { givesPatches } = this.world.store;
    const wishes = readSubscription(listener, options, {
      limits: this.settings.limits,
      givesPatches,
    });
    return this.world.subscribe(listener, wishes);
  }

  /**
   * Calls `listener` after each change with every fact of one type, and returns a function that ends the subscription.
   * @example
   * ```ts
   * sim.on("WritesResumed", ({ unavailableMs }) => console.log(unavailableMs));
   * ```
   * @throws InvalidInputError `subscription`
   */
  on<Type extends Fact["type"]>(
    type: Type,
    listener: (fact: Extract<Fact, { readonly type: Type }>, change: Change) => void,
  ): () => void {
    if (typeof listener !== "function") return this.#subscribe(listener);
    return this.#subscribe((change) => {
      for (const fact of change.facts) {
        // The type of a fact decides which one it is.
        if (fact.type === type) listener(fact as Extract<Fact, { readonly type: Type }>, change);
      }
    });
  }

  /**
   * Returns the state after a journal entry, or at a virtual time, as a simulator of its own. This one stays as it is.
   * It replays the journal up to there: O(entries).
   * @param point - `seq` of the last entry, or `time` in ms since the epoch; not after the present
   * @throws InvalidInputError `past-point`
   * @throws InvalidWorldDataError when the journal does not reach back so far
   */
  at(point: PastPoint): ReplicationSimulator {
    const { seq = Number.POSITIVE_INFINITY, time = this.now } = readPoint(point, this.now);
    const journal = this.journal();
    const lines = journal.lines.filter((entry) => entry.seq <= seq && entry.at <= time);
    const now = point.seq === undefined ? time : (lines.at(-1)?.at ?? this.settings.startAt);
    return ReplicationSimulator.replay({ ...journal, lines, now }, this.world.live);
  }

  /**
   * Folds all facts of the journal into one value, oldest first.
   * @example
   * ```ts
   * const failovers = sim.fold(0, (count, { type }) => (type === "SourcePromoted" ? count + 1 : count));
   * ```
   * @throws InvalidInputError `fold-step`
   */
  fold<Value>(
    initial: Value,
    step: (value: Value, fact: Fact, entry: JournalEntry) => Value,
  ): Value {
    if (typeof step !== "function") {
      const expected = "a function";
      throw new InvalidInputError([{ field: "step", value: step, expected, rule: "fold-step" }]);
    }
    let value = initial;
    for (const entry of this.journalEntries()) {
      for (const fact of entry.facts) value = step(value, fact, entry);
    }
    return value;
  }

  /**
   * Another world with the same past and its own future, perhaps with another seed or other durations.
   * O(1) for the immutable store. Subscriptions stay behind. Its verbs act for the account of this one's.
   *
   * With a seed of its own everything that is under way at random is drawn anew, given that it has lasted until now: the
   * next failures, repairs and work. O(rows). What is fixed, and what is due at this very moment, stays.
   * @throws InvalidInputError `fork-seed` for the seed that this world has: it would tell the same future
   */
  fork(changes: ForkOptions = {}): ReplicationSimulator {
    return this.#forked(changes);
  }

  /**
   * Subscribes code of this package, which writes into no entry: entries are frozen only where others subscribe as well.
   * @internal
   */
  static follow(sim: ReplicationSimulator, listener: Listener): () => void {
    return sim.world.subscribe(listener, { patches: false, frozen: false });
  }

  /** A fork whose strikes and repairs come from a proposal, for who weighs what comes of it. @internal */
  static forkWithProposal(
    sim: ReplicationSimulator,
    changes: ForkOptions & { readonly seed: NonNullable<ForkOptions["seed"]> },
    proposal?: RedrawProposal,
  ): ReplicationSimulator {
    return sim.#forked(changes, proposal);
  }

  #forked(changes: ForkOptions, proposal?: RedrawProposal): ReplicationSimulator {
    const given = copyUntrusted(changes, "options");
    const read = readOptions(given, this.settings, forkOptionNames);
    if (given.seed !== undefined && read.seed === this.settings.seed) throw sameSeed(read.seed);
    const isChanged = Object.keys(given).length > 0;
    const settings = isChanged ? read : this.settings;
    const { store, topology } = this.world;
    const world = this.world.fork(
      settings,
      store.keepsVersions ? undefined : withSharedRows(topology),
    );
    const { latency, jitter } = this.settings;
    if (given.seed !== undefined) world.redraw({ latency, jitter, proposal });
    const origin = isChanged
      ? new Snapshot(settings, keptPosition(world.store, world.position))
      : this.ground.origin;
    return standingOn(new WorldRef(world, origin, this.accountId));
  }

  /**
   * Named futures of this moment, each a fork of its own: they share all luck but for what is changed. A change is
   * something to do at once, other options as `fork` takes them, or both, the doing as `act`. Time stands still; this
   * world does not change. See `diff` for what became of it.
   *
   * @example
   * ```ts
   * const { calm, crash } = sim.branch({
   *   calm: {},
   *   crash: (sim) => sim.inject({ kind: "crash", instanceId }),
   * });
   * ```
   * @throws InvalidInputError `branch-change`, `simulator-options`, and whatever the changes throw
   */
  branch<Name extends string>(
    changes: Readonly<Record<Name, BranchSpec<ReplicationSimulator>>>,
  ): Readonly<Record<Name, ReplicationSimulator>> {
    const forked = readChanges<ReplicationSimulator>(changes).map(({ name, options, run }) => ({
      future: [name, this.fork(options)] as const,
      run,
    }));
    for (const { future, run } of forked) run?.(future[1]);
    // Each future has the name of its change.
    return Object.fromEntries(forked.map(({ future }) => future)) as Record<
      Name,
      ReplicationSimulator
    >;
  }

  /**
   * The world that a snapshot holds: the object itself, or what `JSON.parse` made of it.
   * @throws InvalidWorldDataError
   */
  static restore(snapshot: Snapshot | SnapshotJson, live: RuntimeHooks = {}): ReplicationSimulator {
    const brought = parseRuntimeHooks(live);
    const origin = readSnapshot(snapshot);
    const { settings } = origin;
    const position = Snapshot.positionOf(origin);
    const topology =
      settings.store === "immutable" ? position.topology : cloneTopology(position.topology);
    const world = new World(settings, brought, { position: { ...position, topology } });
    return standingOn(new WorldRef(world, origin));
  }

  /**
   * Runs the commands of a journal again, at their times, in a new world.
   * @throws InvalidWorldDataError when the journal cannot be read, or when the facts come out differently
   */
  static replay(journal: Journal, live: RuntimeHooks = {}): ReplicationSimulator {
    const { settings, lines, now, origin } = readJournal(journal);
    if (!settings.journal && lines.length === 0) throw journalOffError();
    const simulator =
      origin === null
        ? new ReplicationSimulator({ ...settings, ...parseRuntimeHooks(live) })
        : ReplicationSimulator.restore(origin, live);
    simulator.replayEntries(lines, { until: now });
    return simulator;
  }

  /** Returns the topology of all accounts as a tree of text, under a line with the virtual time. */
  override toString(): string {
    return this.describe({});
  }

  /** Returns the virtual time, the topology as lines of text, and the fingerprint of the complete state. */
  override toJSON(): Readonly<Record<string, unknown>> {
    return { ...this.inspected({}), fingerprint: this.fingerprint() };
  }

  /** @internal */
  protected override plainState(): Readonly<Record<string, unknown>> {
    return { ...this.snapshot().toJSON() };
  }

  /** The simulator itself returns unredacted rows: values, which no later transaction writes into. @internal */
  protected override show<Row extends Place>(row: Row): Row {
    return freezeRow(row);
  }

  #advanceTo(time: number, options: StepOptions): void {
    const { until, ...rest }: StepOptions = isRecord(options) ? copyUntrusted(options) : {};
    if (until !== undefined && typeof until !== "function") {
      const expected = "a function";
      throw new InvalidInputError([
        { field: "options.until", value: until, expected, rule: "step-options" },
      ]);
    }
    const given = isRecord(options) ? rest : options;
    this.world.advanceTo(time, this.#readSteps(given), until && (() => until(this)));
  }

  #readSteps(options: StepOptions): number {
    const { limits, maxSteps } = this.settings;
    return readValue(stepOptions, options, { path: "options", limits }).maxSteps ?? maxSteps;
  }

  #readTime(value: number, path: string): number {
    return readValue(clockTime, value, { path, limits: this.settings.limits });
  }
}

function standingOn(ground: WorldRef): ReplicationSimulator {
  return new ReplicationSimulator(ground as SimulatorOptions);
}
