import { assertParts, assertThat } from "../model/schema/argument.js";

/* Checks of what callers pass to functions that take results and answers. Each throws InvalidInputError `whatif-input`. */

const rule = "whatif-input";

/** Refuses what is no results of an ensemble. */
export const assertResults = checkOf(
  { field: "results", expected: "results of an ensemble, as runEnsemble returns them" },
  ["spec", "column", "measuresOf"],
);

/** Refuses what is no answer of a question. */
export const assertAnswer = checkOf(
  { field: "answer", expected: "an answer, as whatIf(...).run() returns it" },
  ["scenario", "results", "designs"],
);

/** Refuses what is no answer about a rare event. */
export const assertRareAnswer = checkOf(
  { field: "answer", expected: "an answer, as estimateRare returns it" },
  ["event", "figure", "setup", "scenario"],
);

/** Refuses what is no planned ensemble. */
export const assertSpec = checkOf(
  { field: "spec", expected: "a planned ensemble, as the spec of prepareEnsemble" },
  ["seeds", "shardSize", "designs"],
);

/** Refuses what is no prepared ensemble. */
export const assertPrepared = checkOf(
  { field: "prepared", expected: "a prepared ensemble, as prepareEnsemble returns it" },
  ["spec", "id", "scenario"],
);

/** Refuses what are no explored states. */
export const assertSpace = checkOf(
  { field: "space", expected: "states, as exploreScenario returns them" },
  ["states", "scenario"],
);

/** Returns a check that a value has the parts of what a function of the library returned. */
function checkOf(
  about: { readonly field: string; readonly expected: string },
  members: readonly string[],
): (value: unknown) => void {
  return (value) => {
    assertInput(value, about, ...members);
  };
}

/** Refuses what lacks a part. */
export function assertInput(
  value: unknown,
  about: { readonly field: string; readonly expected: string },
  ...members: readonly string[]
): void {
  assertParts(value, { ...about, rule }, ...members);
}

/** Refuses an argument where a condition does not hold. */
export function assertAccepted(
  isAccepted: boolean,
  value: unknown,
  about: { readonly field: string; readonly expected: string },
): void {
  assertThat(isAccepted, value, { ...about, rule });
}
