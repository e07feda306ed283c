import { deepFreeze } from "../collections/deepFreeze.js";
import { type DueItem, EventQueue } from "../kernel/eventQueue.js";
import {
  type EntryOrigin,
  type JournalEntry,
  JournalLog,
  journalEntry,
} from "../kernel/journal.js";
import { KeyedRandom } from "../kernel/keyedRandom.js";
import { TopologyOverlay } from "../kernel/overlay.js";
import { type Patch, type Store, storeNamed } from "../kernel/store.js";
import { Transaction } from "../kernel/transaction.js";
import type { Command, CommandType } from "../model/commandTypes.js";
import { InvalidInputError, type ReplicationError } from "../model/errors.js";
import type { Topology } from "../model/topology.js";
import type { ReadOperation } from "../service/commands/operations.js";
import { readAnyCommand, readCommand, readCommandType } from "../service/commands/parseCommand.js";
import { implementationOf } from "../service/commandTable.js";
import { decide } from "../service/decide.js";
import { processDue, triggerOf } from "../service/processDue.js";
import { type RedrawOptions, redraw } from "../service/redraw.js";
import { service } from "../service/service.js";
import { allRefusals } from "../service/shared/refusals.js";
import { RequestGuard } from "./admission.js";
import type { Caller } from "./caller.js";
import {
  type Choice,
  type ChoiceContext,
  choicesOf,
  findChoice,
  journalOnError,
  type OpenChoice,
  type TriedChoice,
} from "./choices.js";
import type { RuntimeHooks, Settings } from "./options.js";
import type { ShapeOptions } from "./shape.js";
import { WorldShapes } from "./shapeIndex.js";
import {
  type Listener,
  type RefusalListener,
  SubscriberList,
  type SubscriptionWishes,
} from "./subscribers.js";
import {
  checkJump,
  openTransactionError,
  stepLimitError,
  timeGoesBackError,
} from "./timeErrors.js";
import { contextOf, type WorldContext } from "./worldContext.js";
import type { WorldState } from "./worldState.js";

/** One simulated service: the only object of the house that holds state. */
export class World {
  readonly settings: Settings;
  readonly live: RuntimeHooks;
  readonly #context: WorldContext;
  /** Storage of the rows. */
  readonly store: Store;
  /** Buffer of each transaction's writes; forks share it. */
  readonly #overlay: TopologyOverlay;
  #topology: Topology;
  #now: number;
  #seq: number;
  #taskSeq: number;
  #eventQueue: EventQueue;
  #journal: JournalLog;
  readonly #gate: RequestGuard;
  readonly #listeners: SubscriberList;
  /** Its shapes, once one was asked for. */
  #shapes: WorldShapes | undefined;
  /** Whether another world has taken its place: nothing happens here any more. */
  #isOver = false;

  constructor(
    settings: Settings,
    live: RuntimeHooks,
    start: {
      readonly position: WorldState;
      readonly eventQueue?: EventQueue;
      readonly journal?: JournalLog;
      readonly listeners?: SubscriberList;
      /** Default the one that the settings name. */
      readonly store?: Store;
      readonly overlay?: TopologyOverlay;
      readonly shapes?: WorldShapes | undefined;
      /** The draws of the seed. */
      readonly chance?: KeyedRandom;
    },
  ) {
    this.settings = deepFreeze(settings);
    this.live = live;
    const { topology, now, seq, nextTaskSeq: taskSeq } = start.position;
    this.store = start.store ?? storeNamed(settings.store);
    this.#topology = this.store.open(topology);
    this.#overlay = start.overlay ?? new TopologyOverlay(this.#topology);
    this.#now = now;
    this.#seq = seq;
    this.#taskSeq = taskSeq;
    this.#gate = new RequestGuard(settings.rateLimits, start.position.requests);
    this.#eventQueue = start.eventQueue ?? EventQueue.of(topology);
    this.#journal = start.journal ?? JournalLog.startingAt(seq);
    this.#listeners = start.listeners ?? new SubscriberList();
    this.#shapes = start.shapes;
    const { chance = new KeyedRandom(settings.seed) } = start;
    this.#context = contextOf(settings, live, { topology, now, chance });
  }

