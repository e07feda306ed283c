/** How a replica stands when its group looks for a new source. */
export interface Candidate {
  readonly id: string;
  /** Whether it lives and can take over. */
  readonly isHealthy: boolean;
  /** Bytes of the source's log that it has received. */
  readonly receivedBytes: number;
  /** Bytes of them that it has applied. */
  readonly appliedBytes: number;
}

/** A replica that has this much more to apply than another one is not fit to take over (§3.8 step b). */
export const appliedBehindMax = 100_000_000;

/**
 * The replica that becomes the source: the one that has received most, among those that are healthy and have not fallen
 * far behind in applying it (§3.8 step c). Of equals the first one wins: hand them over in order of membership.
 * Undefined when none is eligible, and then the failover aborts (step e).
 */
export function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const healthy = candidates.filter(({ isHealthy }) => isHealthy);
  const latest = healthy.reduce((most, { receivedBytes }) => Math.max(most, receivedBytes), 0);
  let best: Candidate | undefined;
  for (const candidate of healthy) {
    if (latest - candidate.appliedBytes > appliedBehindMax) continue;
    if (best === undefined || candidate.receivedBytes > best.receivedBytes) best = candidate;
  }
  return best;
}
