import { firstAtLeast } from "../../render/timeAxis.js";

/** The moment so many steps away, among ascending moments. */
export function stepFrom(moments: readonly number[], at: number, by: number): number {
  const last = moments.length - 1;
  const next = firstAtLeast(moments, by > 0 ? at + 1 : at);
  const isBehindAll = (moments[next] ?? 0) < at;
  const place = by > 0 ? next + by - 1 : isBehindAll ? next + by + 1 : next + by;
  return moments[Math.min(last, Math.max(0, place))] ?? at;
}

/** The moment that is nearest in pixels, where one is near enough; else the moment itself. */
export function snap(
  moments: readonly number[],
  at: number,
  distance: (moment: number) => number,
): number {
  const next = firstAtLeast(moments, at);
  const near = [moments[next - 1], moments[next]]
    .filter((moment) => moment !== undefined)
    .map((moment) => ({ moment, pixels: distance(moment) }))
    .sort((a, b) => a.pixels - b.pixels)[0];
  return near !== undefined && near.pixels <= 7 ? near.moment : at;
}
