import type { ExpectationOf } from "../../scenario/format/scenario.js";
import type { Outcome } from "../ensemble/outcome.js";

/** Whether one future alone lies beyond the bound of a figure. */
export function missesBound(expectation: ExpectationOf<number>, outcome: Outcome): boolean {
  if ("never" in expectation || "holds" in expectation) return false;
  const measure =
    "share" in expectation
      ? expectation.share
      : "mean" in expectation
        ? expectation.mean
        : expectation.of;
  const value = outcome[measure];
  if (value === undefined) return false;
  const values = typeof value === "number" ? [value] : value;
  const sum = values.reduce((total, one) => total + one, 0);
  const { atMost, atLeast } = expectation;
  if ("share" in expectation) {
    // A share that is large enough is missed by the futures that are not part of it.
    return atMost === undefined ? sum <= expectation.above : sum > expectation.above;
  }
  const figures = "quantile" in expectation ? values : [sum];
  return figures.some(
    (figure) =>
      (atMost !== undefined && figure > atMost) || (atLeast !== undefined && figure < atLeast),
  );
}
