import { type Tone, toneOf } from "../../render/palette.js";
import type { TimeAxis } from "../../render/timeAxis.js";
import type { Lane, Mark, Outage, TimeSpan } from "../../render/timelineModel.js";
import { duration, statusWords } from "./format.js";

/** Where time lies on the drawing, and which part of it is shown. */
export interface Plot {
  readonly axis: TimeAxis;
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly width: number;
}

/** Words inside a block. */
export interface Label {
  readonly x: number;
  readonly text: string;
  readonly tone: Tone | "outage";
}

/** Everything of a row as few shapes as possible: one path for each tone. */
export interface LaneDrawing {
  readonly paths: readonly { readonly key: string; readonly class: string; readonly d: string }[];
  readonly labels: readonly Label[];
  readonly marks: readonly MarkGroup[];
  readonly names: readonly { readonly x: number; readonly text: string }[];
}

/** Marks so close to each other that they are drawn as one. */
export interface MarkGroup {
  readonly x: number;
  readonly kind: "fault" | "promotion" | "failure";
  readonly count: number;
  readonly says: string;
}

/** Height of a lane, its middle, and the half height of a block. */
export const laneHeight = 26;
const middle = laneHeight / 2;
const blockHalf = 8.5;

/** Pixels between an x and the left edge. */
export function xOf({ axis, left, width }: Plot, at: number): number {
  return left + axis.shareOf(at) * width;
}

/** A row of lanes, which may be of several instances after each other. */
export function drawLanes(lanes: readonly Lane[], plot: Plot): LaneDrawing {
  const byTone = new Map<string, string[]>();
  const labels: Label[] = [];
  const names: { x: number; text: string }[] = [];
  const put = (name: string, d: string): void => {
    const parts = byTone.get(name);
    if (parts === undefined) byTone.set(name, [d]);
    else parts.push(d);
  };
  for (const lane of lanes) {
    let lastTone: Tone | undefined;
    let lastEnd = -Infinity;
    const [first] = lane.statuses;
    const marked = new Set(lane.marks.map(({ at }) => at));
    for (const span of lane.statuses) {
      const box = boxOf(span, plot);
      if (box === undefined) continue;
      const tone = toneOf(span.status);
      // What is narrower than a pixel beside its like adds nothing.
      if (tone === lastTone && box.x + box.width <= lastEnd) continue;
      lastTone = tone;
      lastEnd = box.x + Math.max(box.width, 1.5);
      if (tone === "active") put("rest", rounded(box.x, middle - 3, Math.max(1, box.width), 6, 3));
      else {
        put(tone, rounded(box.x, middle - blockHalf, Math.max(1.5, box.width), 2 * blockHalf, 3.5));
        // A mark at the beginning of a block takes a part of its room.
        const taken = marked.has(span.from) ? markGap : 0;
        const text = labelFor(statusWords(span.status), box.width - taken);
        if (text !== undefined) labels.push({ x: box.x + (box.width + taken) / 2, text, tone });
      }
    }
    for (const link of lane.links) {
      const box = boxOf(link, plot);
      if (box !== undefined)
        put(link.mode === "semi-synchronous" ? "link" : "link async", line(box, middle + 11));
    }
    for (const source of lane.sources) {
      const box = boxOf(source, plot);
      if (box !== undefined) put("source", line(box, middle - 11));
    }
    if (
      lanes.length > 1 &&
      first !== undefined &&
      first.from >= plot.from &&
      first.from <= plot.to
    ) {
      const x = xOf(plot, first.from);
      const last = names.at(-1);
      if (last === undefined || x - last.x > last.text.length * 5.6 + 8)
        names.push({ x, text: lane.name });
    }
  }
  return {
    paths: order.flatMap((name) => {
      const parts = byTone.get(name);
      const isLine = name.startsWith("link") || name === "source";
      return parts === undefined
        ? []
        : [
            {
              key: name,
              class: isLine ? name : name === "rest" ? "rest t-active" : `t-${name}`,
              d: parts.join(""),
            },
          ];
    }),
    labels,
    names,
    marks: groupMarks(
      lanes.flatMap(({ marks }) => marks),
      plot,
    ),
  };
}

const order = [
  "rest",
  "building",
  "restarting",
  "resizing",
  "detaching",
  "converting",
  "backup",
  "waiting",
  "ending",
  "broken",
  "link",
  "link async",
  "source",
] as const;

/** The line of what clients felt: writes that work, and outages as blocks. */
export function drawOutages(
  outages: readonly Outage[],
  { plot, since }: { readonly plot: Plot; readonly since: number | null },
): { readonly up: string; readonly down: string; readonly labels: readonly Label[] } {
  const labels: Label[] = [];
  let down = "";
  let end = -Infinity;
  for (const outage of outages) {
    const box = boxOf(outage, plot);
    if (box === undefined || box.x + box.width <= end) continue;
    const width = Math.max(2.5, box.width);
    end = box.x + width;
    down += rounded(box.x, middle - 7.5, width, 15, 2.5);
    const says = duration(outage.to - outage.from);
    const text = labelFor(`no writes ${says}`, width) ?? labelFor(says, width);
    if (text !== undefined) labels.push({ x: box.x + width / 2, text, tone: "outage" });
  }
  const from = since === null ? undefined : boxOf({ from: since, to: plot.to }, plot);
  return { up: from === undefined ? "" : line(from, middle), down, labels };
}

/** Marks in view, those closer than a mark is wide as one. */
export function groupMarks(marks: readonly Mark[], plot: Plot): readonly MarkGroup[] {
  const groups: { x: number; kind: MarkGroup["kind"]; count: number; says: string }[] = [];
  const last = new Map<string, (typeof groups)[number]>();
  for (const { at, kind, says } of marks) {
    if (kind === "backup" || kind === "schedule" || at < plot.from || at > plot.to) continue;
    const x = xOf(plot, at);
    const near = last.get(kind);
    if (near !== undefined && x - near.x < markGap) {
      near.count += 1;
      continue;
    }
    const group = { x, kind, count: 1, says };
    groups.push(group);
    last.set(kind, group);
  }
  return groups;
}

const markGap = 9;

function boxOf(
  { from, to }: TimeSpan,
  plot: Plot,
): { readonly x: number; readonly width: number } | undefined {
  if (to < plot.from || from > plot.to) return undefined;
  const x = xOf(plot, from);
  return { x, width: xOf(plot, to) - x };
}

function labelFor(text: string, width: number): string | undefined {
  return width > text.length * 6 + 8 ? text : undefined;
}

function line({ x, width }: { readonly x: number; readonly width: number }, y: number): string {
  return `M${short(x)} ${String(y)}h${short(Math.max(1, width))}`;
}

function rounded(x: number, y: number, width: number, height: number, radius: number): string {
  // A gap of one pixel keeps neighbours apart.
  const inner = Math.max(1, width - 1);
  const r = Math.min(radius, inner / 2);
  const [w, h] = [short(inner - 2 * r), short(height - 2 * r)];
  const c = short(r);
  return `M${short(x + 0.5 + r)} ${short(y)}h${w}a${c} ${c} 0 0 1 ${c} ${c}v${h}a${c} ${c} 0 0 1 -${c} ${c}h-${w}a${c} ${c} 0 0 1 -${c} -${c}v-${h}a${c} ${c} 0 0 1 ${c} -${c}z`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
