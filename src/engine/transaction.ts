import { rowAt } from "../collections/table.js";
import { durationMsMax } from "../domain/distributions.js";
import type { Backup, HaGroup, Instance, OperationError, Place, Work } from "../domain/entities.js";
import { InvariantViolationError } from "../domain/errors.js";
import type { Fact } from "../domain/facts.js";
import {
  type BackupSignal,
  type HaGroupSignal,
  type HaGroupState,
  type InstanceSignal,
  type InstanceState,
  type TaskKind,
} from "../domain/statuses.js";
import type { Interpreter } from "../lifecycle/interpreter.js";
import { evolve } from "../topology/evolve.js";
import { slowdownFactor } from "../topology/faults.js";
import { accountOf } from "../topology/queries.js";
import type { RuleContext } from "../topology/rules/rule.js";
import type { Mutable, OwnedKind, Topology } from "../topology/state.js";
import type { IdKind, KeyedRandom } from "./keyedRandom.js";
import { drawDuration, jitterOf, type LatencyKey, type LatencyProfile } from "./latency.js";

/** What decisions are made from, beside the topology: all of it values, none of it reached for. */
export interface EngineContext extends RuleContext {
  readonly chance: KeyedRandom;
  readonly latency: LatencyProfile;
  /** Share by which durations spread, 0 to 1. */
  readonly jitter: number;
  readonly interpreter: Interpreter;
  /** Makes ids, where the caller brought a maker; else they are seeded UUIDs. */
  readonly newId: ((kind: IdKind, ordinal: number) => string) | undefined;
}

/** What work is for and how long it takes, where its kind alone does not say it. */
export interface WorkOptions {
  readonly target?: string | number | null;
  readonly latency?: LatencyKey;
  /** What it takes beside the duration of its kind: what there is to copy, or to catch up. Not drawn here, and not jittered. */
  readonly extraMs?: number;
}

/** What a step of a lifecycle brings along. */
export interface StepOptions extends WorkOptions {
  readonly lastError?: OperationError;
}

/** One object for all steps that bring nothing along: millions a second do. */
const emptyPlaceholder: StepOptions = {};

/** What a transaction does about a fact as soon as it has become true. */
export type FactReaction = (transaction: Transaction, fact: Fact) => void;

/**
 * What one command or one due item leads to. A fact that is emitted is true at once for whoever reads
 * `context.topology`; outside, nothing has changed before the whole is published. Rows are values: one that was read
 * stays what it was, and is read again where it may have changed.
 */
export class Transaction {
  /** What has become true, in order. */
  readonly facts: Fact[] = [];
  /** What decisions are made from; its topology is the present one. */
  readonly context: EngineContext;
  /** The topology as it was before the first fact. */
  readonly before: Topology;
  readonly now: number;
  /** Number of the journal entry that these facts will stand in. */
  readonly seq: number;
  readonly #onFact: FactReaction;
  #taskSeq: number;
  #also: readonly number[] | undefined;

  constructor(
    context: EngineContext,
    at: {
      readonly before: Topology;
      readonly now: number;
      readonly seq: number;
      readonly nextTaskSeq: number;
      readonly onFact: FactReaction;
    },
  ) {
    this.context = context;
    this.before = at.before;
    this.now = at.now;
    this.seq = at.seq;
    this.#taskSeq = at.nextTaskSeq;
    this.#onFact = at.onFact;
  }

  /** Makes a fact true, and with it what follows from it at once. */
  emit(fact: Fact): void {
    const { topology, lastNamed } = this.context;
    evolve(topology as Mutable<Topology>, fact, this.now);
    lastNamed.instance = undefined;
    this.facts.push(fact);
    this.#onFact(this, fact);
  }

  /** The number for the next task, after those that this transaction has started. */
  get nextTaskSeq(): number {
    return this.#taskSeq;
  }

  /** Entries without which this one would have come out differently, beside the one that made it due. */
  get also(): readonly number[] {
    return this.#also ?? [];
  }

  /** Notes that an entry before this one has a part in what happens now. */
  owe(cause: number): void {
    if (this.#also?.includes(cause) !== true) this.#also = [...this.also, cause];
  }

  /** Takes a number in the order of what is due at one time. */
  takeSeq(): number {
    return this.#taskSeq++;
  }

  /** Work that starts now, of the row that `owner` is or will be. */
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
    const slowness = slowdownFactor(this.context.topology, { task, accountId });
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

  /** The place in the order of creation that the account's next row of a kind gets. */
  nextPlace(kind: OwnedKind): Place {
    const { topology, accountId } = this.context;
    const accountOrdinal = accountOf(topology, accountId)?.created[kind] ?? 0;
    return { ordinal: topology[kind].size, accountOrdinal };
  }

  /** An instance as it is now; one that is gone is as it was last read. */
  instance(read: Instance): Instance {
    return rowAt(this.context.topology.instances, read.ordinal) ?? read;
  }

  /** A group as it is now; one that is gone is as it was last read. */
  group(read: HaGroup): HaGroup {
    return rowAt(this.context.topology.groups, read.ordinal) ?? read;
  }

  /** The state of an instance now. */
  stateOf(instance: Instance): InstanceState {
    return this.instance(instance).state;
  }

  /** The state of a group now. */
  groupStateOf(group: HaGroup): HaGroupState {
    return this.group(group).state;
  }

  /** Sends a signal that the rules have let pass. */
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

  /** Sends a signal that a lifecycle may ignore; tells whether it was taken. */
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
    // A signal that leaves an instance where it is (a second deletion, a rename) restarts nothing.
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

  /** The state in which a group begins. */
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

  /** Sends a signal to a group that the rules have let pass. */
  stepGroup(group: HaGroup, signal: HaGroupSignal, options: StepOptions = emptyPlaceholder): void {
    if (!this.tryGroup(group, signal, options)) {
      throw new InvariantViolationError(
        `HA group ${group.id} in state ${group.state} does not handle ${signal}`,
      );
    }
  }

  /** Sends a signal that a group may ignore; tells whether it was taken. */
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

  /** Sends a signal to a backup; tells whether it was taken. */
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
