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
  isDown,
  type TaskKind,
} from "../domain/statuses.js";
import type { Interpreter } from "../lifecycle/interpreter.js";
import { faultOnPart, slowdownFactor } from "../topology/faults.js";
import { accountOf, instanceOf, type OwnId, replicasOf } from "../topology/queries.js";
import type { RuleContext } from "../topology/rules/rule.js";
import type { OwnedKind } from "../topology/state.js";
import { createdBy } from "./creationFacts.js";
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
}

/** What a step of a lifecycle brings along. */
export interface StepOptions extends WorkOptions {
  readonly lastError?: OperationError;
}

/** One object for all steps that bring nothing along: millions a second do. */
const emptyPlaceholder: StepOptions = {};

/** One moment: facts are gathered here, and nothing is written. */
export class Transaction {
  readonly facts: Fact[] = [];
  readonly context: EngineContext;
  readonly now: number;
  /** Number of the journal line that these facts will stand in. */
  readonly seq: number;
  #taskSeq: number;
  #also: readonly number[] | undefined;
  /** The group whose state or whose members' state has changed: none in most moments, and never two. */
  #group: OwnId | undefined;

  constructor(
    context: EngineContext,
    at: { readonly now: number; readonly seq: number; readonly nextTaskSeq: number },
  ) {
    this.context = context;
    this.now = at.now;
    this.seq = at.seq;
    this.#taskSeq = at.nextTaskSeq;
  }

  /** The number for the next task, after those that this moment has started. */
  get nextTaskSeq(): number {
    return this.#taskSeq;
  }

  /** Lines without which this one would have come out differently, beside the one that made it due. */
  get also(): readonly number[] {
    return this.#also ?? [];
  }

  /** Notes that a line before this one has a part in what happens now. */
  owe(cause: number): void {
    if (this.#also?.includes(cause) !== true) this.#also = [...this.also, cause];
  }

  /** Takes a number in the order of things due at one moment. */
  takeSeq(): number {
    return this.#taskSeq++;
  }

  /** The group that has something to hear at the end of this moment. */
  get touchedGroup(): OwnId | undefined {
    return this.#group;
  }

  /** Work that starts now, of the row that `owner` is or will be. */
  work(
    task: TaskKind,
    owner: { readonly key: string; readonly tasksStarted: number },
    { latency: named = task, target = null }: WorkOptions = emptyPlaceholder,
  ): Work {
    const { chance, latency, jitter } = this.context;
    const duration = drawDuration(latency[named], {
      chance,
      key: { purpose: "duration", key: owner.key, sequence: owner.tasksStarted },
      jitter: jitterOf(task, jitter),
    });
    const slowness = slowdownFactor(this.context.topology, task);
    const ms = slowness === 1 ? duration : Math.min(Math.round(duration * slowness), durationMsMax);
    const seq = this.takeSeq();
    return { task, dueAt: this.now + ms, seq, cause: this.seq, target };
  }

  /** The place in the order of creation that the account's next row of a kind gets, after those of this moment. */
  nextPlace(kind: OwnedKind): Place {
    const { topology, accountId } = this.context;
    const created = createdBy[kind];
    let here = 0;
    for (const fact of this.facts) if (fact.type === created) here += 1;
    const before = accountOf(topology, accountId)?.created[kind] ?? 0;
    return { ordinal: topology[kind].size + here, accountOrdinal: before + here };
  }

  /** The state of an instance after the facts of this moment. */
  stateOf(instance: Instance): InstanceState {
    return this.#lastOf(instance).state;
  }

  /** Where the state of an instance was last said: in a fact of this moment, or else in its row. */
  #lastOf(instance: Instance): Pick<Instance, "state" | "status"> {
    for (let at = this.facts.length - 1; at >= 0; at--) {
      const fact = this.facts[at];
      if (fact?.type === "InstanceStateEntered" && fact.row === instance.ordinal) return fact;
    }
    return instance;
  }

  /** The state of a group after the facts of this moment. */
  groupStateOf(group: HaGroup): HaGroupState {
    return this.#lastOfGroup(group).state;
  }

