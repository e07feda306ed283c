import type { CommandType, InputOf } from "../../model/commandTypes.js";
import type { SimulatorOptions } from "../../simulator/options.js";

/** What a reference can point at; each is a listing in the order of creation. */
export type ReferenceKind =
  | "instance"
  | "source"
  | "replica"
  | "member"
  | "group"
  | "schedule"
  | "backup"
  | "configuration"
  | "fault";

/**
 * Something that exists when its act is played, told by its place: `{ the: "replica", nth: 2 }` is the 2nd replica
 * of the acting account (or of the account `of`), `nth: -1` the newest. Counting goes round, so that every number
 * means something while there is anything to mean; when there is nothing, the id is one that nobody has.
 */
export interface Reference {
  readonly the: ReferenceKind;
  /** From 1 (the oldest) on, or from -1 (the newest) back. */
  readonly nth: number;
  readonly of?: string;
}

/** Input fields that hold an id. */
export type IdField =
  | "instanceId"
  | "toInstanceId"
  | "replicaId"
  | "replicaOf"
  | "sourceId"
  | "faultId"
  | "groupId"
  | "scheduleId"
  | "ownerId"
  | "backupId"
  | "parentId"
  | "restoreFrom"
  | "configurationId"
  | "of";

/** The same data, in which an id may be a reference, also inside a fault and its target. */
export type Referring<T> = {
  readonly [F in keyof T]: F extends "fault" | "of" | "target"
    ? ReferringEach<T[F]> | (F extends "of" ? Reference : never)
    : F extends IdField
      ? T[F] | Reference
      : T[F];
};

/** Each form of a union by itself. */
export type ReferringEach<T> = T extends object ? Referring<T> : T;

/** A command in which ids may be references. */
export type DraftCommand = {
  readonly [K in CommandType]: { readonly type: K } & Referring<InputOf<K>>;
}[CommandType];

/** A command as a generator may spoil it: any plain data. */
export interface MalformedCommand {
  readonly type: unknown;
  readonly [field: string]: unknown;
}

/** What a fork in a story may change. */
export type ForkChanges = Pick<
  SimulatorOptions,
  "seed" | "latency" | "jitter" | "policy" | "limits"
>;

/**
 * One act of a story, as plain data:
 * a command by an account (the simulator's own by default), a move of time by some ms, one step of time, time until
 * nothing is under way, going on in a fork, or going on in what a snapshot's JSON restores to.
 */
export type StepDraft =
  | { readonly execute: DraftCommand | MalformedCommand; readonly by?: string }
  | { readonly advance: number }
  | { readonly fork: ForkChanges }
  | "step"
  | "settle"
  | "restore";

/** A list of acts: plain JSON, so that it can be shrunk, printed, kept in a file and played again. */
export type StepDrafts = readonly StepDraft[];
