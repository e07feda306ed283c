import { clockFormat } from "../outline/formatTime.js";
import { glyphs, linkDash } from "./glyphs.js";
import { toneOf } from "./palette.js";
import { element, figure, fitting, textElement, textWidth, type Xml } from "./svg.js";
import { paint, type Theme, toned, tonedText } from "./theme.js";
import type { Lane, LinkSpan, Mark, StatusSpan, Timeline } from "./timelineModel.js";
import type { TimeScale } from "./timeScale.js";

/** Common inputs of all parts of a timeline. */
export interface Drawing {
  readonly history: Timeline;
  readonly scale: TimeScale;
  readonly theme: Theme;
  /** Left edge of the names. */
  readonly left: number;
  /** Left and right edge of the time. */
  readonly plotLeft: number;
  readonly plotRight: number;
  /** Upper and lower edge of the lanes. */
  readonly top: number;
  readonly bottom: number;
}

/** Height of one lane: a bar, and below it the line of replication. */
export const laneHeight = 50;
const barTop = 10;
const barHeight = 24;
const linkTop = 40;

/** Draws bands behind the lanes of a group and its members, for the time of membership. */
export function bands({ history, scale, theme, top }: Drawing): readonly Xml[] {
  return history.lanes.flatMap(({ kind, statuses, memberships }, at) => {
    const stretches = kind === "group" ? whole(statuses) : memberships;
    return stretches.map(({ from, to }) =>
      element("rect", {
        ...box(scale, { from, to }, { y: top + at * laneHeight, height: laneHeight }),
        ...paint({ fill: "band" }, theme),
      }),
    );
  });
}

/** Draws lines between the lanes, and the scale below them. */
export function axis({
  history,
  scale,
  theme,
  plotLeft,
  plotRight,
  top,
  bottom,
  left,
}: Drawing): readonly Xml[] {
  const clock = clockFormat(scale.ticks.map((at) => at - history.clockStartAt));
  const lines = history.lanes.map((_, at) =>
    element("path", {
      d: `M${figure(left)} ${figure(top + at * laneHeight)}H${figure(plotRight)}`,
      ...paint({ stroke: "hair" }, theme),
    }),
  );
  const ticks = scale.ticks.flatMap((at) => {
    const x = scale.x(at);
    return [
      element("path", {
        d: `M${figure(x)} ${figure(top)}V${figure(bottom + 5)}`,
        ...paint({ stroke: "hair" }, theme),
      }),
      textElement(
        "text",
        {
          x,
          y: bottom + 19,
          "font-size": 11,
          "text-anchor": "middle",
          ...paint({ fill: "muted" }, theme),
        },
        clock(at - history.clockStartAt),
      ),
    ];
  });
  const base = element("path", {
    d: `M${figure(plotLeft)} ${figure(bottom)}H${figure(plotRight)}`,
    ...paint({ stroke: "guide" }, theme),
  });
  return [...lines, ...ticks, base];
}

/** Marks where time was cut, with its length. */
export function cutMarks({ scale, theme, top, bottom }: Drawing): readonly Xml[] {
  let labelled = 0;
  return scale.cuts.map(({ from, to, says }) => {
    const x = (from + to) / 2;
    const halfLabel = textWidth(says, 10) / 2;
    const fits = x - halfLabel > labelled;
    if (fits) labelled = x + halfLabel + 4;
    return element("g", {}, [
      textElement("title", {}, `nothing happens for ${says}`),
      element("rect", {
        x: x - 4,
        y: top,
        width: 8,
        height: bottom - top + 4,
        ...paint({ fill: "ground" }, theme),
      }),
      ...[-4, 4].map((shift) =>
        element("path", {
          d: zigzag(x + shift, top, bottom + 4),
          ...paint({ stroke: "guide" }, theme),
        }),
      ),
      ...(fits
        ? [
            textElement(
              "text",
              {
                x,
                y: bottom + 32,
                "font-size": 10,
                "text-anchor": "middle",
                "font-style": "italic",
                ...paint({ fill: "muted" }, theme),
              },
              says,
            ),
          ]
        : []),
    ]);
  });
}

/** Draws an arrow from each source to each replica, at the start of replication. */
export function arrows({ history, scale, theme, top }: Drawing): readonly Xml[] {
  const places = new Map(history.lanes.map(({ id }, at) => [id, top + at * laneHeight + barTop]));
  return history.lanes.flatMap((lane) =>
    lane.links.flatMap(({ isBegun, from, sourceId }) => {
      const [source, replica] = [places.get(sourceId), places.get(lane.id)];
      if (!isBegun || source === undefined || replica === undefined) return [];
      const x = figure(scale.x(from));
      const isBelow = replica > source;
      const start = isBelow ? source + barHeight : source;
      const end = isBelow ? replica - 1 : replica + barHeight + 1;
      const back = isBelow ? -6 : 6;
      return [
        element("path", {
          d: `M${x} ${figure(start)}V${figure(end + back)}`,
          "stroke-width": 1.5,
          ...paint({ stroke: "link" }, theme),
        }),
        element("path", {
          d: `M${x} ${figure(end)}l-3.5 ${String(back)}h7z`,
          ...paint({ fill: "link" }, theme),
        }),
      ];
    }),
  );
}

