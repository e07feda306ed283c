import type { BackupSchedule } from "./schedule.model.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
// 1970-01-01 was a Thursday.
const weekdayOfEpoch = 4;

/**
 * Returns the next time at which a schedule fires, strictly after `after`. It fires every day at its hour and minute
 * (UTC); the day of the week only decides whether the backup is full (§2.6 and the schedule samples).
 */
export function nextSlot(
  after: number,
  { hour, minute }: Pick<BackupSchedule, "hour" | "minute">,
): number {
  const slot = Math.floor(after / dayMs) * dayMs + hour * 60 * minuteMs + minute * minuteMs;
  return slot > after ? slot : slot + dayMs;
}

/** Returns the day of the week in UTC: 0 is Sunday. */
export function weekdayOf(at: number): number {
  return (((Math.floor(at / dayMs) + weekdayOfEpoch) % 7) + 7) % 7;
}
