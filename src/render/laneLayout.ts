import { formatRoundDuration } from "../outline/formatTime.js";
import type { FaultSpan } from "./faultSpans.js";
import { type Tone, toneOf } from "./palette.js";
import { textWidth } from "./svg.js";
import type { Lane, Mark, Outage, StatusSpan } from "./timelineModel.js";
import type { TimeSpan } from "./timeSpan.js";

/** Positions of times in a drawing, and the part of time that it shows. */
export interface Plot {
  readonly x: (at: number) => number;
  readonly from: number;
  readonly to: number;
  /** Positions at which the drawing leaves time out. Labels avoid them. */
  readonly breaks?: readonly number[];
}

/** An interval on the drawing. */
export interface Extent {
  readonly x: number;
  readonly width: number;
}

/** Text inside a block, centred at `x`. */
export interface BlockLabel {
  readonly x: number;
  readonly text: string;
}

/** An interval with a label where there is room for it. */
export interface Block<S extends TimeSpan> extends Extent {
  readonly span: S;
  readonly label: BlockLabel | undefined;
}

/** Marks so close to each other that they are drawn as one. */
export interface MarkGroup {
  readonly x: number;
  readonly kind: Mark["kind"];
  readonly count: number;
  readonly title: string;
}

/** Everything in one row of lanes. */
export interface LaneLayout {
  /** Statuses. Those with the tone "active" are at rest. */
  readonly blocks: readonly (Block<StatusSpan> & { readonly tone: Tone })[];
  readonly links: readonly (Extent & { readonly span: Lane["links"][number] })[];
  readonly sources: readonly (Extent & { readonly span: TimeSpan })[];
  readonly marks: readonly MarkGroup[];
  /** Names of the instances in a row that has several. */
  readonly names: readonly BlockLabel[];
}

/** Places a row of lanes, which can be of several instances after each other. */
export function layoutLanes(lanes: readonly Lane[], plot: Plot): LaneLayout {
  const names: BlockLabel[] = [];
  if (lanes.length > 1) {
    for (const { name, statuses } of lanes) {
      const from = statuses[0]?.from ?? -1;
      if (from < plot.from || from > plot.to) continue;
      const [x, last] = [plot.x(from), names.at(-1)];
      if (last === undefined || x - last.x > last.text.length * 5.6 + 8)
        names.push({ x, text: name });
    }
  }
  const extents = <S extends TimeSpan>(spans: readonly S[]) =>
    spans.flatMap((span) => {
      const extent = extentOf(span, plot);
      return extent === undefined ? [] : [{ ...extent, span }];
    });
  return {
    blocks: lanes.flatMap((lane) => statusBlocks(lane, plot)),
    links: lanes.flatMap(({ links }) => extents(links)),
    sources: lanes.flatMap(({ sources }) => extents(sources)),
    marks: groupMarks(
      lanes.flatMap(({ marks }) => marks),
      plot,
    ),
    names,
  };
}

function statusBlocks({ statuses, marks }: Lane, plot: Plot): LaneLayout["blocks"] {
  const marked = new Set(marks.map(({ at }) => at));
  const blocks: LaneLayout["blocks"][number][] = [];
  let lastTone: Tone | undefined;
  let lastEnd = -Infinity;
  for (const span of statuses) {
    const extent = extentOf(span, plot);
    if (extent === undefined) continue;
    const tone = toneOf(span.status);
    // A span narrower than a pixel beside a span of its tone adds nothing.
    if (tone === lastTone && extent.x + extent.width <= lastEnd) continue;
    lastTone = tone;
    lastEnd = extent.x + Math.max(extent.width, 1.5);
    // A mark at an end of a block takes a part of its room.
    const [before, after] = [span.from, span.to].map((at) => (marked.has(at) ? markGap : 0));
    const label =
      tone === "active"
        ? undefined
        : labelIn(extent, [statusWords(span.status)], { plot, before, after });
    blocks.push({ ...extent, span, tone, label });
  }
  return blocks;
}

