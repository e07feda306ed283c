/** Members of a scenario whose numbers are durations, wherever they stand. */
export const durationMembers: ReadonlySet<string> = new Set([
  "at",
  "after",
  "repeat",
  "for",
  "in",
  "lag",
  "advance",
  "horizon",
  "warmUp",
  "limit",
  "from",
  "to",
  "exponential",
  "weibull",
  "lognormal",
  "measured",
  "every",
  "timeToRepair",
]);

/** Returns whether the numbers at a path are durations: `random.crashes.every.exponential`, `world.latency.build`. */
export function isDurationPath(path: string): boolean {
  return durationMembers.has(lastMember(path)) || /^world\.latency\.\w+$/.test(path);
}

/** Returns the last member of a path: `jitter` of `world.jitter`. */
export function lastMember(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
