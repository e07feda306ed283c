/** Condition of a replica when its group selects a new source. */
export interface Candidate {
  readonly id: string;
  /** Whether it is running and can be promoted. */
  readonly isHealthy: boolean;
  /** Bytes of the source's log that it has received. */
  readonly receivedBytes: number;
  /** Bytes of them that it has applied. */
  readonly appliedBytes: number;
  /** Whether no error has stopped it from applying. */
  readonly applies: boolean;
}

/** A replica that has this many more bytes to apply than another one is not eligible (§3.8 step b). */
export const appliedBehindMax = 100_000_000;

/**
 * Returns the replica to promote: the one that received most, among those that are healthy and have not fallen far
 * behind in applying (§3.8 step c). One that cannot apply is promoted only if no other is eligible: what it received
 * reaches the others, and no error has to be skipped. The first of equals wins, so pass them in order of membership.
 * Undefined when none is eligible; then the failover aborts (step e).
 */
export function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let latest = 0;
  for (const { isHealthy, receivedBytes } of candidates) {
    if (isHealthy) latest = Math.max(latest, receivedBytes);
  }
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (!candidate.isHealthy || latest - candidate.appliedBytes > appliedBehindMax) continue;
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

function isBetter(one: Candidate, other: Candidate): boolean {
  return one.applies === other.applies ? one.receivedBytes > other.receivedBytes : one.applies;
}