  #lastOfGroup(group: HaGroup): Pick<HaGroup, "state" | "status"> {
    for (let at = this.facts.length - 1; at >= 0; at--) {
      const fact = this.facts[at];
      if (fact?.type === "GroupStateEntered" && fact.row === group.ordinal) return fact;
    }
    return group;
  }

  /** Sends a signal that the rules have let pass. */
  stepInstance(
    instance: Instance,
    signal: InstanceSignal,
    options: StepOptions = emptyPlaceholder,
  ): void {
    if (!this.tryInstance(instance, signal, options)) {
      throw new InvariantViolationError(
        `${instance.id} in ${instance.state} does not take ${signal}`,
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
    const { state: from, status: statusBefore } = this.#lastOf(instance);
    const state = interpreter.nextInstanceState(from, signal);
    if (state === undefined) return false;
    const { lastError: fault } = options;
    // A signal that leaves an instance where it is (a second deletion, a rename) restarts nothing.
    if (state === from && fault === undefined) return true;
    const { taskOf, statusOf } = lifecycle.instance;
    const task = taskOf[state];
    this.facts.push({
      type: "InstanceStateEntered",
      id: instance.id,
      row: instance.ordinal,
      from,
      state,
      statusBefore,
      status: statusOf[state],
      work: task && this.work(task, instance, options),
      lastError: fault ?? null,
    });
    const { groupId } = instance;
    if (groupId !== null) this.#touched({ id: groupId, accountId: instance.accountId });
    if (instance.replicaIds.length > 0) this.#tellReplicas(instance, state);
    else if (state === "active" && instance.sourceId !== null) this.#lookForSource(instance);
    return true;
  }

  /** The state in which a group begins. */
  firstGroupState(
    signal: "creation.accepted" | "conversion.accepted",
  ): Pick<HaGroup, "state" | "status"> {
    const { interpreter, lifecycle } = this.context;
    const { initial, statusOf } = lifecycle.group;
    const state = interpreter.nextGroupState(initial, signal);
    if (state === undefined) throw new InvariantViolationError(`no group begins with ${signal}`);
    return { state, status: statusOf[state] };
  }

  /** Sends a signal to a group that the rules have let pass. */
  stepGroup(group: HaGroup, signal: HaGroupSignal, options: StepOptions = emptyPlaceholder): void {
    if (!this.tryGroup(group, signal, options)) {
      throw new InvariantViolationError(`${group.id} in ${group.state} does not take ${signal}`);
    }
  }

  /** Sends a signal that a group may ignore; tells whether it was taken. */
  tryGroup(
    group: HaGroup,
    signal: HaGroupSignal,
    options: StepOptions = emptyPlaceholder,
  ): boolean {
    const { interpreter, lifecycle } = this.context;
    const { state: from, status: statusBefore } = this.#lastOfGroup(group);
    const state = interpreter.nextGroupState(from, signal);
    if (state === undefined) return false;
    const { lastError: fault } = options;
    if (state === from && fault === undefined) return true;
    const { taskOf, statusOf } = lifecycle.group;
    const { id, ordinal } = group;
    const task = taskOf[state];
    this.facts.push({
      type: "GroupStateEntered",
      id,
      row: ordinal,
      from,
      state,
      statusBefore,
      status: statusOf[state],
      work: task && this.work(task, group, options),
      lastError: fault ?? null,
    });
    this.#touched(group);
    return true;
  }

  /** Sends a signal to a backup; tells whether it was taken. */
  tryBackup(
    backup: Backup,
    signal: BackupSignal,
    { lastError: fault }: StepOptions = emptyPlaceholder,
  ): boolean {
    const { interpreter, lifecycle } = this.context;
    const state = interpreter.nextBackupState(backup.state, signal);
    if (state === undefined) return false;
    if (state === backup.state) return true;
    const { taskOf, statusOf } = lifecycle.backup;
    const { id, ordinal } = backup;
    const task = taskOf[state];
    this.facts.push({
      type: "BackupStateEntered",
      id,
      row: ordinal,
      from: backup.state,
      state,
      statusBefore: backup.status,
      status: statusOf[state],
      work: task && this.work(task, backup),
      lastError: fault ?? null,
    });
    return true;
  }

  /** A replica that is back from other work cannot follow a source that is down, or while a fault forbids it (C35). */
  #lookForSource(replica: Instance): void {
    if (!this.#isHeldBroken(replica) && this.hasSourceThatServes(replica)) return;
    if (!this.#isCut(replica)) this.tryInstance(replica, "replication.broken");
  }

  /** Whether a replica has ceased in this moment to follow the source that its row names. */
  #isCut({ id }: Instance): boolean {
    return this.facts.some((fact) => fact.type === "ReplicationStopped" && fact.replicaId === id);
  }

  #touched({ id, accountId }: OwnId): void {
    this.#group ??= { id, accountId };
    if (this.#group.id !== id) {
      throw new InvariantViolationError(`groups ${this.#group.id} and ${id} change in one moment`);
    }
  }

  /** Whether there is somebody whom a replica can follow. */
  hasSourceThatServes({ accountId, sourceId }: Instance): boolean {
    if (sourceId === null) return false;
    const source = instanceOf(this.context.topology, { accountId, id: sourceId });
    return source !== undefined && !isDown(this.stateOf(source));
  }

  /** Whether a fault keeps replication broken, and has not ended in this moment. */
  #isHeldBroken(replica: Instance): boolean {
    const held = faultOnPart(this.context.topology, "replication", replica);
    if (held === undefined) return false;
    return !this.facts.some((fact) => fact.type === "FaultEnded" && fact.row === held.ordinal);
  }

  /** Without its source a replica's replication is broken; with it, it comes back by itself (C35). */
  #tellReplicas(source: Instance, state: InstanceState): void {
    const isLost = isDown(state);
    if (!isLost && state !== "active") return;
    const signal = isLost ? "replication.broken" : "replication.repaired";
    for (const replica of replicasOf(this.context.topology, source)) {
      if (this.#isCut(replica) || (!isLost && this.#isHeldBroken(replica))) continue;
      this.tryInstance(replica, signal);
    }
  }
}
