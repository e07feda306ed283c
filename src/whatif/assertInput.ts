import { assertParts, assertThat } from "../model/schema/argument.js";

/* Checks of what callers pass to functions that take results and answers. Each throws InvalidInputError `whatif-input`. */

const rule = "whatif-input";

/** Refuses what is no results of an ensemble. */
export function assertResults(value: unknown): void {
  const expected = "results of an ensemble, as runEnsemble returns them";
  assertParts(value, { field: "results", expected, rule }, "spec", "column", "measuresOf");
}

/** Refuses what is no answer of a question. */
export function assertAnswer(value: unknown): void {
  const expected = "an answer, as whatIf(...).run() returns it";
  assertParts(value, { field: "answer", expected, rule }, "scenario", "results", "designs");
}

/** Refuses what is no answer about a rare event. */
export function assertRareAnswer(value: unknown): void {
  const expected = "an answer, as estimateRare returns it";
  assertParts(value, { field: "answer", expected, rule }, "event", "figure", "setup", "scenario");
}

/** Refuses what is no planned ensemble. */
export function assertSpec(value: unknown): void {
  const expected = "a planned ensemble, as the spec of prepareEnsemble";
  assertParts(value, { field: "spec", expected, rule }, "seeds", "shardSize", "designs");
}

/** Refuses what is no prepared ensemble. */
export function assertPrepared(value: unknown): void {
  const expected = "a prepared ensemble, as prepareEnsemble returns it";
  assertParts(value, { field: "prepared", expected, rule }, "spec", "id", "scenario");
}

/** Refuses what are no explored states. */
export function assertSpace(value: unknown): void {
  const expected = "states, as exploreScenario returns them";
  assertParts(value, { field: "space", expected, rule }, "states", "scenario");
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
