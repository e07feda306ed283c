import { clockFormat } from "../outline/formatTime.js";
import { glyphs, linkDash } from "./glyphs.js";
import {
  type Block,
  type Extent,
  labelSize,
  layoutFaults,
  layoutLanes,
  layoutOutages,
  type Plot,
} from "./laneLayout.js";
import { element, figure, fitting, textElement, textWidth, type Xml } from "./svg.js";
import { paint, rest, toned, tonedText } from "./theme.js";
import type { TimelineRow, TimelineRowKind } from "./timelineLayout.js";
import type { Lane } from "./timelineModel.js";
import type { Drawing } from "./timelineParts.js";
import { lifeOf } from "./timelineRows.js";
import type { TimeSpan } from "./timeSpan.js";

/** Height of each kind of row. */
export const rowHeights: Readonly<Record<TimelineRowKind, number>> = {
  clients: 28,
  faults: 24,
  lanes: 34,
};

/** Draws one row: its name, and its history. */
export function rowParts(drawing: Drawing, row: TimelineRow): readonly Xml[] {
  const y = drawing.top + row.top + row.height / 2;
  switch (row.kind) {
    case "clients":
      return clientsParts(drawing, row, y);
    case "faults":
      return faultsParts(drawing, row, y);
    case "lanes":
      return row.lanes.flatMap((lane) => laneParts(drawing, { lane, set: row.set }, y));
  }
}

/** Draws when the clients of a set can write, and when they cannot. */
function clientsParts(drawing: Drawing, { set }: TimelineRow, y: number): readonly Xml[] {
  if (set === null) return [];
  const { theme, history } = drawing;
  const plot = plotOf(drawing);
  const since = set.writesSince;
  const start = since === null ? undefined : plot.x(since);
  const nameWidth = Math.min(textWidth(set.name, 14) + 1, nameRoom(drawing) - 76);
  return [
    name(drawing, set.name, { x: drawing.left, y: y + 4, width: nameWidth, size: 13, weight: 650 }),
    note(drawing, "client writes", drawing.left + nameWidth + 8, y + 4),
    ...(start === undefined
      ? []
      : [
          element("path", {
            d: `M${figure(start)} ${figure(y)}H${figure(plot.x(history.endAt))}`,
            "stroke-width": 2,
            "stroke-opacity": 0.6,
            ...paint({ stroke: "good" }, theme),
          }),
        ]),
    ...layoutOutages(set.outages, plot).map((block) =>
      element("g", {}, [
        textElement(
          "title",
          {},
          `${block.title}, ${String(block.span.lostTransactions)} transactions lost`,
        ),
        element("rect", {
          ...boxAt(block, y, 17),
          rx: 2.5,
          ...paint({ fill: "outage" }, theme),
        }),
        ...label(block, y, { "font-weight": 700, ...paint({ fill: "onOutage" }, theme) }),
      ]),
    ),
  ];
}

/** Draws when faults are active. */
function faultsParts(drawing: Drawing, { faults, set }: TimelineRow, y: number): readonly Xml[] {
  const { theme, left } = drawing;
  return [
    note(drawing, set === null ? "faults of the service" : "faults", left + indentOf(set), y + 4),
    ...layoutFaults(faults, plotOf(drawing)).map((block) =>
      element("g", {}, [
        textElement("title", {}, `${block.title}: ${block.span.title}`),
        element("rect", {
          ...boxAt(block, y, 15),
          rx: 2.5,
          ...paint({ fill: "ground", stroke: "alarm" }, theme),
        }),
        ...label(block, y, paint({ fill: "alarm" }, theme)),
      ]),
    ),
  ];
}

interface LaneOfSet {
  readonly lane: Lane;
  readonly set: TimelineRow["set"];
}

