import { InvalidInputError } from "../model/errors.js";

/*
 * Checks of what callers pass to functions of statistics. Nonsense would end in NaN, and some of the searches for a bound
 * would never end.
 */

const rule = "statistics-input";

function refuse(field: string, value: unknown, expected: string): never {
  throw new InvalidInputError([{ field, value, expected, rule }]);
}

/** Refuses a confidence that is no number between 0 and 1. */
export function assertConfidence(confidence: number): void {
  assertBetween(confidence, "confidence");
}

/** Refuses what is no number between 0 and 1, both excluded. */
export function assertBetween(share: number, field: string): void {
  const isBetween = typeof share === "number" && share > 0 && share < 1;
  if (!isBetween) refuse(field, share, "a number between 0 and 1, both excluded");
}

/** Refuses what is no integer of at least `min`. */
export function assertCount(count: number, field: string, min = 0): void {
  const isCount = Number.isSafeInteger(count) && count >= min;
  if (!isCount) refuse(field, count, `an integer of at least ${String(min)}`);
}

/** Refuses what is no list of finite numbers. */
export function assertNumbers(values: ArrayLike<number>, field: string): void {
  if (!isList(values)) refuse(field, values, "a list of finite numbers");
  const { length } = values;
  for (let at = 0; at < length; at++) {
    if (!Number.isFinite(values[at])) {
      refuse(`${field}[${String(at)}]`, values[at], "a finite number");
    }
  }
}

/** Refuses lists of different lengths. */
export function assertSameLength(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  field: string,
): void {
  if (first.length !== second.length) {
    const expected = `${String(first.length)} futures, as many as the first list; run both on the same seeds`;
    refuse(field, second.length, expected);
  }
}

/** Refuses what is no object. */
export function assertObject(value: object, field: string): void {
  if (typeof value !== "object" || (value as object | null) === null || Array.isArray(value)) {
    refuse(field, value, "an object");
  }
}

/** Refuses what is not accepted. */
export function assertAccepted(
  value: unknown,
  isAccepted: boolean,
  { field, expected }: { readonly field: string; readonly expected: string },
): void {
  if (!isAccepted) refuse(field, value, expected);
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
