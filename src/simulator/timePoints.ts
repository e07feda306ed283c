import { record } from "../domain/compositeFields.js";
import { type InputIssue, InvalidInputError } from "../domain/errors.js";
import { integer, optional } from "../domain/fields.js";
import { isRecord } from "../domain/plainData.js";

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
 * Reads a point of the past.
 * @throws InvalidInputError `past-point`
 */
export function readPoint(
  point: unknown,
  now: number,
): { readonly seq?: number; readonly time?: number } {
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

/** How far one move of time may go, without the condition that stops it. */
export const stepOptions = record<{ readonly maxSteps?: number }>({
  rule: "step-options",
  source: "§6",
  of: {
    maxSteps: optional(
      integer({ rule: "steps-max", source: "§6", min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
  },
});
