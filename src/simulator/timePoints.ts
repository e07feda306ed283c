import { type InputIssue, InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import type { Journal } from "./serialization.js";

/** A point of the past: after a journal entry, or a virtual time. */
export type PastPoint =
  | {
      /** `seq` of the last entry that has happened. */
      readonly seq: number;
      readonly time?: undefined;
    }
  | {
      /** Virtual time, in ms since the epoch. */
      readonly time: number;
      readonly seq?: undefined;
    };

/**
 * Returns a journal up to a point of its past.
 * @throws InvalidInputError `past-point`
 */
export function journalUntil(journal: Journal, point: PastPoint): Journal {
  const { seq = Number.POSITIVE_INFINITY, time = journal.now } = readPoint(point, journal.now);
  const lines = journal.lines.filter((entry) => entry.seq <= seq && entry.at <= time);
  const now = point.seq === undefined ? time : (lines.at(-1)?.at ?? journal.settings.startAt);
  return { ...journal, lines, now };
}

function readPoint(point: unknown, now: number): { readonly seq?: number; readonly time?: number } {
  const rule = "past-point";
  if (!isRecord(point)) throw refused("point", point, "{ seq } or { time }", rule);
  const { seq, time, ...rest } = point as { readonly seq?: unknown; readonly time?: unknown };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined || (seq === undefined) === (time === undefined)) {
    throw refused("point", unknown ?? "both or none", "either { seq } or { time }", rule);
  }
  if (seq !== undefined) {
    if (typeof seq === "number" && Number.isSafeInteger(seq) && seq >= -1) return { seq };
    throw refused("point.seq", seq, "the number of an entry", rule);
  }
  if (typeof time === "number" && Number.isSafeInteger(time) && time <= now) return { time };
  throw refused("point.time", time, `a time in ms since the epoch, at most ${String(now)}`, rule);
}

function refused(field: string, value: unknown, expected: string, rule: string): InvalidInputError {
  const issue: InputIssue = { field, value, expected, rule };
  return new InvalidInputError([issue]);
}
