/** Scales of a time axis: `logarithmic` is logarithmic in each wait, `linear` is proportional. */
export const timeAxisKinds = ["logarithmic", "linear"] as const;

/** Scale of a time axis. */
export type TimeAxisKind = (typeof timeAxisKinds)[number];

/** Maps times to positions between 0 and 1. */
export interface TimeAxis {
  /** Returns the position of a time. Times outside the window map to its ends. */
  readonly shareOf: (at: number) => number;
  /** Returns the time at a position, in integer ms. */
  readonly momentAt: (share: number) => number;
  /** Returns round times for labels, far enough apart to be readable. */
  readonly ticks: readonly number[];
}

/** Options of a time axis. */
export interface TimeAxisInput {
  readonly from: number;
  readonly to: number;
  readonly kind: TimeAxisKind;
  /** Width of a label as a fraction of the axis. */
  readonly labelShare: number;
}

/**
 * Creates an axis over the times of events, in ascending order. With the kind `logarithmic` the width of a wait is the
 * logarithm of its length, so that a failover of 20 s and an outage of a day are both readable.
 */
export function timeAxis(
  moments: readonly number[],
  { from, to, kind, labelShare }: TimeAxisInput,
): TimeAxis {
  if (to <= from) return { shareOf: () => 0, momentAt: () => from, ticks: [from] };
  const isLinear = kind === "linear";
  const stops = isLinear ? [from, to] : stopsOf(moments, from, to);
  const shares = sharesOf(stops, isLinear ? (ms) => ms : logarithmicWeight);
  const shareOf = (at: number): number =>
    at <= from ? 0 : at >= to ? 1 : interpolate(stops, shares, at);
  return {
    shareOf,
    momentAt: (share) => Math.round(interpolate(shares, stops, Math.min(1, Math.max(0, share)))),
    ticks: isLinear ? roundTicks(from, to, labelShare) : spacedTicks(stops, shareOf, labelShare),
  };
}

/** Returns the width of a wait on a `logarithmic` axis. */
function logarithmicWeight(ms: number): number {
  return Math.log2(1 + ms / 2000) + 0.15;
}

function stopsOf(moments: readonly number[], from: number, to: number): readonly number[] {
  const stops = [from];
  for (const at of moments) if (at > (stops.at(-1) ?? from) && at < to) stops.push(at);
  stops.push(to);
  return stops;
}

function sharesOf(stops: readonly number[], weight: (ms: number) => number): readonly number[] {
  const edges = [0];
  let total = 0;
  for (let at = 1; at < stops.length; at++) {
    total += weight((stops[at] ?? 0) - (stops[at - 1] ?? 0));
    edges.push(total);
  }
  return edges.map((edge) => edge / total);
}

/** Interpolates `value` linearly from ascending `xs` to `ys`. */
function interpolate(xs: readonly number[], ys: readonly number[], value: number): number {
  const at = Math.max(1, firstAtLeast(xs, value));
  const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [xs[at - 1], xs[at], ys[at - 1], ys[at]];
  return x1 === x0 ? y0 : y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}

/** Returns the index of the first of ascending values that is not below a value, or the last index if all are. */
export function firstAtLeast(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const stepsMs = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000, 2_592_000_000, 7_776_000_000, 31_536_000_000,
];

function roundTicks(from: number, to: number, labelShare: number): readonly number[] {
  const length = to - from;
  const step = stepsMs.find((ms) => ms / length >= labelShare) ?? length;
  const ticks: number[] = [];
  for (let at = 0; at <= length * (1 - labelShare / 3); at += step) ticks.push(from + at);
  return ticks;
}

function spacedTicks(
  stops: readonly number[],
  shareOf: (at: number) => number,
  labelShare: number,
): readonly number[] {
  const ticks: number[] = [];
  let last = -1;
  for (const at of stops) {
    const share = shareOf(at);
    if (share - last < labelShare || share > 1 - labelShare / 3) continue;
    ticks.push(at);
    last = share;
  }
  return ticks;
}
