import type { FactOf } from "../../model/facts.js";
import type { OperationError } from "../../model/rows.js";
import type { Fault } from "../faults/fault.model.js";
import type { BackupSchedule } from "../schedules/schedule.model.js";
import type { FactType } from "./factDescriptor.js";

/** What happened to one instance or group, in words; `who` is its id, or empty. */
export interface FactText {
  readonly subjectId: string;
  readonly words: string;
}

/** Names and formats for the words of a fact. */
export interface FactNames {
  /** Returns the name of an instance or a group. */
  readonly nameOf: (id: string) => string;
  /** Returns the id of the owner of a schedule. */
  readonly ownerOf: (scheduleId: string) => string;
  readonly backup: (id: string) => {
    readonly owner: string;
    readonly words: string;
    readonly isHidden: boolean;
  };
  /** Returns the id of the instance or group that a fault affects, by the row of the fault. */
  readonly targetAt: (row: number) => string;
  /** Describes the effect of a fault, by its row. */
  readonly faultAt: (row: number) => string | undefined;
  /** Returns a fault by its kind: `fault crash`. */
  readonly faultName: (row: number) => string;
  readonly describeFault: (fault: Fault) => string;
  readonly targetOfFault: (fault: Fault) => string;
  readonly duration: (ms: number) => string;
  readonly schedule: (times: Pick<BackupSchedule, "dayOfWeek" | "hour" | "minute">) => string;
}

/** What facts of a kind are about. */
export interface FactSubject<K extends FactType> {
  /** Returns the ids of the rows that it is about, the row that it changes first. */
  readonly about: (fact: FactOf<K>) => readonly (string | null)[];
  /** Whether the first of these rows begins, changes its state or ends with it. */
  readonly isLifecycle?: true;
}

/** What facts of some kinds are about. */
export type FactSubjects<K extends FactType> = { readonly [T in K]: FactSubject<T> };

/** How facts of some kinds read in words, without the change of a status. Null for facts that others describe. */
export type FactWords<K extends FactType> = {
  readonly [T in K]: ((fact: FactOf<T>, names: FactNames) => FactText | undefined) | null;
};

/** Returns `BUILD → ACTIVE`, or the status if two states have the same. */
export function changeOfStatus({
  statusBefore,
  status,
}: {
  readonly statusBefore: string;
  readonly status: string;
}): string {
  return statusBefore === status ? status : `${statusBefore} → ${status}`;
}

/** Describes the error with which a row entered a state, if there is one. */
export function errorWords({
  id,
  lastError,
}: {
  readonly id: string;
  readonly lastError: OperationError | null;
}): FactText | undefined {
  return lastError === null ? undefined : { subjectId: id, words: lastError.message };
}

/** Returns the id of the row of a fact. */
export function aboutRow({ id }: { readonly id: string }): readonly string[] {
  return [id];
}
