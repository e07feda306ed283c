import { assertResults } from "../assertInput.js";
import type { EnsembleResults, ResultColumn } from "../ensemble/ensembleResults.js";
import { totalsOf } from "../ensemble/figures.js";

/**
 * Returns futures as CSV, one row each: seed, design, then a column for each measure. A measure that is a list has two: how many
 * values there are, and their sum. Numbers have all their digits; text is quoted as RFC 4180 says.
 *
 * @param shards - number of first shards whose futures are written, as an answer that ended early has them. Default: all
 */
export function futuresCsv(results: EnsembleResults, shards?: number): string {
  assertResults(results);
  // A design may have no values: all its futures threw.
  const { measures } = results;
  const { designs } = results.spec;
  const isList = new Set(
    measures.filter((measure) =>
      designs.some((design) => results.column(design, measure, shards).lengths !== undefined),
    ),
  );
  const heads = measures.flatMap((measure) =>
    isList.has(measure) ? [`${measure} (count)`, `${measure} (sum)`] : [measure],
  );
  const rows = designs.flatMap((design) => {
    const columns = measures.map((measure) => results.column(design, measure, shards));
    const cells = columns.flatMap(cellsOf);
    return [...(columns[0]?.seeds ?? [])].map((seed, future) =>
      [String(seed), quoted(design), ...cells.map((column) => String(column[future]))].join(","),
    );
  });
  return [["seed", "design", ...heads.map(quoted)].join(","), ...rows, ""].join("\n");
}

function cellsOf(column: ResultColumn): readonly ArrayLike<number>[] {
  const totals = totalsOf(column);
  return column.lengths === undefined ? [totals] : [column.lengths, totals];
}

/** Spreadsheets take a text that begins with = + - or @ for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