/** Draws one lane: name and role, statuses, replication and marks. */
function laneParts(drawing: Drawing, { lane, set }: LaneOfSet, y: number): readonly Xml[] {
  const { theme, left } = drawing;
  const plot = plotOf(drawing);
  const { blocks, links, sources, marks } = layoutLanes([lane], plot);
  const x = left + indentOf(set);
  const bands = lane.kind === "group" ? [lifeOf(lane)] : lane.memberships;
  return [
    ...bands.map((span) =>
      element("rect", {
        ...boxAt(extentOf(span, plot), y, rowHeights.lanes),
        ...paint({ fill: "band" }, theme),
      }),
    ),
    element("g", {}, [
      textElement("title", {}, `${lane.name} (${lane.id})`),
      name(drawing, lane.name, { x, y: y - 1, width: nameRoom(drawing), size: 12.5, weight: 600 }),
      note(drawing, roleWords(lane, drawing), x, y + 12),
    ]),
    ...blocks.map((block) => {
      const { span, tone, width } = block;
      const isAtRest = tone === "active";
      return element("g", {}, [
        textElement("title", {}, span.status),
        element("rect", {
          ...boxAt(block, y, isAtRest ? 6 : 18),
          rx: Math.min(isAtRest ? 3 : 4, Math.max(1.5, width) / 2),
          ...(isAtRest ? rest(theme) : toned(tone, theme)),
        }),
        ...label(block, y, tonedText(tone, theme)),
      ]);
    }),
    ...links.flatMap(({ x: start, width, span: { mode, isCut, sourceId } }) => {
      const at = y + 13;
      const end = start + Math.max(1, width);
      const line = element("g", {}, [
        textElement("title", {}, `${mode} replica of ${nameOf(drawing, sourceId)}`),
        element("path", {
          d: `M${figure(start)} ${figure(at)}H${figure(end)}`,
          "stroke-width": 1.5,
          "stroke-dasharray": linkDash[mode],
          ...paint({ stroke: "link" }, theme),
        }),
      ]);
      if (!isCut) return [line];
      const cross = element("path", {
        d: `M${figure(end - 3)} ${figure(at - 3)}l6 6m0-6l-6 6`,
        "stroke-width": 1.5,
        ...paint({ stroke: "link" }, theme),
      });
      return [line, cross];
    }),
    ...sources.map(({ x: start, width }) =>
      element("path", {
        d: `M${figure(start)} ${figure(y - 13)}h${figure(Math.max(1, width))}`,
        "stroke-width": 2,
        ...paint({ stroke: "crown" }, theme),
      }),
    ),
    ...marks.map(({ x: at, kind, title, count }) =>
      element("g", {}, [
        textElement("title", {}, count === 1 ? title : `${title}, and ${String(count - 1)} more`),
        glyphs[kind](at, y, theme),
      ]),
    ),
  ];
}

/** Returns what an instance was: `source since 0:16:15`, `replica`, `HA group`. */
function roleWords(lane: Lane, { history }: Drawing): string {
  const { kind, sources, links } = lane;
  if (kind === "group") return "HA group";
  const clock = clockFormat([0]);
  const timeText = (at: number): string => {
    const ms = at - history.clockStartAt;
    return (ms >= 86_400_000 ? clockFormat([ms]) : clock)(ms - (ms % 1000));
  };
  const life = lifeOf(lane);
  const source = sources.at(-1);
  if (source !== undefined) {
    if (source.to < history.endAt) return `source until ${timeText(source.to)}`;
    return source.from > life.from ? `source since ${timeText(source.from)}` : "source";
  }
  const link = links.at(-1);
  if (link === undefined) return "stand-alone";
  return link.to < history.endAt ? `replica until ${timeText(link.to)}` : "replica";
}

function plotOf({ history: { startAt, endAt }, scale }: Drawing): Plot {
  return {
    x: scale.x,
    from: startAt,
    to: endAt,
    breaks: scale.cuts.map(({ from, to }) => (from + to) / 2),
  };
}

function nameOf({ history }: Drawing, id: string): string {
  return history.lanes.find((lane) => lane.id === id)?.name ?? id;
}

function nameRoom({ plotLeft, left }: Drawing): number {
  return plotLeft - left - 16;
}

function indentOf(set: TimelineRow["set"]): number {
  return set?.writesSince == null ? 0 : 10;
}

function name(
  { theme }: Drawing,
  text: string,
  {
    x,
    y,
    width,
    size,
    weight,
  }: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly size: number;
    readonly weight: number;
  },
): Xml {
  return textElement(
    "text",
    { x, y, "font-size": size, "font-weight": weight, ...paint({ fill: "strong" }, theme) },
    // Bold letters are wider.
    fitting(text, { width: Math.max(width, 20), fontSize: size + 1 }),
  );
}

function note(drawing: Drawing, text: string, x: number, y: number): Xml {
  const width = drawing.plotLeft - x - 6;
  return textElement(
    "text",
    { x, y, "font-size": 11, ...paint({ fill: "muted" }, drawing.theme) },
    fitting(text, { width, fontSize: 11 }),
  );
}

function label(
  { label: found }: Block<TimeSpan>,
  y: number,
  style: Readonly<Record<string, string | number | undefined>>,
): readonly Xml[] {
  if (found === undefined) return [];
  return [
    textElement(
      "text",
      {
        x: found.x,
        y: y + 3.7,
        "font-size": labelSize,
        "font-weight": 600,
        "text-anchor": "middle",
        ...style,
      },
      found.text,
    ),
  ];
}

function extentOf({ from, to }: TimeSpan, { x }: Plot): Extent {
  return { x: x(from), width: x(to) - x(from) };
}

/** Returns a box around a height, with a visible minimum width. */
function boxAt({ x, width }: Extent, y: number, height: number) {
  return { x, y: y - height / 2, width: Math.max(1.5, width), height };
}
