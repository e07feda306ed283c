import type { AnyStateMachine } from "xstate";
import { backupMachine } from "./backup.machine.js";
import type { BackupState, BackupStatus } from "./backupStates.js";
import type { HaGroupState, HaGroupStatus } from "./groupStates.js";
import { haGroupMachine } from "./haGroup.machine.js";
import { instanceMachine } from "./instance.machine.js";
import type { InstanceState, InstanceStatus } from "./instanceStates.js";
import type { BackupSignal, HaGroupSignal, InstanceSignal } from "./signals.js";
import type { TaskKind } from "./tasks.js";

/** A machine as a table: the next state for every (state, signal) cell, and what each state means. */
export interface TransitionTable<
  State extends string,
  Signal extends string,
  Status extends string,
> {
  readonly initial: State;
  readonly states: readonly State[];
  readonly signals: readonly Signal[];
  /** `transitions[state][signal]` is the next state; an empty cell means that the signal is not taken there. */
  readonly transitions: Readonly<Record<State, Readonly<Partial<Record<Signal, State>>>>>;
  readonly statusOf: Readonly<Record<State, Status>>;
  /** The work that a state waits for, or null. */
  readonly taskOf: Readonly<Record<State, TaskKind | null>>;
}

/** The lifecycle of an instance as a table. */
export type InstanceTable = TransitionTable<InstanceState, InstanceSignal, InstanceStatus>;

/** The lifecycle of an HA group as a table. */
export type HaGroupTable = TransitionTable<HaGroupState, HaGroupSignal, HaGroupStatus>;

/** The lifecycle of a backup as a table. */
export type BackupTable = TransitionTable<BackupState, BackupSignal, BackupStatus>;

/** All lifecycles as tables. */
export interface LifecycleTables {
  readonly instance: InstanceTable;
  readonly group: HaGroupTable;
  readonly backup: BackupTable;
}

// Compiled at the first use, since an import must cost nothing; never assigned again.
let compiled: LifecycleTables | undefined;

/** Returns the lifecycles as tables. The first call reads the machines (about 4 ms), later ones are free. */
export function transitionTables(): LifecycleTables {
  compiled ??= {
    instance: compileMachine<InstanceState, InstanceSignal, InstanceStatus>(instanceMachine),
    group: compileMachine<HaGroupState, HaGroupSignal, HaGroupStatus>(haGroupMachine),
    backup: compileMachine<BackupState, BackupSignal, BackupStatus>(backupMachine),
  };
  return compiled;
}

/**
 * Reads the transitions of a flat machine without guards, so that 100,000 instances can step by look-up. A test holds
 * every cell to a real XState actor.
 */
export function compileMachine<State extends string, Signal extends string, Status extends string>(
  machine: AnyStateMachine,
): TransitionTable<State, Signal, Status> {
  const states = Object.keys(machine.states) as State[];
  const signals = [...(machine.events as Signal[])].sort((a, b) => (a < b ? -1 : 1));
  const transitions = {} as Record<State, Partial<Record<Signal, State>>>;
  const statusOf = {} as Record<State, Status>;
  const taskOf = {} as Record<State, TaskKind | null>;
  for (const [name, node] of Object.entries(machine.states)) {
    const state = name as State;
    statusOf[state] = (node.meta as { status: Status }).status;
    taskOf[state] = node.entry.map(taskKind)[0] ?? null;
    const row: Partial<Record<Signal, State>> = (transitions[state] = {});
    for (const [signal, [first]] of node.transitions) {
      // A transition without a target is taken and stays.
      row[signal as Signal] = (first?.target?.[0]?.key ?? state) as State;
    }
  }
  const initial = machine.config.initial as State;
  return { initial, states, signals, transitions, statusOf, taskOf };
}

function taskKind(action: unknown): TaskKind {
  return (action as { params: { kind: TaskKind } }).params.kind;
}
