import { placeOfTarget } from "../model/randomPlaces.js";
import {
  type ClockPlace,
  type Fault,
  type InjectedFault,
  infoOf,
} from "../service/faults/fault.model.js";
import type { ReplicationLink, ReplicationLog } from "../service/replication/dataPlane.model.js";

/* Indexes and counts of a topology that are derived from its rows: which row is listed where. */

/** The part of an instance that contains its positions. Both are values: replaced as a whole, never modified. */
export interface Stream {
  log: ReplicationLog | null;
  link: ReplicationLink | null;
}

/** Whether an instance has a log or a link. */
export function isStream(row: Readonly<Stream> | undefined): boolean {
  return row !== undefined && (row.log !== null || row.link !== null);
}

/** Whether a fault stands and is looked at again and again: also a random process that has clocks, not a clock. */
export function isWatched(row: InjectedFault): boolean {
  const { fault, phase, ordinal, clockOf } = row;
  if (phase === "recurring") {
    return fault.kind === "random" && (clockOf === null || clockOf.processOrdinal === ordinal);
  }
  return phase === "active" && infoOf(fault).isWatched;
}

/** The key under which a fault that stands on an instance, or a clock, is found; null for what is neither. */
export function damageKey(row: InjectedFault): string | null {
  const { fault, phase, targetOrdinal: on, clockOf } = row;
  if (phase === "recurring" && clockOf !== null) return clockKey(clockOf, fault);
  const what = infoOf(fault).part;
  return phase === "active" && what !== null && on !== null ? `${what} ${String(on)}` : null;
}

/** The key of the clock of a random process for an instance, or for the place that its fault names. */
export function clockKey({ processOrdinal, instanceOrdinal }: ClockPlace, fault?: Fault): string {
  const named = fault?.kind === "random" ? placeOfTarget(fault.target) : undefined;
  const unit = instanceOrdinal ?? named?.zone ?? named?.rack ?? "";
  return `clock ${String(processOrdinal)} ${String(unit)}`;
}
