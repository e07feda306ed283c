import type { Command, CommandType } from "../domain/commands.js";
import { InvalidInputError, type ReplicationError } from "../domain/errors.js";
import type { ReadOperation } from "../domain/operations.js";
import { readAnyCommand, readCommand, readCommandType } from "../domain/parseCommand.js";
import { commitTransaction } from "../engine/commitFacts.js";
import { decide } from "../engine/decide.js";
import { type DueItem, EventQueue } from "../engine/eventQueue.js";
import { type JournalEntry, JournalLog, journalEntry, type Why } from "../engine/journal.js";
import { KeyedRandom } from "../engine/keyedRandom.js";
import { processDue, triggerOf } from "../engine/processDue.js";
import { Transaction } from "../engine/transaction.js";
import {
  type Commit,
  deepFreeze,
  immutableCommit,
  inPlaceCommit,
  type Patch,
} from "../topology/commit.js";
import { allRefusals } from "../topology/rules/ruleBook.js";
import type { Topology } from "../topology/state.js";
import { RequestGuard } from "./admission.js";
import type { Caller } from "./caller.js";
import type { RuntimeHooks, Settings } from "./options.js";
import { invalidWorldDataError } from "./serialization.js";
import { type Listener, SubscriberList } from "./subscribers.js";
import { stepLimitError, timeGoesBackError } from "./timeErrors.js";
import { contextOf, type WorldContext } from "./worldContext.js";
import type { WorldState } from "./worldState.js";

/** One simulated service: the only object of the house that holds state. */
export class World {
  readonly settings: Settings;
  readonly live: RuntimeHooks;
  readonly #context: WorldContext;
  readonly #commit: Commit;
  #topology: Topology;
  #now: number;
  #seq: number;
  #taskSeq: number;
  #agenda: EventQueue;
  #journal: JournalLog;
  readonly #gate: RequestGuard;
  readonly #audience: SubscriberList;
  /** Whether another world has taken its place: nothing happens here any more. */
  #isOver = false;

