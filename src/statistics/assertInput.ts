import { assertParts, assertThat } from "../model/schema/argument.js";

/*
 * Checks of what callers pass to functions of statistics. Nonsense would end in NaN, and some of the searches for a bound
 * would never end.
 */

const rule = "statistics-input";

/** Refuses a confidence that is no number between 0 and 1. */
export function assertConfidence(confidence: number): void {
  assertBetween(confidence, "confidence");
}

/** Refuses what is no number between 0 and 1, both excluded. */
export function assertBetween(share: number, field: string): void {
  const isBetween = typeof share === "number" && share > 0 && share < 1;
  assertAccepted(isBetween, share, { field, expected: "a number between 0 and 1, both excluded" });
}

/** Refuses what is no integer of at least `min`. */
export function assertCount(count: number, field: string, min = 0): void {
  const isCount = Number.isSafeInteger(count) && count >= min;
  assertAccepted(isCount, count, { field, expected: `an integer of at least ${String(min)}` });
}

/** Refuses what is no list of finite numbers. */
export function assertNumbers(values: ArrayLike<number>, field: string): void {
  assertAccepted(isList(values), values, { field, expected: "a list of finite numbers" });
  const { length } = values;
  for (let at = 0; at < length; at++) {
    if (Number.isFinite(values[at])) continue;
    const about = { field: `${field}[${String(at)}]`, expected: "a finite number" };
    assertAccepted(false, values[at], about);
  }
}

/** Refuses lists of different lengths. */
export function assertSameLength(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  field: string,
): void {
  const expected = `${String(first.length)} futures, as many as the first list; run both on the same seeds`;
  assertAccepted(first.length === second.length, second.length, { field, expected });
}

/** Refuses what is no object. */
export function assertObject(value: object, field: string): void {
  assertParts(value, { field, expected: "an object", rule });
}

/** Refuses a value where a condition does not hold. */
export function assertAccepted(
  isAccepted: boolean,
  value: unknown,
  about: { readonly field: string; readonly expected: string },
): void {
  assertThat(isAccepted, value, { ...about, rule });
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
