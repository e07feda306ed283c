import { clockFormat } from "../outline/formatTime.js";
import { element, figure, textElement, textWidth, type Xml } from "./svg.js";
import { paint, type Theme } from "./theme.js";
import type { TimelineLayout } from "./timelineLayout.js";
import type { Timeline } from "./timelineModel.js";
import type { TimeScale } from "./timeScale.js";

/** Common inputs of all parts of a timeline. */
export interface Drawing {
  readonly history: Timeline;
  readonly layout: TimelineLayout;
  readonly scale: TimeScale;
  readonly theme: Theme;
  /** Left edge of the names. */
  readonly left: number;
  /** Left and right edge of the time. */
  readonly plotLeft: number;
  readonly plotRight: number;
  /** Upper and lower edge of the rows. */
  readonly top: number;
  readonly bottom: number;
}

/** Draws the lines of the time scale behind the rows, and its labels below them. */
export function axis({
  history,
  layout,
  scale,
  theme,
  plotLeft,
  plotRight,
  top,
  bottom,
  left,
}: Drawing): readonly Xml[] {
  const clock = clockFormat(scale.ticks.map((at) => at - history.clockStartAt));
  // A line above each replication set.
  const heads = layout.rows.filter(({ set }, at) => at === 0 || set !== layout.rows[at - 1]?.set);
  const lines = heads.map((row) =>
    element("path", {
      d: `M${figure(left)} ${figure(top + row.top - 4)}H${figure(plotRight)}`,
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

/** Says below the names how time is drawn, where it is not proportional. */
export function scaleNote(title: string, { left, bottom, theme }: Drawing): Xml {
  return textElement(
    "text",
    { x: left, y: bottom + 19, "font-size": 11, ...paint({ fill: "muted" }, theme) },
    title,
  );
}

/** Marks where time was cut, with its length. */
export function cutMarks({ scale, theme, top, bottom }: Drawing): readonly Xml[] {
  let labelled = 0;
  return scale.cuts.map(({ from, to, title }) => {
    const x = (from + to) / 2;
    const halfLabel = textWidth(title, 10) / 2;
    const fits = x - halfLabel > labelled;
    if (fits) labelled = x + halfLabel + 4;
    return element("g", {}, [
      textElement("title", {}, `nothing happens for ${title}`),
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
              title,
            ),
          ]
        : []),
    ]);
  });
}

function zigzag(x: number, top: number, bottom: number): string {
  const steps = Math.max(1, Math.round((bottom - top) / 12));
  const height = figure((bottom - top) / steps);
  const turns = Array.from({ length: steps }, (_, at) => `l${at % 2 === 0 ? "3" : "-3"} ${height}`);
  return `M${figure(x - 1.5)} ${figure(top)}${turns.join("")}`;
}
