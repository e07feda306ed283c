import { formatValue } from "../../model/errors.js";
import { valueMax } from "../../statistics/powerSums.js";
import { EnsembleError } from "./ensembleError.js";

/** Outcome of one future: a number, or a list of numbers, for each measure. */
export type Outcome = Readonly<Record<string, number | readonly number[]>>;

/** The prefix of columns that count futures in which a check of a step or an expectation of every future was broken. */
export const brokenPrefix = "broken: ";

/** Throws where an outcome holds anything but finite numbers. */
export function checkOutcome(outcome: Outcome): void {
  for (const measure of Object.keys(outcome)) {
    const value = outcome[measure];
    if (isValue(value)) continue;
    const numbers: readonly unknown[] = Array.isArray(value) ? value : [value];
    const at = numbers.findIndex((each) => !isValue(each));
    if (at === -1) continue;
    const bad = numbers[at];
    throw new EnsembleError(
      "measure-value",
      `measure ${measure} is ${formatValue(bad)}; a measure is a finite number or a list of them`,
      { field: measure, value: bad, allowed: "a finite number or a list of finite numbers" },
    );
  }
}

function isValue(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= valueMax;
}
