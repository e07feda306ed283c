import { type AnyStateMachine, createActor } from "xstate";
import { backupMachine } from "./backup.machine.js";
import type { BackupState } from "./backupStates.js";
import { transitionTables } from "./compile.js";
import type { HaGroupState } from "./groupStates.js";
import { haGroupMachine } from "./haGroup.machine.js";
import { instanceMachine } from "./instance.machine.js";
import type { InstanceState } from "./instanceStates.js";
import type { BackupSignal, HaGroupSignal, InstanceSignal } from "./signals.js";

/** Who steps the lifecycles. Undefined means that the signal is not taken in that state. */
export interface Interpreter {
  /** What an instance in a state becomes by a signal (T1 to T24). */
  readonly nextInstanceState: (
    state: InstanceState,
    signal: InstanceSignal,
  ) => InstanceState | undefined;
  /** What an HA group in a state becomes by a signal (H1 to H16). */
  readonly nextGroupState: (state: HaGroupState, signal: HaGroupSignal) => HaGroupState | undefined;
  /** What a backup in a state becomes by a signal (§2.5). */
  readonly nextBackupState: (state: BackupState, signal: BackupSignal) => BackupState | undefined;
}

/** Steps by look-up in the compiled tables: nanoseconds. The default. */
export function tableInterpreter(): Interpreter {
  const { instance, group, backup } = transitionTables();
  return {
    nextInstanceState: (state, signal) => instance.transitions[state][signal],
    nextGroupState: (state, signal) => group.transitions[state][signal],
    nextBackupState: (state, signal) => backup.transitions[state][signal],
  };
}

/** Steps by real XState actors, one for each step: the reference that the tables are held to, and slow. */
export function actorInterpreter(): Interpreter {
  return {
    nextInstanceState: (state, signal) =>
      stepActor(instanceMachine, { state, signal }) as InstanceState | undefined,
    nextGroupState: (state, signal) =>
      stepActor(haGroupMachine, { state, signal }) as HaGroupState | undefined,
    nextBackupState: (state, signal) =>
      stepActor(backupMachine, { state, signal }) as BackupState | undefined,
  };
}

function stepActor(
  machine: AnyStateMachine,
  { state, signal }: { readonly state: string; readonly signal: string },
): string | undefined {
  const actor = createActor(machine, {
    snapshot: machine.resolveState({ value: state, context: {} }),
  }).start();
  const taken = actor.getSnapshot().can({ type: signal });
  if (taken) actor.send({ type: signal });
  const next = actor.getSnapshot().value as string;
  actor.stop();
  return taken ? next : undefined;
}
