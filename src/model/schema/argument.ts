import { InvalidInputError } from "../errors.js";

/** What an argument must be, and the rule that refuses another one. */
export interface ArgumentDemand {
  readonly field: string;
  /** A phrase that follows "must be". */
  readonly expected: string;
  readonly rule: string;
}

/**
 * Refuses an argument that is no object, or has no value in one of these members. What a function of the library has
 * returned passes; types do not protect callers of plain JavaScript.
 * @throws InvalidInputError
 */
export function assertParts(
  value: unknown,
  demand: ArgumentDemand,
  ...members: readonly string[]
): void {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const parts = isObject ? (value as Readonly<Record<string, unknown>>) : {};
  const isComplete = isObject && members.every((name) => parts[name] !== undefined);
  assertThat(isComplete, value, demand);
}

/**
 * Refuses an argument where a condition does not hold.
 * @throws InvalidInputError
 */
export function assertThat(
  isAccepted: boolean,
  value: unknown,
  { field, expected, rule }: ArgumentDemand,
): void {
  if (!isAccepted) throw new InvalidInputError([{ field, value, expected, rule }]);
}
