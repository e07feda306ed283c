import { formatRoundDuration } from "../../outline/formatTime.js";

/** `0:16:50`, `2d 03:04:05`, `0:00:00.250`: the time since the start of a branch. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = ms % 1000 === 0 ? "" : `.${String(Math.floor(ms % 1000)).padStart(3, "0")}`;
  return days > 0
    ? `${String(days)}d ${two(hours)}:${rest}${fraction}`
    : `${String(hours)}:${rest}${fraction}`;
}

/** The same for an axis over so much time: no milliseconds, and no seconds beside days. */
export function tickClock(ms: number, rangeMs: number): string {
  const whole = clock(ms).replace(/\.\d+$/, "");
  return rangeMs >= 172_800_000 ? whole.replace(/(:\d\d):\d\d$/, "$1") : whole;
}

/** `15 min 5 s`. */
export function duration(ms: number): string {
  return formatRoundDuration(ms);
}

/** `+60 s`, `−40 s`, `same`. */
export function difference(left: number, right: number, words: (value: number) => string): string {
  if (left === right) return "same";
  return `${right > left ? "+" : "−"}${words(Math.abs(right - left))}`;
}

/** `119,800`. */
export function count(value: number): string {
  const whole = String(Math.round(value));
  return whole.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 time`, `2 times`. */
export function times(number: number): string {
  return number === 1 ? "1 time" : `${String(number)} times`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
