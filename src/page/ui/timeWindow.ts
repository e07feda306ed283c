import { firstAtLeast } from "../../render/timeAxis.js";

/** The part of time that is shown. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A window with so many times fewer (or more) moments around one; null is all of time. */
export function zoomed(
  moments: readonly number[],
  { window, at, by }: { readonly window: TimeWindow; readonly at: number; readonly by: number },
): TimeWindow | null {
  const first = firstAtLeast(moments, window.from);
  const last = firstAtLeast(moments, window.to);
  const keep = Math.round((last - first) / by / 2);
  if (keep * 2 >= moments.length - 1) return null;
  return around(moments, at, Math.max(2, keep));
}

/** The window moved so that a moment is inside, as wide as it is. */
export function following(
  moments: readonly number[],
  { window, at }: { readonly window: TimeWindow; readonly at: number },
): TimeWindow {
  if (at >= window.from && at <= window.to) return window;
  const half = Math.max(
    2,
    Math.round((firstAtLeast(moments, window.to) - firstAtLeast(moments, window.from)) / 2),
  );
  return around(moments, at, half);
}

function around(moments: readonly number[], at: number, half: number): TimeWindow {
  const middle = firstAtLeast(moments, at);
  const last = moments.length - 1;
  const from = Math.max(0, Math.min(middle - half, last - 2 * half));
  const to = Math.min(last, Math.max(middle + half, 2 * half));
  return { from: moments[from] ?? at, to: moments[to] ?? at };
}
