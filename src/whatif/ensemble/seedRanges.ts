import type { EnsembleResults } from "./ensembleResults.js";
import type { SeedRange } from "./ensembleSpec.js";

/** Returns the seeds of the shards that are there, among the first ones: one range where none is missing between them. */
export function seedRangesOf(
  results: EnsembleResults,
  shards = results.shards,
): readonly SeedRange[] {
  const { seeds, shardSize } = results.spec;
  const end = seeds.first + seeds.count;
  const ranges: SeedRange[] = [];
  for (let index = 0; index < shards; index++) {
    if (!results.has(index)) continue;
    const first = seeds.first + index * shardSize;
    const count = Math.min(shardSize, end - first);
    const last = ranges[ranges.length - 1];
    if (last === undefined || last.first + last.count !== first) ranges.push({ first, count });
    else ranges[ranges.length - 1] = { first: last.first, count: last.count + count };
  }
  return ranges;
}

/** Most ranges that are named. */
const maxNamed = 5;

/** Returns ranges as text: `0 to 99`, `5 to 14, 25 to 29`. */
export function seedRangesText(ranges: readonly SeedRange[]): string {
  const texts = ranges
    .slice(0, maxNamed)
    .map(({ first, count }) => `${String(first)} to ${String(first + count - 1)}`);
  const more = ranges.length - texts.length;
  return `${texts.join(", ")}${more === 0 ? "" : ` and ${String(more)} ranges more`}`;
}
