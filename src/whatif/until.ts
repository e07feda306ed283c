import { baseDesign } from "../scenario/format/designs.js";
import type { Scenario } from "../scenario/format/scenario.js";
import { confidenceOfLook } from "../statistics/checkpoints.js";
import { defaultConfidence } from "../statistics/interval.js";
import { assertAccepted, assertInput } from "./assertInput.js";
import { unknownName } from "./ensemble/ensembleError.js";
import type { EnsembleResults } from "./ensemble/ensembleResults.js";
import {
  type EnsembleRun,
  looksOf,
  type StopRule,
  untilHalfWidth,
} from "./ensemble/runEnsemble.js";
import {
  measuresOfDesign,
  reportDecisions,
  reportHalfWidths,
  type StopReport,
} from "./ensemble/stopReport.js";
import { checkExpectations, type ExpectationVerdict, isOfEveryFuture } from "./expectations.js";

/**
 * What ends a run early, at doubling checkpoints: the means of the measure `of` or of all are known to this share (`0.05`
 * for ± 5 %); or all expectations are decided. One of every future is decided by a future that breaks it, or by the last.
 */
export type Until = { readonly halfWidth: number; readonly of?: string } | "decided";

/**
 * Refuses what does not say when a run ends.
 * @param measures - names that `of` can have; undefined where only a run knows them
 * @throws InvalidInputError `whatif-input`, EnsembleError for an unknown measure
 */
export function assertUntil(until: unknown, measures: readonly string[] | undefined): void {
  if (until === undefined || until === "decided") return;
  const about = { field: "until", expected: '{ halfWidth: 0.05 } for ± 5 %, or "decided"' };
  assertInput(until, about, "halfWidth");
  const { halfWidth, of, ...others } = until as { halfWidth: number; of?: string };
  assertAccepted(Object.keys(others).length === 0, until, about);
  assertAccepted(Number.isFinite(halfWidth) && halfWidth > 0, halfWidth, {
    field: "until.halfWidth",
    expected: "a share above 0, such as 0.05 for ± 5 %",
  });
  if (of === undefined || measures === undefined || measures.includes(of)) return;
  throw unknownName("measure", of, measures);
}

/** Returns the rule that ends a run early, where one is wished. */
export function stopRule(scenario: Scenario, until: Until | undefined): StopRule | undefined {
  if (until === undefined) return undefined;
  if (until === "decided") {
    return (results, { shards }) => {
      const verdicts = verdictsAtLook(scenario, results, shards);
      return verdicts.length > 0 && verdicts.every(isDecided);
    };
  }
  const { halfWidth, of } = until;
  return (results, look) => {
    const [design = baseDesign] = results.spec.designs;
    const measures = of === undefined ? measuresOfDesign(results, design) : [of];
    return untilHalfWidth({ halfWidth, measures })(results, look);
  };
}

/** Returns what a run waited for that was to end early; undefined where nothing was wished. */
export function stopReport(
  scenario: Scenario,
  until: Until | undefined,
  { results, shards }: Pick<EnsembleRun, "results" | "shards">,
): StopReport | undefined {
  if (until === undefined || shards === 0 || results.prefix < shards) return undefined;
  if (until !== "decided") return reportHalfWidths(results, { ...until, shards });
  return reportDecisions(results, shards, (count) =>
    verdictsAtLook(scenario, results, count).map((verdict) => ({
      design: verdict.design,
      name: verdict.name,
      isDecided: isDecided(verdict) || (verdict.verdict === "met" && count === results.shards),
    })),
  );
}

/** Returns the confidence of verdicts: the looks of a run that ends once all are decided share 5 % of wrong ones. */
export function verdictConfidence(results: EnsembleResults, until: Until | undefined): number {
  if (until !== "decided") return defaultConfidence;
  return confidenceOfLook(defaultConfidence, looksOf(results)[0]?.looks ?? 1);
}

function verdictsAtLook(
  scenario: Scenario,
  results: EnsembleResults,
  shards: number,
): readonly ExpectationVerdict[] {
  const confidence = verdictConfidence(results, "decided");
  return checkExpectations(scenario, results, { shards, confidence });
}

/** Whether more futures cannot change a verdict but by chance. */
function isDecided(verdict: ExpectationVerdict): boolean {
  if (verdict.verdict === "not met") return true;
  return verdict.verdict === "met" && !isOfEveryFuture(verdict);
}