  constructor(
    settings: Settings,
    live: RuntimeHooks,
    start: {
      readonly position: WorldState;
      readonly agenda?: EventQueue;
      readonly journal?: JournalLog;
      readonly audience?: SubscriberList;
    },
  ) {
    this.settings = settings;
    this.live = live;
    const { topology, now, seq, nextTaskSeq: taskSeq } = start.position;
    const isImmutable = settings.store === "immutable";
    this.#topology = isImmutable ? deepFreeze(topology) : topology;
    this.#commit = isImmutable ? immutableCommit() : inPlaceCommit();
    this.#now = now;
    this.#seq = seq;
    this.#taskSeq = taskSeq;
    this.#gate = new RequestGuard(settings.rateLimits, start.position.requests);
    this.#agenda = start.agenda ?? EventQueue.of(topology);
    this.#journal = start.journal ?? JournalLog.startingAt(seq);
    this.#audience = start.audience ?? new SubscriberList();
    const chance = new KeyedRandom(settings.seed);
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

  /** Reads, decides and commits one command. Heard first: an outage, the rate, the shape, the role, the rules (§5). */
  execute(caller: Caller, type: CommandType, input: unknown): JournalEntry {
    this.#gate.admit(caller, type, this);
    return this.#run(caller, readCommand(type, input, this.settings.limits));
  }

  /** The same for a command as plain data. */
  executeAny(
    caller: Caller,
    command: unknown,
  ): { readonly line: JournalEntry; readonly command: Command } {
    this.#gate.admit(caller, readCommandType(command), this);
    const read = readAnyCommand(command, this.settings.limits);
    return { line: this.#run(caller, read), command: read };
  }

  /** Everything that would refuse a command now; nothing is executed. */
  check(caller: Caller, command: unknown): readonly ReplicationError[] {
    const refusals: ReplicationError[] = [];
    try {
      refusals.push(...this.#gate.against(caller, readCommandType(command), this));
      const read = readAnyCommand(command, this.settings.limits);
      return [...refusals, ...allRefusals(read, this.#moment(caller).context)];
    } catch (error) {
      if (error instanceof InvalidInputError) return [...refusals, error];
      throw error;
    }
  }

  /** What an account hears before anybody looks at what it asks; nothing is counted. */
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
    this.#gate.look(caller, operation, this);
  }

  /** Moves time to `until`, ending all work that is due by then. */
  advanceTo(until: number): void {
    if (until < this.now) throw timeGoesBackError({ now: this.now, until });
    this.#whileDue("advance", () => {
      const due = this.#agenda.peek(this.#topology);
      return due !== undefined && due.dueAt <= until ? due : undefined;
    });
    // A listener may have moved time further, or put another world in the place of this one.
    this.#now = Math.max(this.#now, until);
  }

  /** Sets the clock of a replay, which ends work by itself: nothing may be due before that time. */
  jumpTo(time: number): void {
    if (time < this.now) {
      throw invalidWorldDataError(
        "journal-differs",
        `the journal goes on at ${String(time)}, but virtual time is ${String(this.now)} already`,
      );
    }
    const due = this.nextDue();
    if (due !== undefined && due.dueAt < time) {
      throw invalidWorldDataError(
        "journal-differs",
        `something is due at ${String(due.dueAt)}, before the journal's next line at ${String(time)}`,
      );
    }
    this.#now = time;
  }

  /** Ends the next thing due and jumps to its time; undefined when nothing is due. */
  step(): JournalEntry | undefined {
    const due = this.nextDue();
    return due && this.#step(due);
  }

  /** Runs until no work is under way. Schedules fire when their hour comes, but nobody waits for them. */
  settle(): void {
    this.#whileDue("settle", () => this.#agenda.peekWhileWorking(this.#topology));
  }

  /** The next thing due, left where it is. */
  nextDue(): DueItem | undefined {
    return this.#agenda.peek(this.topology);
  }

  /** Everything due, in order. */
  pending(): readonly DueItem[] {
    return this.#agenda.pending(this.topology);
  }

  /** Hears of every change from now on; the returned function ends that. */
  subscribe(listener: Listener, wishes: { readonly patches: boolean }): () => void {
    return this.#audience.add(listener, wishes);
  }

  /** Another world with the same past. O(1) for the immutable store; `topology` is given for the other. */
  fork(settings: Settings, copied?: Topology): World {
    const isSamePast = settings === this.settings;
    return new World(settings, this.live, {
      position: copied === undefined ? this.position : { ...this.position, topology: copied },
      agenda: this.#agenda.fork(),
      journal: isSamePast ? this.#journal.fork() : this.#journal.branch(this.#seq),
    });
  }

  /** A world in this one's place: the same people listen, and the same functions serve it. */
  replaced(
    settings: Settings,
    start: { readonly position: WorldState; readonly journal?: JournalLog },
  ): World {
    this.#isOver = true;
    return new World(settings, this.live, { ...start, audience: this.#audience });
  }

  /** Drops the lines of the journal before this number. O(lines kept). */
  forget(seq: number): void {
    this.#journal = this.#journal.from(seq);
  }

  #run(caller: Caller, command: Command): JournalEntry {
    const { accountId } = caller;
    const moment = this.#moment(caller);
    decide(moment, command);
    this.#gate.count(accountId, command.type, this.#now);
    const why: Why = { trigger: { kind: "command", accountId, command }, cause: null };
    return this.#tell(moment, why, this.#write(moment));
  }

  #whileDue(doing: string, next: () => DueItem | undefined): void {
    const { maxSteps } = this.settings;
    for (let steps = 0; ; steps++) {
      const due = this.#isOver ? undefined : next();
      if (due === undefined) return;
      if (steps === maxSteps) throw stepLimitError(doing, maxSteps);
      // Millions of steps a second are taken here: none is put into words that nobody reads.
      if (this.settings.journal || this.#audience.isThere) this.#step(due);
      else this.#write(this.#settled(due));
    }
  }

  /** Ends what is due, and tells it. */
  #step(due: DueItem): JournalEntry {
    const why = triggerOf(due); // now, since the row is another one after it, or the same row changed
    const moment = this.#settled(due);
    return this.#tell(moment, why, this.#write(moment));
  }

  /** What ending it leads to. Virtual time moves to the moment at which it was due, whoever asked. */
  #settled(due: DueItem): Transaction {
    this.#agenda.take(due);
    this.#now = due.dueAt;
    const moment = this.#moment({ accountId: due.row.accountId, role: "admin" });
    processDue(moment, due);
    return moment;
  }

  /** One context object serves every moment: none outlives the call that it was made for. */
  #moment({ accountId, role }: Caller): Transaction {
    this.#context.topology = this.#topology;
    this.#context.now = this.#now;
    this.#context.accountId = accountId;
    this.#context.role = role;
    this.#context.lastNamed.instance = undefined;
    return new Transaction(this.#context, {
      now: this.#now,
      seq: this.#seq,
      nextTaskSeq: this.#taskSeq,
    });
  }

  /** The one door for change: every fact of the house passes here. The difference comes back where it is wanted. */
  #write(moment: Transaction): readonly Patch[] | undefined {
    const patches = this.#audience.wantsPatches;
    const committed = commitTransaction(moment, this.#topology, { commit: this.#commit, patches });
    this.#topology = committed.topology;
    this.#seq = moment.seq + 1;
    this.#taskSeq = moment.nextTaskSeq;
    this.#agenda.follow(moment.facts);
    return committed.patches;
  }

  /** Writes down what happened, and tells it to whoever listens. */
  #tell(moment: Transaction, why: Why, patches: readonly Patch[] | undefined): JournalEntry {
    const line = journalEntry(moment, why);
    if (this.settings.journal) this.#journal.append(line);
    this.#audience.tell(line, patches);
    return line;
  }
}
