/** An interval of time. `to` is the end of the journal if the interval has not ended. */
export interface TimeSpan {
  readonly from: number;
  to: number;
}

/** End of an interval that has not ended. */
export const open = Number.MAX_SAFE_INTEGER;

/** Ends the last interval if it is open. */
export function end<S extends TimeSpan>(spans: readonly S[], at: number): S | undefined {
  const last = spans.at(-1);
  if (last?.to !== open) return undefined;
  last.to = at;
  return last;
}

/** Returns intervals with the open ones ended at a time. */
export function ended<S extends TimeSpan>(spans: readonly S[], endAt: number): S[] {
  return spans.map((span) => (span.to === open ? { ...span, to: endAt } : span));
}
