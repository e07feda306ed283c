import type { JournalEntry } from "../../kernel/journal.js";
import type { MeasureSpecOf } from "../../scenario/format/scenario.js";
import type { NamedThing, NameTable } from "../../scenario/run/nameTable.js";
import type { Refusal } from "../../scenario/run/runScenario.js";

/** A fold over the facts of one future that gives a number, or a list of numbers: one for each event. */
export interface Measure {
  /** Called after every journal entry, when the names of the scenario have followed it. */
  after?(entry: JournalEntry): void;
  /** Called when an operator has executed commands, with the name of the thing that it watches. */
  reacted?(commands: number, at: number, watched: string): void;
  /** Called once, at the horizon: what is still open counts until there. */
  end(now: number): number | readonly number[];
}

/** Context of a measure. */
export interface MeasureContext {
  readonly names: NameTable;
  /** The things that are measured: one, or all of the topology. */
  readonly things: readonly MeasuredThing[];
  /** Virtual time at which it begins: time 0 and the warm-up. */
  readonly begin: number;
  readonly spec: MeasureSpecOf<number>;
  readonly refusals: readonly Refusal[];
}

/** A thing of the topology, or one instance of it. */
export interface MeasuredThing {
  readonly thing: NamedThing;
  /** The one instance that is measured; undefined for the whole thing. */
  readonly instanceId: string | undefined;
}

/** Starts a measure at time 0 of a future. */
export interface MeasureFactory {
  (context: MeasureContext): Measure;
  /** Its parts, if it depends only on states and events; without it, each future is run in full. */
  readonly form?: MeasureForm;
}

/** A measure that depends on states and events alone. */
export type MeasureForm =
  /** The integral of a level over time, in ms, divided by `unit`. */
  | { readonly kind: "level"; readonly levelOf: LevelOf; readonly unit: number }
  /** Number of facts of some kind. */
  | { readonly kind: "count" }
  /** Interruptions of writes: all, or those in which something happens that moves the clients. */
  | {
      readonly kind: "interruptions";
      /** Returns whether an entry moves the clients; null counts all interruptions. */
      readonly isTakeover: ((measured: MeasuredThing, entry: JournalEntry) => boolean) | null;
    }
  /** Commands of operators, or refused commands. */
  | { readonly kind: "commands"; readonly which: "ofOperators" | "refused" };

/** The value of a level at this moment. */
export type LevelOf = (
  names: NameTable,
  measured: MeasuredThing,
  spec: MeasureSpecOf<number>,
) => number;

/** A factory with its form. */
export function formed(form: MeasureForm, factory: MeasureFactory): MeasureFactory {
  return Object.assign(factory, { form });
}

/** Whether a journal entry can change who serves, who writes where, and who belongs to what. */
export function changesStates({ facts }: JournalEntry): boolean {
  const { length } = facts;
  for (let at = 0; at < length; at++) {
    switch (facts[at]?.type) {
      case "InstanceStateEntered":
      case "PartitionChanged":
      case "FaultInjected":
      case "FaultActivated":
      case "FaultEnded":
      case "InstanceCreated":
      case "InstanceRemoved":
      case "MemberJoined":
      case "MemberLeft":
      case "ReplicationStarted":
      case "ReplicationStopped":
      case "SourcePromoted":
      case "ReplicaPromoted":
      case "GroupRemoved":
      case "WorkloadMoved":
        return true;
      default:
    }
  }
  return false;
}
