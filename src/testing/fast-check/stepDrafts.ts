import type { CommandType, InputOf } from "../../model/commandTypes.js";
import type { SimulatorOptions } from "../../simulator/options.js";

/** Kinds that a reference can point at; each is a listing in the order of creation. */
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
 * A reference to a resource that exists when its step is executed, by position: `{ the: "replica", nth: 2 }` is the
 * second replica of the calling account (or of the account `of`), `nth: -1` the newest. Positions wrap around, so that
 * every number is valid while any resource exists. If none exists, the id is unknown to the simulator.
 */
export interface Reference {
  readonly the: ReferenceKind;
  /** From 1 (the oldest) upwards, or from -1 (the newest) downwards. */
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

/** The same data with references in place of ids, also inside a fault and its target. */
export type Referring<T> = {
  readonly [F in keyof T]: F extends "fault" | "of" | "target"
    ? ReferringEach<T[F]> | (F extends "of" ? Reference : never)
    : F extends IdField
      ? T[F] | Reference
      : T[F];
};

/** Each variant of a union separately. */
export type ReferringEach<T> = T extends object ? Referring<T> : T;

/** A command whose ids may be references. */
export type DraftCommand = {
  readonly [K in CommandType]: { readonly type: K } & Referring<InputOf<K>>;
}[CommandType];

/** A command that a generator may have spoiled: any plain data. */
export interface MalformedCommand {
  readonly type: unknown;
  readonly [field: string]: unknown;
}

/** Options that a fork in a draft may change. */
export type ForkChanges = Pick<
  SimulatorOptions,
  "seed" | "latency" | "jitter" | "policy" | "limits"
>;

/**
 * One step of a draft, as plain data: a command of an account (by default the simulator's own), an advance in ms, one
 * time step, time until no task is running, a fork, or a restored snapshot.
 */
export type StepDraft =
  | { readonly execute: DraftCommand | MalformedCommand; readonly by?: string }
  | { readonly advance: number }
  | { readonly fork: ForkChanges }
  | "step"
  | "settle"
  | "restore";

/** A list of steps: plain JSON that can be shrunk, printed, stored in a file and executed again. */
export type StepDrafts = readonly StepDraft[];
