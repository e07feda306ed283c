/** How time takes room: by the logarithm of each wait, or in its real proportions. */
export const timeAxisKinds = ["story", "linear"] as const;

/** How time takes room. */
export type TimeAxisKind = (typeof timeAxisKinds)[number];

/** Where moments lie between 0 and 1. */
export interface TimeAxis {
  /** The share of a moment; moments outside the window are at its ends. */
  readonly shareOf: (at: number) => number;
  /** The moment at a share, a whole number of ms. */
  readonly momentAt: (share: number) => number;
  /** Moments worth a label, far enough apart to be read. */
  readonly ticks: readonly number[];
}

/** What an axis shows. */
export interface TimeAxisInput {
  readonly from: number;
  readonly to: number;
  readonly kind: TimeAxisKind;
  /** Room of a label, as a share of the whole. */
  readonly labelShare: number;
}

/**
 * An axis over the moments at which something happens, in ascending order. In story time a wait takes room by the
 * logarithm of its length, so that a failover of 20 s and an outage of a day can both be read.
 */
export function timeAxis(
  moments: readonly number[],
  { from, to, kind, labelShare }: TimeAxisInput,
): TimeAxis {
  if (to <= from) return { shareOf: () => 0, momentAt: () => from, ticks: [from] };
  const isLinear = kind === "linear";
  const stops = isLinear ? [from, to] : stopsOf(moments, from, to);
  const shares = sharesOf(stops, isLinear ? (ms) => ms : storyWeight);
  const shareOf = (at: number): number =>
    at <= from ? 0 : at >= to ? 1 : interpolate(stops, shares, at);
  return {
    shareOf,
    momentAt: (share) => Math.round(interpolate(shares, stops, Math.min(1, Math.max(0, share)))),
    ticks: isLinear ? roundTicks(from, to, labelShare) : spacedTicks(stops, shareOf, labelShare),
  };
}

/** Room of a wait in story time. */
function storyWeight(ms: number): number {
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

/** The value that belongs to `value` of ascending `xs`, between its two neighbours in `ys`. */
function interpolate(xs: readonly number[], ys: readonly number[], value: number): number {
  const at = Math.max(1, firstAtLeast(xs, value));
  const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [xs[at - 1], xs[at], ys[at - 1], ys[at]];
  return x1 === x0 ? y0 : y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}

/** Index of the first of ascending values that is not below a value; the last index where all are. */
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
