import type { RequestLogEntry } from "../http/index.js";

/** Returns one log line for a request: virtual time, method, path, status and duration. */
export function requestLine(
  { method, target, status, durationMs }: RequestLogEntry,
  now: number,
): string {
  return `${moment(now)}  ${method.padEnd(6)} ${plain(target)}  ${status}  ${durationMs.toFixed(0)} ms`;
}

/** Formats virtual time for people. */
export function moment(now: number): string {
  return new Date(now).toISOString().replace("T", " ").replace(".000Z", "Z");
}

/** Removes characters that could fake other log lines or control a terminal. */
function plain(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  return short.replace(/[^\x20-\x7e]/g, "?");
}
