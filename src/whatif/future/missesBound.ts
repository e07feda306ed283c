import type { ExpectationOf } from "../../scenario/format/scenario.js";
import type { Outcome } from "../ensemble/outcome.js";

/** Whether one future alone lies beyond the bound of a figure. */
export function missesBound(expectation: ExpectationOf<number>, outcome: Outcome): boolean {
  if ("never" in expectation || "holds" in expectation) return false;
  const [measure, atMost, atLeast] =
    "share" in expectation
      ? [expectation.share, expectation.above, undefined]
      : [
          "mean" in expectation ? expectation.mean : expectation.of,
          expectation.atMost,
          expectation.atLeast,
        ];
  const value = outcome[measure];
  if (value === undefined) return false;
  const values = typeof value === "number" ? [value] : value;
  const figures = "quantile" in expectation ? values : [values.reduce((sum, one) => sum + one, 0)];
  return figures.some(
    (figure) =>
      (atMost !== undefined && figure > atMost) || (atLeast !== undefined && figure < atLeast),
  );
}