  get position(): WorldState {
    const requests = this.#gate.levels;
    return {
      topology: this.#topology,
      now: this.#now,
      seq: this.#seq,
      nextTaskSeq: this.#taskSeq,
      ...(requests === undefined ? {} : { requests }),
    };
  }

  get topology(): Topology {
    return this.#topology;
  }

  get now(): number {
    return this.#now;
  }

  get journal(): JournalLog {
    return this.#journal;
  }

  /**
   * Parses, decides and commits one command. Checked first, in this order: an outage, the rate, the shape, the role,
   * the rules. One that was `parsed` under the limits of this world before is not parsed again.
   */
  execute(caller: Caller, type: CommandType, input: unknown, parsed?: Command): JournalEntry {
    try {
      this.#gate.admit(caller, type, this);
      return this.#run(caller, parsed ?? readCommand(type, input, this.settings.limits));
    } catch (error) {
      throw this.#listeners.refused(error);
    }
  }

  /** The same for a command as plain data. */
  executeAny(
    caller: Caller,
    command: unknown,
  ): { readonly line: JournalEntry; readonly command: Command } {
    try {
      this.#gate.admit(caller, readCommandType(command), this);
      const read = readAnyCommand(command, this.settings.limits);
      return { line: this.#run(caller, read), command: read };
    } catch (error) {
      throw this.#listeners.refused(error);
    }
  }

  /** Everything that would refuse a command now; nothing is executed. */
  check(caller: Caller, command: unknown): readonly ReplicationError[] {
    const refusals: ReplicationError[] = [];
    try {
      refusals.push(...this.#gate.against(caller, readCommandType(command), this));
      const read = readAnyCommand(command, this.settings.limits);
      return [
        ...refusals,
        ...allRefusals(implementationOf(read).rules, read, this.#ruleContext(caller)),
      ];
    } catch (error) {
      if (error instanceof InvalidInputError) return [...refusals, error];
      throw error;
    }
  }

  /** Returns the refusal that applies to an account before its request is parsed; counts nothing. */
  against(caller: Pick<Caller, "accountId">, type?: CommandType): ReplicationError | undefined {
    return this.#gate.against(caller, type, this)[0];
  }

  /**
   * Lets a caller look, or refuses it; counted in memory alone.
   * @throws InjectedOutageError
   * @throws RateLimitError
   * @throws PermissionDeniedError
   */
  look(caller: Caller, operation: ReadOperation): void {
    try {
      this.#gate.look(caller, operation, this);
    } catch (error) {
      throw this.#listeners.refused(error);
    }
  }

  /** Moves time to `until`, ending all work that is due by then. */
  advanceTo(until: number, maxSteps = this.settings.maxSteps, isEnough?: () => boolean): void {
    if (this.#overlay.isOpen) throw openTransactionError();
    if (until < this.now) throw timeGoesBackError({ now: this.now, until });
    const stop = { isRequested: false };
    this.#whileDue("advance", maxSteps, () => {
      stop.isRequested = isEnough?.() === true;
      if (stop.isRequested) return undefined;
      const due = this.#eventQueue.peek(this.#topology);
      return due !== undefined && due.dueAt <= until ? due : undefined;
    });
    if (stop.isRequested) return;
    // A listener may have moved time further, or put another world in the place of this one.
    this.#now = Math.max(this.#now, until);
  }

  /** Sets the clock of a replay, which ends work by itself: nothing may be due before that time. */
  jumpTo(time: number): void {
    if (this.#overlay.isOpen) throw openTransactionError();
    checkJump(time, { now: this.now, dueAt: this.nextDue()?.dueAt });
    this.#now = time;
  }

  /** Ends the next thing due and jumps to its time; undefined when nothing is due. */
  step(): JournalEntry | undefined {
    const due = this.nextDue();
    return due && this.#step(due);
  }

  /** Runs until no task is running. Schedules fire when they are due, but are not waited for. */
  settle(maxSteps = this.settings.maxSteps): void {
    this.#whileDue("settle", maxSteps, () => this.#eventQueue.peekWhileWorking(this.#topology));
  }

  /** The next thing due, left where it is. */
  nextDue(): DueItem | undefined {
    return this.#eventQueue.peek(this.topology);
  }

  /** Everything due, in order. */
  pending(): readonly DueItem[] {
    return this.#eventQueue.pending(this.topology);
  }

  /** Everything that can happen next, were durations unknown. */
  choices(): readonly OpenChoice[] {
    return choicesOf(this.pending(), this.#choiceContext);
  }

  /** What of the world matters for its future. O(what has changed since it was asked for, here or before the fork). */
  shape(options: Required<ShapeOptions>): string {
    this.#shapes ??= new WorldShapes();
    return this.#shapes.read(options, this.#topology);
  }

  /** Lets one of the choices happen now, whenever it is due. */
  fire(choice: unknown): void {
    if (this.settings.journal) throw journalOnError();
    const context = this.#choiceContext;
    const { due, victimId } = findChoice(choice, { pending: this.pending(), context });
    this.#step(due, { victimId });
  }

  /** Returns what one of its choices would lead to, and leaves this world as it is. Only on the immutable store. */
  tryOpen({ due, choice }: OpenChoice): TriedChoice<World> {
    const transaction = this.#begin({ accountId: due.row.accountId, role: "admin" }, this.#now);
    try {
      processDue(transaction, due, choice.victimId ?? undefined);
      const entry = journalEntry(transaction, triggerOf(due));
      const { topology } = this.store.publish(this.#topology, this.#overlay.topology, {
        patches: false,
      });
      const { nextTaskSeq } = transaction;
      return { topology, entry, world: () => this.#after(entry, topology, nextTaskSeq) };
    } finally {
      this.#overlay.isOpen = false;
    }
  }

  /** A fork after an entry that is not part of this world. */
  #after({ seq, facts }: JournalEntry, topology: Topology, nextTaskSeq: number): World {
    const world = this.fork(this.settings, topology);
    world.#seq = seq + 1;
    world.#taskSeq = nextTaskSeq;
    world.#eventQueue.follow(facts);
    world.#shapes = undefined;
    return world;
  }

  get #choiceContext(): ChoiceContext {
    const { lifecycle, latency } = this.#context;
    return { topology: this.#topology, lifecycle, latency };
  }

  /** Calls the listener after every change from now on; the returned function unsubscribes it. */
  subscribe(listener: Listener, wishes: SubscriptionWishes): () => void {
    return this.#listeners.add(listener, wishes);
  }

  /** Calls `listener` with every refused command or read; nothing of it becomes state. */
  onRefusal(listener: RefusalListener): () => void {
    return this.#listeners.addRefusalListener(listener);
  }

  /** Another world with the same past. O(1) for the immutable store; `topology` is given for the other. */
  fork(settings: Settings, copied?: Topology): World {
    const isSamePast = settings === this.settings;
    return new World(settings, this.live, {
      position: copied === undefined ? this.position : { ...this.position, topology: copied },
      store: this.store,
      overlay: this.#overlay,
      eventQueue: this.#eventQueue.fork(),
      shapes: this.#shapes?.fork(),
      journal: isSamePast ? this.#journal.fork() : this.#journal.branch(this.#seq),
      // Forks of one seed share what they have found out about its draws.
      ...(settings.seed === this.settings.seed ? { chance: this.#context.chance } : {}),
    });
  }

  /**
   * Redraws the running tasks and random processes under the seed of this world, which other settings had drawn. Not an
   * event: no journal entry is written, and no subscriber exists yet.
   */
  redraw(options: RedrawOptions): void {
    const caller = { accountId: this.settings.accountId, role: "admin" } as const;
    const seq = this.#seq;
    // It writes no entry: what it changes follows from the last entry of the past.
    const transaction = this.#begin(caller, this.#now, Math.max(0, seq - 1));
    try {
      redraw(transaction, options);
      if (transaction.facts.length > 0) this.#publish(transaction);
      this.#seq = seq;
    } finally {
      this.#overlay.isOpen = false;
    }
  }

  /** A world in this one's place: the same people listen, and the same functions serve it. */
  replaced(
    settings: Settings,
    start: { readonly position: WorldState; readonly journal?: JournalLog },
  ): World {
    if (this.#overlay.isOpen) throw openTransactionError();
    const { store } = this;
    const world = new World(settings, this.live, { ...start, store, listeners: this.#listeners });
    this.#isOver = true;
    return world;
  }

  /** Drops the lines of the journal before this number. O(lines kept). */
  forget(seq: number): void {
    this.#journal = this.#journal.from(seq);
  }

  #run(caller: Caller, command: Command): JournalEntry {
    const { accountId } = caller;
    const why: EntryOrigin = { trigger: { kind: "command", accountId, command }, cause: null };
    const transaction = this.#begin(caller, this.#now);
    let patches: readonly Patch[] | undefined;
    let entry: JournalEntry;
    try {
      decide(transaction, command);
      entry = journalEntry(transaction, why);
      patches = this.#publish(transaction);
    } finally {
      this.#overlay.isOpen = false;
    }
    this.#gate.count(accountId, command.type, this.#now);
    return this.#record(entry, patches);
  }

  #whileDue(doing: string, maxSteps: number, next: () => DueItem | undefined): void {
    for (let steps = 0; ; steps++) {
      const due = this.#isOver ? undefined : next();
      if (due === undefined) return;
      if (steps === maxSteps) throw stepLimitError(doing, maxSteps);
      this.#step(due);
    }
  }

  /** Processes a due item at its due time, or now if it is a choice, with its target if it has one. */
  #step(due: DueItem, fired?: Pick<Choice, "victimId">): JournalEntry | undefined {
    const now = fired === undefined ? due.dueAt : this.#now;
    const transaction = this.#begin({ accountId: due.accountId, role: "admin" }, now);
    // Millions of steps a second run here: no entry is built unless the journal or a subscriber needs it.
    const isReported = this.settings.journal || this.#listeners.isThere;
    let patches: readonly Patch[] | undefined;
    let entry: JournalEntry | undefined;
    try {
      processDue(transaction, due, fired?.victimId ?? undefined);
      if (isReported) entry = journalEntry(transaction, triggerOf(due));
      // The fired task may not be the first of the queue, which later skips it.
      patches = this.#publish(transaction, fired === undefined ? due : undefined);
    } finally {
      this.#overlay.isOpen = false;
    }
    return entry && this.#record(entry, patches);
  }

  /** One context serves every transaction of a world: none outlives the call that it was made for. */
  #begin(caller: Caller, now: number, seq = this.#seq): Transaction {
    if (this.#overlay.isOpen) throw openTransactionError();
    this.#overlay.begin(this.#topology);
    this.#overlay.isOpen = true;
    const context = this.#context;
    context.topology = this.#overlay.topology;
    context.now = now;
    context.accountId = caller.accountId;
    context.role = caller.role;
    context.lastNamed.instance = undefined;
    return new Transaction(context, {
      before: this.#topology,
      now,
      seq,
      nextTaskSeq: this.#taskSeq,
      service,
    });
  }

  /** Returns the context of rules outside a transaction. */
  #ruleContext({ accountId, role }: Caller): WorldContext {
    return {
      ...this.#context,
      topology: this.#topology,
      now: this.#now,
      accountId,
      role,
      lastNamed: { instance: undefined },
    };
  }

  /**
   * Makes a transaction the state of the world. The store throws before it has changed anything, or not at all; nothing
   * after it throws, so that a transaction is published whole or has not been.
   */
  #publish(transaction: Transaction, due?: DueItem): readonly Patch[] | undefined {
    this.#shapes?.note(this.#overlay.topology);
    const published = this.store.publish(this.#topology, this.#overlay.topology, {
      patches: this.#listeners.wantsPatches,
    });
    this.#topology = published.topology;
    this.#now = transaction.now;
    this.#seq = transaction.seq + 1;
    this.#taskSeq = transaction.nextTaskSeq;
    if (due !== undefined) this.#eventQueue.take(due);
    this.#eventQueue.follow(transaction.facts);
    return published.patches;
  }

  /** Writes down what has happened, and notifies who listens. */
  #record(entry: JournalEntry, patches: readonly Patch[] | undefined): JournalEntry {
    if (this.settings.journal) this.#journal.append(entry);
    this.#listeners.notify(entry, patches);
    return entry;
  }
}
