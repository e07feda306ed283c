/** So many of something: `1 replica`, `2 replicas`. */
export function pluralize(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * What would have been taken, in words: the statuses, or all but a few where nearly all would do. A status that is
 * among them though it was refused is reported with its state, because other states with the same status allow it.
 */
export function statusWords(
  { status, state }: { readonly status: string; readonly state: string },
  {
    taking,
    refusing,
  }: { readonly taking: readonly string[]; readonly refusing: readonly string[] },
): { readonly present: string; readonly needed: string } {
  const isLong = taking.length >= 8 && refusing.length <= 4;
  return {
    present: taking.includes(status) ? `${status} (${state})` : status,
    needed: isLong ? `any status but ${refusing.join(", ")}` : taking.join(", "),
  };
}
