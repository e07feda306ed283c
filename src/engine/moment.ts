import type { HaGroup, Instance, OperationFault, Work } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { Fact } from "../domain/facts.js";
import type { HaGroupSignal, InstanceSignal, InstanceState, TaskKind } from "../domain/statuses.js";
import type { Interpreter } from "../lifecycle/interpreter.js";
import { replicasOf } from "../topology/queries.js";
import type { RuleContext } from "../topology/rules/rule.js";
import type { Chance } from "./chance.js";
import { drawDuration, type LatencyKey, type LatencyProfile } from "./latency.js";

/** What decisions are made from, beside the topology: all of it values, none of it reached for. */
export interface EngineContext extends RuleContext {
  readonly chance: Chance;
  readonly latency: LatencyProfile;
  /** Share by which durations spread, 0 to 1. */
  readonly jitter: number;
  readonly interpreter: Interpreter;
  /** Makes ids; seeded UUIDs unless the caller brought a maker. */
  readonly newId: (kind: "instance" | "group" | "schedule", ordinal: number) => string;
}

/** What a step of an instance's lifecycle brings along. */
export interface StepOptions {
  readonly fault?: OperationFault;
  readonly target?: string | number;
}

/** One moment: facts are gathered here, and nothing is written. */
export class Moment {
  readonly facts: Fact[] = [];
  readonly context: EngineContext;
  readonly now: number;
  /** Number of the journal line that these facts will stand in. */
  readonly seq: number;
  #taskSeq: number;

  constructor(
    context: EngineContext,
    at: { readonly now: number; readonly seq: number; readonly taskSeq: number },
  ) {
    this.context = context;
    this.now = at.now;
    this.seq = at.seq;
    this.#taskSeq = at.taskSeq;
  }

  /** The number for the next task, after those that this moment has started. */
  get taskSeq(): number {
    return this.#taskSeq;
  }

  /** Takes a number in the order of things due at one moment. */
  takeSeq(): number {
    return this.#taskSeq++;
  }

  /** Work that starts now. */
  work(
    task: TaskKind,
    owner: {
      readonly subject: "instance" | "group";
      readonly ordinal: number;
      readonly tasksStarted: number;
      readonly latency?: LatencyKey;
      readonly target?: string | number | undefined;
    },
  ): Work {
    const { chance, latency, jitter } = this.context;
    const duration = drawDuration(latency[owner.latency ?? task], {
      chance,
      key: {
        purpose: "duration",
        subject: owner.subject,
        whose: owner.ordinal,
        sequence: owner.tasksStarted,
      },
      jitter,
    });
    const seq = this.takeSeq();
    return { task, dueAt: this.now + duration, seq, cause: this.seq, target: owner.target ?? null };
  }

  /** Sends a signal that the rules have let pass. */
  stepInstance(
    instance: Instance,
    signal: InstanceSignal,
    options: StepOptions = {},
  ): InstanceState {
    const state = this.context.interpreter.nextInstanceState(instance.state, signal);
    if (state === undefined) {
      throw new InvariantBrokenError(`${instance.id} in ${instance.state} does not take ${signal}`);
    }
    this.#enterInstance(instance, state, options);
    return state;
  }

  /** Sends a signal that a lifecycle may ignore; tells whether it was taken. */
  tryInstance(instance: Instance, signal: InstanceSignal, options: StepOptions = {}): boolean {
    const state = this.context.interpreter.nextInstanceState(instance.state, signal);
    if (state === undefined) return false;
    this.#enterInstance(instance, state, options);
    return true;
  }

  /** The state in which a group begins. */
  firstGroupState(
    signal: "creation.accepted" | "conversion.accepted",
  ): Pick<HaGroup, "state" | "status"> {
    const { interpreter, lifecycle } = this.context;
    const { initial, statusOf } = lifecycle.group;
    const state = interpreter.nextGroupState(initial, signal);
    if (state === undefined) throw new InvariantBrokenError(`no group begins with ${signal}`);
    return { state, status: statusOf[state] };
  }

  /** Sends a signal to a group that the rules have let pass. */
  stepGroup(group: HaGroup, signal: HaGroupSignal, { fault, target }: StepOptions = {}): void {
    const { interpreter, lifecycle } = this.context;
    const state = interpreter.nextGroupState(group.state, signal);
    if (state === undefined) {
      throw new InvariantBrokenError(`${group.id} in ${group.state} does not take ${signal}`);
    }
    const task = lifecycle.group.taskOf[state];
    this.facts.push({
      type: "GroupStateEntered",
      id: group.id,
      row: group.ordinal,
      from: group.state,
      state,
      statusBefore: group.status,
      status: lifecycle.group.statusOf[state],
      work:
        task === null
          ? null
          : this.work(task, {
              subject: "group",
              ordinal: group.ordinal,
              tasksStarted: group.tasksStarted,
              target,
            }),
      fault: fault ?? null,
    });
  }

  #enterInstance(instance: Instance, state: InstanceState, { fault, target }: StepOptions): void {
    const { lifecycle } = this.context;
    const task = lifecycle.instance.taskOf[state];
    // A signal that leaves a state of work where it is (a second deletion, a rename) restarts nothing.
    const work =
      state === instance.state ? instance.work : task && this.#instanceWork(instance, task, target);
    if (state === instance.state && fault === undefined) return;
    this.facts.push({
      type: "InstanceStateEntered",
      id: instance.id,
      row: instance.ordinal,
      from: instance.state,
      state,
      statusBefore: instance.status,
      status: lifecycle.instance.statusOf[state],
      work,
      fault: fault ?? null,
    });
    if (instance.replicaIds.length > 0) this.#tellReplicas(instance, state);
  }

  #instanceWork(instance: Instance, task: TaskKind, target: string | number | undefined): Work {
    const { ordinal, tasksStarted } = instance;
    return this.work(task, { subject: "instance", ordinal, tasksStarted, target });
  }

  /** Without its source a replica's replication is broken; with it, it comes back by itself (C35). */
  #tellReplicas(source: Instance, state: InstanceState): void {
    const { topology } = this.context;
    if (state === "shutdown" || state === "blocked" || state === "error") {
      for (const replica of replicasOf(topology, source))
        this.tryInstance(replica, "replication.broken");
    } else if (state === "active") {
      for (const replica of replicasOf(topology, source))
        this.tryInstance(replica, "replication.repaired");
    }
  }
}
