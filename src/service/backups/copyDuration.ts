import { drawDuration } from "../../kernel/latency.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CopyKey } from "../../model/rows.js";

/** Data in GB that the documented duration of a copy covers. */
const coveredGb = 1;

/** What is copied, at which rate. */
export interface Copy {
  readonly latency: CopyKey;
  readonly dataGb: number;
}

/**
 * Returns how much longer a task takes because it copies more than the first GB, in ms.
 * @param key - lineage key of the row that the task belongs to
 */
export function copyMs({ context }: Transaction, key: string, { latency, dataGb }: Copy): number {
  const aboveGb = Math.max(0, dataGb - coveredGb);
  if (aboveGb === 0) return 0;
  const { chance, latency: profile, jitter } = context;
  const perGb = drawDuration(profile[latency], {
    chance,
    key: { purpose: "copy", key, sequence: 0 },
    jitter,
  });
  return perGb * aboveGb;
}
