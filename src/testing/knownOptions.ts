import { InvalidInputError } from "../domain/errors.js";

/** Refuses options that no fixture has: most are misspelt. */
export function assertKnownOptions(options: object, known: readonly string[]): void {
  const expected = `one of ${known.join(", ")}`;
  const issues = Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => ({ field: key, value: key, expected, rule: "known-field" }));
  if (issues.length > 0) throw new InvalidInputError(issues);
}
