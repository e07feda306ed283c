import { formatDuration } from "../outline/formatTime.js";
import { toneOf } from "./palette.js";
import { timeAxis } from "./timeAxis.js";
import type { Timeline } from "./timelineModel.js";

/** An idle interval that is drawn shortened. */
export interface AxisBreak {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** Maps times to positions in a drawing. */
export interface TimeScale {
  readonly x: (at: number) => number;
  readonly ticks: readonly number[];
  readonly cuts: readonly AxisBreak[];
}

/**
 * Time scales of a drawing: `cut` shortens idle intervals, `logarithmic` is logarithmic in each wait, `linear` is
 * proportional.
 */
export const timeScaleKinds = ["cut", "logarithmic", "linear"] as const;

/** Time scale of a drawing. */
export type TimeScaleKind = (typeof timeScaleKinds)[number];

/** Creates the time scale of a kind over a width. */
export function scaleOfKind(
  kind: TimeScaleKind,
  timeline: Timeline,
  { left, width }: { readonly left: number; readonly width: number },
): TimeScale {
  if (kind === "cut") return timeScale(timeline, { left, width });
  const { startAt: from, endAt: to } = timeline;
  const moments = [...momentsOf(timeline)].sort((a, b) => a - b);
  const axis = timeAxis(moments, { from, to, kind, labelShare: tickGap / width });
  return { x: (at) => left + axis.shareOf(at) * width, ticks: axis.ticks, cuts: [] };
}

/** Returns all times at which something is drawn. */
function momentsOf({ lanes, commands }: Timeline): ReadonlySet<number> {
  return new Set([
    ...commands.map(({ at }) => at),
    ...lanes.flatMap(({ statuses, marks }) => [
      ...statuses.flatMap(({ from, to }) => [from, to]),
      ...marks.map(({ at }) => at),
    ]),
  ]);
}

/**
 * Creates a scale that is linear while tasks run. If idle intervals would fill more than two thirds of the
 * drawing, long
 * ones are cut to a fraction of the busy time, so that seconds of work stay visible beside a week of idle time.
 */
export function timeScale(
  history: Timeline,
  { left, width }: { readonly left: number; readonly width: number },
): TimeScale {
  const pieces = piecesOf(history);
  const busyMs = sum(pieces.filter(({ isBusy }) => isBusy).map(({ from, to }) => to - from));
  const quiet = pieces.filter(({ isBusy }) => !isBusy);
  const isMostlyQuiet = busyMs > 0 && sum(quiet.map(({ from, to }) => to - from)) > 2 * busyMs;
  const shownMs = Math.min(busyMs * 0.12, busyMs / Math.max(1, quiet.length));
  const drawn = pieces.map(({ from, to, isBusy }) => {
    const isCut = isMostlyQuiet && !isBusy && to - from > 2 * shownMs;
    return { from, to, isCut, drawnMs: isCut ? shownMs : to - from };
  });
  const pixels = width / Math.max(1, sum(drawn.map(({ drawnMs }) => drawnMs)));
  let edge = left;
  const placed = drawn.map((piece) => {
    const start = edge;
    edge += piece.drawnMs * pixels;
    return { ...piece, start, end: edge };
  });
  const x = (at: number): number => {
    const piece = placed[firstEndingBy(placed, at)];
    if (piece === undefined || piece.to === piece.from) return left;
    const share = Math.min(1, Math.max(0, (at - piece.from) / (piece.to - piece.from)));
    return piece.start + share * (piece.end - piece.start);
  };
  const cuts = placed
    .filter(({ isCut }) => isCut)
    .map(({ from, to, start, end }) => ({
      from: start,
      to: end,
      title: formatDuration(to - from, 1),
    }));
  return { x, cuts, ticks: ticksOf(placed, { startAt: history.clockStartAt, pixels, x }) };
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isBusy: boolean;
}

/** Returns the intervals between consecutive changes. */
function piecesOf({ startAt, endAt, lanes, commands }: Timeline): readonly Piece[] {
  const moments = new Set([startAt, endAt, ...commands.map(({ at }) => at)]);
  const steps = new Map<number, number>();
  for (const { statuses, marks } of lanes) {
    for (const { at } of marks) moments.add(at);
    for (const { from, to, status } of statuses) {
      moments.add(from).add(to);
      if (isAtRest(status)) continue;
      steps.set(from, (steps.get(from) ?? 0) + 1);
      steps.set(to, (steps.get(to) ?? 0) - 1);
    }
  }
  const ordered = [...moments].sort((a, b) => a - b);
  let working = 0;
  return ordered.slice(0, -1).map((from, at) => {
    working += steps.get(from) ?? 0;
    return { from, to: ordered[at + 1] ?? from, isBusy: working > 0 };
  });
}

/** Returns the index of the first piece that ends at or after a time, else of the last one. */
function firstEndingBy(pieces: readonly { readonly to: number }[], at: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.to ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAtRest(status: Parameters<typeof toneOf>[0]): boolean {
  const tone = toneOf(status);
  return tone === "active" || tone === "waiting" || tone === "broken";
}

const tickGap = 76;
const stepsMs = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
];

/** Returns round times since the start, far enough apart to be readable, none inside a cut. */
function ticksOf(
  pieces: readonly { readonly from: number; readonly to: number; readonly isCut: boolean }[],
  {
    startAt,
    pixels,
    x,
  }: { readonly startAt: number; readonly pixels: number; readonly x: (at: number) => number },
): readonly number[] {
  const step = stepsMs.find((ms) => ms * pixels >= tickGap) ?? 31_536_000_000;
  const ticks: number[] = [];
  for (const { from, to, isCut } of pieces) {
    if (isCut) continue;
    // Limited to the number that fits, whatever the length of the piece.
    for (let at = startAt + Math.ceil((from - startAt) / step) * step; at <= to; at += step) {
      const last = ticks.at(-1);
      if (last === undefined || x(at) - x(last) >= tickGap * 0.8) ticks.push(at);
    }
  }
  return ticks;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
