import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import { padded, widest } from "../outline/textColumns.js";
import type { Coverage } from "./coverage.js";

/** Options of a coverage table. */
export interface CoverageTableOptions {
  /** Whether to list what was not reached, with the count 0. Default false. */
  readonly unreached?: boolean;
}

/**
 * Prints coverage as a table: for rules, transitions and faults how many of the known ones were reached, and how often.
 *
 * @returns several lines of text
 * @throws InvalidInputError for an unknown option
 */
export function coverageTable(coverage: Coverage, options: CoverageTableOptions = {}): string {
  assertKnownOptions(options, ["unreached"]);
  const { unreached = false } = options;
  const { rules, transitions, faults } = coverage;
  return [
    ...section("rules that refused", rules, unreached),
    ...section("transitions taken", transitions, unreached),
    ...section("faults in effect", faults, unreached),
  ].join("\n");
}

function section(
  title: string,
  counts: Readonly<Record<string, number>>,
  unreached: boolean,
): readonly string[] {
  const all = Object.entries(counts);
  const reached = all.filter(([, count]) => count > 0).length;
  const shown = all
    .filter(([, count]) => unreached || count > 0)
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1));
  const width = widest(shown.map(([name]) => name));
  const digits = widest(shown.map(([, count]) => String(count)));
  const rows = shown.map(
    ([name, count]) => `  ${padded(name, width)}  ${String(count).padStart(digits)}`,
  );
  return [`${title}: ${String(reached)} of ${String(all.length)}`, ...rows];
}