/** Draws one lane: name, statuses, replication line and marks. */
export function laneParts(drawing: Drawing, lane: Lane, at: number): readonly Xml[] {
  const { scale, theme, left, plotLeft } = drawing;
  const y = drawing.top + at * laneHeight;
  const width = plotLeft - left - 12;
  const kind = lane.kind === "group" ? "HA group" : "instance";
  return [
    element("g", {}, [
      textElement("title", {}, `${lane.name} (${lane.id})`),
      textElement(
        "text",
        {
          x: left,
          y: y + barTop + 11,
          "font-size": 13,
          "font-weight": 600,
          ...paint({ fill: "strong" }, theme),
        },
        fitting(lane.name, { width, fontSize: 14 }),
      ),
      textElement(
        "text",
        { x: left, y: y + barTop + 26, "font-size": 11, ...paint({ fill: "muted" }, theme) },
        fitting(`${kind} ${lane.id.split("-", 1).join("")}`, { width, fontSize: 11 }),
      ),
    ]),
    ...lane.statuses.map((span) => statusPart(span, { y: y + barTop, scale, theme })),
    ...lane.links.flatMap((link) => linkParts(link, { y: y + linkTop, scale, theme })),
    ...lane.marks.map(({ at: moment, kind, says }) =>
      element("g", {}, [
        textElement("title", {}, says),
        glyphs[kind](scale.x(moment), y + barTop + (onTop.has(kind) ? 0 : barHeight), theme),
      ]),
    ),
  ];
}

/** Marks on the upper edge of a bar; others are on the lower one. */
const onTop: ReadonlySet<Mark["kind"]> = new Set<Mark["kind"]>(["promotion", "fault", "failure"]);

interface Row {
  readonly y: number;
  readonly scale: TimeScale;
  readonly theme: Theme;
}

function statusPart(span: StatusSpan, { y, scale, theme }: Row): Xml {
  const tone = toneOf(span.status);
  const place = box(scale, span, { y, height: barHeight });
  const room = widestRoom(place, scale);
  const fits = textWidth(span.status, 11) + 10 <= room.to - room.from;
  return element("g", {}, [
    textElement("title", {}, span.status),
    element("rect", { ...place, rx: Math.min(4, place.width / 2), ...toned(tone, theme) }),
    ...(fits
      ? [
          textElement(
            "text",
            {
              x: (room.from + room.to) / 2,
              y: y + barHeight / 2 + 4,
              "font-size": 11,
              "font-weight": 600,
              "text-anchor": "middle",
              ...tonedText(tone, theme),
            },
            span.status,
          ),
        ]
      : []),
  ]);
}

/** Returns the widest part of a bar without a cut. */
function widestRoom(
  { x, width }: { readonly x: number; readonly width: number },
  { cuts }: TimeScale,
): { readonly from: number; readonly to: number } {
  const inside = cuts
    .map(({ from, to }) => (from + to) / 2)
    .filter((middle) => middle > x && middle < x + width);
  const edges = [x, ...inside, x + width];
  let widest = { from: x, to: x };
  for (const [at, from] of edges.entries()) {
    const to = edges[at + 1] ?? from;
    if (to - from > widest.to - widest.from) widest = { from, to };
  }
  return widest;
}

function linkParts({ from, to, mode, isCut }: LinkSpan, { y, scale, theme }: Row): readonly Xml[] {
  const [start, end] = [scale.x(from), scale.x(to)];
  const line = element("path", {
    d: `M${figure(start)} ${figure(y)}H${figure(end)}`,
    "stroke-width": 3,
    "stroke-dasharray": linkDash[mode],
    ...paint({ stroke: "link" }, theme),
  });
  if (!isCut) return [line];
  const cross = element("path", {
    d: `M${figure(end - 4)} ${figure(y - 4)}l8 8m0-8l-8 8`,
    "stroke-width": 2,
    ...paint({ stroke: "link" }, theme),
  });
  return [line, cross];
}

/** Returns a box as wide as an interval, with a visible minimum width. */
function box(
  scale: TimeScale,
  { from, to }: { readonly from: number; readonly to: number },
  { y, height }: { readonly y: number; readonly height: number },
) {
  const x = scale.x(from);
  return { x, y, width: Math.max(1.5, scale.x(to) - x), height };
}

/** Returns the interval from the first to the last point in time. */
function whole(
  spans: readonly StatusSpan[],
): readonly { readonly from: number; readonly to: number }[] {
  const [first, last] = [spans[0], spans.at(-1)];
  return first === undefined || last === undefined ? [] : [{ from: first.from, to: last.to }];
}

function zigzag(x: number, top: number, bottom: number): string {
  const steps = Math.max(1, Math.round((bottom - top) / 12));
  const height = figure((bottom - top) / steps);
  const turns = Array.from({ length: steps }, (_, at) => `l${at % 2 === 0 ? "3" : "-3"} ${height}`);
  return `M${figure(x - 1.5)} ${figure(top)}${turns.join("")}`;
}
