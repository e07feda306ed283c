import {
  type Extent,
  layoutFaults,
  layoutLanes,
  layoutOutages,
  type MarkGroup,
  type Plot,
} from "../../render/laneLayout.js";
import type { Tone } from "../../render/palette.js";
import { type TimeAxis, type TimeAxisKind, timeAxis } from "../../render/timeAxis.js";
import type { TimelineRow } from "../../render/timelineLayout.js";
import type { Lane } from "../../render/timelineModel.js";
import type { ReplicationSet } from "../../render/timelineRows.js";

/** Where time lies on the drawing, and which part of it is shown. */
export interface PagePlot extends Plot {
  readonly axis: TimeAxis;
  readonly width: number;
}

/** A plot of a part of time over a width. */
export function plotOver(
  moments: readonly number[],
  {
    from,
    to,
    kind,
    width,
  }: {
    readonly from: number;
    readonly to: number;
    readonly kind: TimeAxisKind;
    readonly width: number;
  },
): PagePlot {
  const axis = timeAxis(moments, { from, to, kind, labelShare: 74 / width });
  return { axis, from, to, width, x: (at) => axis.shareOf(at) * width };
}

/** Words inside a block. */
export interface Label {
  readonly x: number;
  readonly text: string;
  readonly tone: Tone | "outage" | "fault";
}

/** Everything of a row as few shapes as possible: one path for each tone. */
export interface LaneDrawing {
  readonly paths: readonly { readonly class: string; readonly d: string }[];
  readonly labels: readonly Label[];
  readonly marks: readonly MarkGroup[];
  readonly names: readonly { readonly x: number; readonly text: string }[];
}

/** Height of a lane, its middle, and the half height of a block. */
export const laneHeight = 26;
const middle = laneHeight / 2;
const blockHalf = 8.5;

/** A row of lanes, which may be of several instances after each other. */
export function drawLanes(lanes: readonly Lane[], plot: Plot): LaneDrawing {
  const { blocks, links, sources, marks, names } = layoutLanes(lanes, plot);
  const byClass = new Map<string, string>();
  const put = (name: string, d: string): void => {
    byClass.set(name, (byClass.get(name) ?? "") + d);
  };
  for (const { tone, ...block } of blocks) {
    const isAtRest = tone === "active";
    put(
      isAtRest ? "rest t-active" : `t-${tone}`,
      rounded(block, isAtRest ? { half: 3, least: 1 } : { half: blockHalf, least: 1.5 }),
    );
  }
  for (const { span, ...extent } of links)
    put(span.mode === "semi-synchronous" ? "link" : "link async", line(extent, middle + 11));
  for (const extent of sources) put("source", line(extent, middle - 11));
  return {
    // What is broken is drawn over its neighbours, and lines over blocks.
    paths: [...byClass]
      .map(([name, d]) => ({ class: name, d }))
      .sort((a, b) => depthOf(a.class) - depthOf(b.class)),
    labels: blocks.flatMap(({ label, tone }) => (label === undefined ? [] : [{ ...label, tone }])),
    names,
    marks: marks.filter(({ kind }) => kind !== "backup" && kind !== "schedule"),
  };
}

function depthOf(name: string): number {
  if (name.startsWith("t-")) return name === "t-broken" ? 2 : 1;
  return name.startsWith("rest") ? 0 : 3;
}

/** The line of what clients felt: writes that work, and outages as blocks. */
export function drawClients(
  { outages, writesSince }: Pick<ReplicationSet, "outages" | "writesSince">,
  plot: Plot,
): Pick<LaneDrawing, "paths" | "labels"> {
  const blocks = layoutOutages(outages, plot);
  const start = writesSince === null ? undefined : plot.x(writesSince);
  const down = blocks.map((block) => rounded(block, { half: 7.5, least: 2.5 })).join("");
  return {
    paths: [
      ...(start === undefined
        ? []
        : [{ class: "up", d: line({ x: start, width: plot.x(plot.to) - start }, middle) }]),
      ...(down === "" ? [] : [{ class: "down", d: down }]),
    ],
    labels: blocks.flatMap(({ label }) =>
      label === undefined ? [] : [{ ...label, tone: "outage" as const }],
    ),
  };
}

/** When faults are active. */
export function drawFaults(
  faults: TimelineRow["faults"],
  plot: Plot,
): Pick<LaneDrawing, "paths" | "labels"> {
  const blocks = layoutFaults(faults, plot);
  const d = blocks.map((block) => rounded(block, { half: 7, least: 2.5 })).join("");
  return {
    paths: d === "" ? [] : [{ class: "fault-span", d }],
    labels: blocks.flatMap(({ label }) =>
      label === undefined ? [] : [{ ...label, tone: "fault" as const }],
    ),
  };
}

function line({ x, width }: Extent, y: number): string {
  return `M${short(x)} ${String(y)}h${short(Math.max(1, width))}`;
}

function rounded(
  { x, width }: Extent,
  { half, least }: { readonly half: number; readonly least: number },
): string {
  // A gap of one pixel keeps neighbours apart.
  const inner = Math.max(1, Math.max(least, width) - 1);
  const r = Math.min(3, inner / 2);
  const [w, h] = [short(inner - 2 * r), short(2 * half - 2 * r)];
  const c = short(r);
  return `M${short(x + 0.5 + r)} ${short(middle - half)}h${w}a${c} ${c} 0 0 1 ${c} ${c}v${h}a${c} ${c} 0 0 1 -${c} ${c}h-${w}a${c} ${c} 0 0 1 -${c} -${c}v-${h}a${c} ${c} 0 0 1 ${c} -${c}z`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