/** Places intervals in which clients cannot write. */
export function layoutOutages(
  outages: readonly Outage[],
  plot: Plot,
): readonly (Block<Outage> & { readonly title: string })[] {
  return mergedBlocks(outages, plot, ({ from, to }) => {
    const title = formatRoundDuration(to - from);
    return [`no writes ${title}`, title];
  });
}

/** Places intervals in which faults are active. */
export function layoutFaults(
  faults: readonly FaultSpan[],
  plot: Plot,
): readonly (Block<FaultSpan> & { readonly title: string })[] {
  return mergedBlocks(faults, plot, ({ kind, target }) => [
    target === "" ? kind : `${kind} of ${target}`,
    kind,
  ]);
}

/** Places intervals in order of their start. Those that overlap on the drawing become one block with a number. */
function mergedBlocks<S extends TimeSpan>(
  spans: readonly S[],
  plot: Plot,
  texts: (span: S) => readonly string[],
): readonly (Block<S> & { readonly title: string })[] {
  const merged: { span: S; x: number; end: number; count: number }[] = [];
  for (const span of spans) {
    const extent = extentOf(span, plot);
    if (extent === undefined) continue;
    const end = extent.x + Math.max(2.5, extent.width);
    const last = merged.at(-1);
    // Neighbours touch, and are two blocks.
    if (last === undefined || extent.x > last.end - 0.5)
      merged.push({ span, x: extent.x, end, count: 1 });
    else {
      last.end = Math.max(last.end, end);
      last.count += 1;
    }
  }
  return merged.map(({ span, x, end, count }) => {
    const extent = { x, width: end - x };
    const words =
      count === 1 ? texts(span) : texts(span).map((text) => `${text} +${String(count - 1)}`);
    return { ...extent, span, title: words[0] ?? "", label: labelIn(extent, words, { plot }) };
  });
}

/** Places the marks in view. Marks of one kind that are closer than a mark is wide become one. */
export function groupMarks(marks: readonly Mark[], plot: Plot): readonly MarkGroup[] {
  const groups: { x: number; kind: Mark["kind"]; count: number; title: string }[] = [];
  const last = new Map<string, (typeof groups)[number]>();
  for (const { at, kind, title } of marks) {
    if (at < plot.from || at > plot.to) continue;
    const x = plot.x(at);
    const near = last.get(kind);
    if (near !== undefined && x - near.x < markGap) {
      near.count += 1;
      continue;
    }
    const group = { x, kind, count: 1, title };
    groups.push(group);
    last.set(kind, group);
  }
  return groups;
}

const markGap = 9;

/** Size of the text in blocks, in pixels. */
export const labelSize = 10.5;

/** Returns the first text that fits in the widest part of a block without a break. */
function labelIn(
  { x, width }: Extent,
  texts: readonly string[],
  {
    plot,
    before = 0,
    after = 0,
  }: {
    readonly plot: Plot;
    readonly before?: number | undefined;
    readonly after?: number | undefined;
  },
): BlockLabel | undefined {
  if (width < minLabel) return undefined;
  const room = widestPart(x + before, x + width - after, plot.breaks ?? []);
  const text = texts.find((each) => textWidth(each, labelSize) + 8 <= room.to - room.from);
  return text === undefined ? undefined : { x: (room.from + room.to) / 2, text };
}

/** Narrower blocks, in pixels, have no space for a text. */
const minLabel = 20;

function widestPart(
  from: number,
  to: number,
  breaks: readonly number[],
): { readonly from: number; readonly to: number } {
  let widest = { from, to: from };
  let start = from;
  for (const end of [...breaks.filter((at) => at > from && at < to), to]) {
    if (end - start > widest.to - widest.from) widest = { from: start, to: end };
    start = end;
  }
  return widest;
}

function extentOf({ from, to }: TimeSpan, plot: Plot): Extent | undefined {
  if (to < plot.from || from > plot.to) return undefined;
  const x = plot.x(from);
  return { x, width: plot.x(to) - x };
}

/** Returns a status in lower case, with spaces: `replication error`, `HA failover`. */
export function statusWords(status: string): string {
  return status
    .replaceAll(/[_-]/g, " ")
    .toLowerCase()
    .replaceAll(/\bha\b/g, "HA");
}
