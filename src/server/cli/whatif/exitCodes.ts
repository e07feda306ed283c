import type { Scenario } from "../../../scenario/format/scenario.js";
import type { Verdict } from "../../../statistics/verdict.js";
import { expectationKind, type UnansweredExpectation } from "../../../whatif/exact/stateSpace.js";
import { folded } from "./folded.js";

/** Exit codes of `whatif`. */
export const exitCodes = { met: 0, notMet: 1, badFile: 2, undecided: 3, interrupted: 130 } as const;

/** Returns the exit code of verdicts on all expectations that a command was asked about. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.includes("not met")) return exitCodes.notMet;
  return verdicts.includes("undecided") ? exitCodes.undecided : exitCodes.met;
}

/** Returns the lines that name what a command does not check. */
export function undecidedLines(undecided: readonly UnansweredExpectation[]): string {
  return undecided.map((one) => verdictLine({ ...one, verdict: "undecided" })).join("");
}

/** Returns the expectations that one future alone does not decide. */
export function figuresOfMany({ expect = {} }: Scenario): readonly UnansweredExpectation[] {
  return Object.entries(expect).flatMap(([name, expectation]) =>
    "never" in expectation || "holds" in expectation
      ? []
      : [{ name, reason: `${expectationKind(expectation)}; whatif run checks it` }],
  );
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  met: "MET",
  "not met": "NOT MET",
  undecided: "UNDECIDED",
};

/** Returns the line of a verdict, folded to 80 columns. */
export function verdictLine({
  name,
  verdict,
  reason,
}: UnansweredExpectation & { readonly verdict: Verdict }): string {
  return folded(`${verdictWords[verdict].padEnd(10)}${name}: ${reason}\n`, 10);
}
