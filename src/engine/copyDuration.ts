import type { CopyKey } from "../domain/entities.js";
import { drawDuration } from "./latency.js";
import type { Transaction } from "./transaction.js";

/** Data that every copy moves in its documented duration, in GB. */
const coveredGb = 1;

/** What is copied, how fast, and by which row. */
export interface Copy {
  readonly latency: CopyKey;
  readonly dataGb: number;
  /** Key of the row whose work it is. */
  readonly key: string;
}

/** How much longer work takes because it copies more than the first GB, in ms. */
export function copyMs({ context }: Transaction, { latency, dataGb, key }: Copy): number {
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
