import type { RequestLogEntry } from "../http/index.js";

/** One line for a request: when it was in the world, what was asked, what came of it, and how long it took. */
export function requestLine(
  { method, target, status, durationMs }: RequestLogEntry,
  now: number,
): string {
  return `${moment(now)}  ${method.padEnd(6)} ${plain(target)}  ${status}  ${durationMs.toFixed(0)} ms`;
}

/** Virtual time, as people read it. */
export function moment(now: number): string {
  return new Date(now).toISOString().replace("T", " ").replace(".000Z", "Z");
}

/** Without characters that could pass for other lines of the log, or for commands to a terminal. */
function plain(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  return short.replace(/[^\x20-\x7e]/g, "?");
}
