import { rowAt } from "../collections/table.js";
import type { HaGroupState } from "../lifecycle/groupStates.js";
import type { InstanceState } from "../lifecycle/instanceStates.js";
import type { Interpreter } from "../lifecycle/interpreter.js";
import type { BackupSignal, HaGroupSignal, InstanceSignal } from "../lifecycle/signals.js";
import { type TaskKind } from "../lifecycle/tasks.js";
import { durationMsMax } from "../model/distributions.js";
import { InvariantViolationError } from "../model/errors.js";
import type { Fact } from "../model/facts.js";
import type { OperationError, Place, Work } from "../model/rows.js";
import type { Mutable, OwnedKind, Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { IdKind, KeyedRandom } from "./keyedRandom.js";
import { drawDuration, jitterOf, type LatencyKey, type LatencyProfile } from "./latency.js";
import { accountOf } from "./queries.js";
import type { RuleContext } from "./ruleContext.js";

/** Input of decisions besides the topology: plain values only. */
export interface EngineContext extends RuleContext {
  readonly chance: KeyedRandom;
  readonly latency: LatencyProfile;
  /** Relative spread of durations, 0 to 1. */
  readonly jitter: number;
  readonly interpreter: Interpreter;
  readonly lastMembers: MemberCache;
  /** The caller's `createId`; without one, ids are seeded UUIDs. */
  readonly newId: ((kind: IdKind, ordinal: number) => string) | undefined;
}

/**
 * Where the rows of the members of a group are, by its list of replicas. The list is a value, and the ordinal of a row is
 * permanent, so that this holds as long as the group has the list.
 */
export interface MemberCache {
  replicaIds: readonly string[] | undefined;
  sourceOrdinal: number;
  replicaOrdinals: readonly number[];
}

/** Purpose and duration of a task, where its kind alone does not define them. */
export interface WorkOptions {
  readonly target?: string | number | null;
  readonly latency?: LatencyKey;
  /** Additional duration for copying or catching up. Not drawn and without jitter. */
  readonly extraMs?: number;
}

/** Options of a lifecycle step. */
export interface StepOptions extends WorkOptions {
  readonly lastError?: OperationError;
}

/** One shared object for steps without options: millions of steps per second use it. */
const emptyPlaceholder: StepOptions = {};

const noCauses: readonly number[] = [];

/** Handles a fact right after it is applied. */
export type FactReaction = (transaction: Transaction, fact: Fact) => void;

/** What the simulated service does within a transaction: its subjects are above this layer. */
export interface ServiceFunctions {
  /** Writes a fact into the topology. */
  readonly evolve: (topology: Mutable<Topology>, fact: Fact, at: number) => void;
  /** Reacts to a fact right after it is written. */
  readonly onFact: FactReaction;
  /** Returns the factor of the duration of a task of an account. */
  readonly slowdownFactor: (
    topology: Topology,
    of: { readonly task: TaskKind; readonly accountId: string },
  ) => number;
}

/**
 * The effects of one command or one due item. An emitted fact is visible at once in `context.topology`; outside,
 * nothing changes before the whole transaction is published. Rows are values: a row that was read does not change, so
 * read it again where it may have changed.
 */
export class Transaction {
  /** Emitted facts, in order. */
  readonly facts: Fact[] = [];
  /** Input of decisions; its topology is the current one. */
  readonly context: EngineContext;
  /** The topology before the first fact. */
  readonly before: Topology;
  readonly now: number;
  /** Number of the journal entry of this transaction. */
  readonly seq: number;
  readonly #service: ServiceFunctions;
  #taskSeq: number;
  #also: readonly number[] | undefined;

  constructor(
    context: EngineContext,
    at: {
      readonly before: Topology;
      readonly now: number;
      readonly seq: number;
      readonly nextTaskSeq: number;
      readonly service: ServiceFunctions;
    },
  ) {
    this.context = context;
    this.before = at.before;
    this.now = at.now;
    this.seq = at.seq;
    this.#taskSeq = at.nextTaskSeq;
    this.#service = at.service;
  }

  /** Applies a fact and its immediate consequences. */
  emit(fact: Fact): void {
    const { topology, lastNamed } = this.context;
    this.#service.evolve(topology as Mutable<Topology>, fact, this.now);
    lastNamed.instance = undefined;
    this.facts.push(fact);
    this.#service.onFact(this, fact);
  }

  /** Number of the next task, after those that this transaction has started. */
  get nextTaskSeq(): number {
    return this.#taskSeq;
  }

  /** Entries without which the outcome would differ, besides the cause. */
  get also(): readonly number[] {
    return this.#also ?? noCauses;
  }

  /** Records that an earlier entry contributed to this one. */
  owe(cause: number): void {
    if (this.#also?.includes(cause) !== true) this.#also = [...this.also, cause];
  }

  /** Returns the next sequence number of items that are due at the same time. */
  takeSeq(): number {
    return this.#taskSeq++;
  }

  /** Returns a task that starts now for the row `owner`. */
  work(
    task: TaskKind,
    owner: { readonly key: string; readonly tasksStarted: number },
    { latency: named = task, target = null, extraMs = 0 }: WorkOptions = emptyPlaceholder,
  ): Work {
    const { chance, latency, jitter, accountId } = this.context;
    const duration = drawDuration(latency[named], {
      chance,
      key: { purpose: "duration", key: owner.key, sequence: owner.tasksStarted },
      jitter: jitterOf(task, jitter),
    });
    const slowness = this.#service.slowdownFactor(this.context.topology, { task, accountId });
    const ms = slowness === 1 ? duration : Math.min(Math.round(duration * slowness), durationMsMax);
    const seq = this.takeSeq();
    const startedAt = this.now + Math.min(Math.round(extraMs * slowness), durationMsMax);
    return {
      task,
      startedAt,
      latency: named,
      factor: slowness,
      dueAt: startedAt + ms,
      seq,
      cause: this.seq,
      target,
    };
  }

  /** Returns the place of the account's next row of a kind, in order of creation. */
  nextPlace(kind: OwnedKind): Place {
    const { topology, accountId } = this.context;
    const accountOrdinal = accountOf(topology, accountId)?.created[kind] ?? 0;
    return { ordinal: topology[kind].size, accountOrdinal };
  }

  /** Returns an instance as it is now; a removed one as it was last read. */
  instance(read: Instance): Instance {
    return rowAt(this.context.topology.instances, read.ordinal) ?? read;
  }

  /** Returns a group as it is now; a removed one as it was last read. */
  group(read: HaGroup): HaGroup {
    return rowAt(this.context.topology.groups, read.ordinal) ?? read;
  }

  /** Returns the current state of an instance. */
  stateOf(instance: Instance): InstanceState {
    return this.instance(instance).state;
  }

  /** Returns the current state of a group. */
  groupStateOf(group: HaGroup): HaGroupState {
    return this.group(group).state;
  }

  /** Sends a signal that the rules have allowed. */
  stepInstance(
    instance: Instance,
    signal: InstanceSignal,
    options: StepOptions = emptyPlaceholder,
  ): void {
    if (!this.tryInstance(instance, signal, options)) {
      throw new InvariantViolationError(
        `instance ${instance.id} in state ${instance.state} does not handle ${signal}`,
      );
    }
  }

  /** Sends a signal that a lifecycle may ignore. Returns whether it was handled. */
  tryInstance(
    instance: Instance,
    signal: InstanceSignal,
    options: StepOptions = emptyPlaceholder,
  ): boolean {
    const { interpreter, lifecycle } = this.context;
    const present = this.instance(instance);
    const { state: from, status: statusBefore } = present;
    const state = interpreter.nextInstanceState(from, signal);
    if (state === undefined) return false;
    const { lastError: fault } = options;
    // A signal that leaves the state unchanged (a second deletion, a rename) does not restart the task.
    if (state === from && fault === undefined) return true;
    const { taskOf, statusOf } = lifecycle.instance;
    const task = taskOf[state];
    this.emit({
      type: "InstanceStateEntered",
      id: instance.id,
      row: instance.ordinal,
      from,
      state,
      statusBefore,
      status: statusOf[state],
      work: task && this.work(task, present, options),
      lastError: fault ?? null,
    });
    return true;
  }

  /** Returns the initial state of a group. */
  firstGroupState(
    signal: "creation.accepted" | "conversion.accepted",
  ): Pick<HaGroup, "state" | "status"> {
    const { interpreter, lifecycle } = this.context;
    const { initial, statusOf } = lifecycle.group;
    const state = interpreter.nextGroupState(initial, signal);
    if (state === undefined)
      throw new InvariantViolationError(`no group state starts with ${signal}`);
    return { state, status: statusOf[state] };
  }

  /** Sends a signal to a group that the rules have allowed. */
  stepGroup(group: HaGroup, signal: HaGroupSignal, options: StepOptions = emptyPlaceholder): void {
    if (!this.tryGroup(group, signal, options)) {
      throw new InvariantViolationError(
        `HA group ${group.id} in state ${group.state} does not handle ${signal}`,
      );
    }
  }

  /** Sends a signal that a group may ignore. Returns whether it was handled. */
  tryGroup(
    group: HaGroup,
    signal: HaGroupSignal,
    options: StepOptions = emptyPlaceholder,
  ): boolean {
    const { interpreter, lifecycle } = this.context;
    const present = this.group(group);
    const { state: from, status: statusBefore } = present;
    const state = interpreter.nextGroupState(from, signal);
    if (state === undefined) return false;
    const { lastError: fault } = options;
    if (state === from && fault === undefined) return true;
    const { taskOf, statusOf } = lifecycle.group;
    const { id, ordinal } = group;
    const task = taskOf[state];
    this.emit({
      type: "GroupStateEntered",
      id,
      row: ordinal,
      from,
      state,
      statusBefore,
      status: statusOf[state],
      work: task && this.work(task, present, options),
      lastError: fault ?? null,
    });
    return true;
  }

  /** Sends a signal to a backup. Returns whether it was handled. */
  tryBackup(
    backup: Backup,
    signal: BackupSignal,
    options: StepOptions = emptyPlaceholder,
  ): boolean {
    const { interpreter, lifecycle } = this.context;
    const { lastError: fault } = options;
    const present = rowAt(this.context.topology.backups, backup.ordinal) ?? backup;
    const { state: from, status: statusBefore } = present;
    const state = interpreter.nextBackupState(from, signal);
    if (state === undefined) return false;
    if (state === from) return true;
    const { taskOf, statusOf } = lifecycle.backup;
    const { id, ordinal } = backup;
    const task = taskOf[state];
    this.emit({
      type: "BackupStateEntered",
      id,
      row: ordinal,
      from,
      state,
      statusBefore,
      status: statusOf[state],
      work: task && this.work(task, present, options),
      lastError: fault ?? null,
    });
    return true;
  }
}
