import { glyphs, linkDash } from "./glyphs.js";
import { toneOf, tones } from "./palette.js";
import { element, figure, textElement, textWidth, type Xml } from "./svg.js";
import { paint, type Theme, toned } from "./theme.js";
import type { Mark, Timeline } from "./timelineModel.js";

/** A legend: its drawing and its lower edge. */
export interface Legend {
  readonly parts: readonly Xml[];
  readonly bottom: number;
}

const rowHeight = 22;
const fontSize = 11;

/** Explains only the statuses, lines and marks that occur in a history. */
export function legendOf(
  history: Timeline,
  place: {
    readonly top: number;
    readonly left: number;
    readonly right: number;
    readonly theme: Theme;
  },
): Legend {
  const { left, right, theme } = place;
  let x = left;
  let y = place.top;
  const parts: Xml[] = [];
  for (const { says, draw } of entriesOf(history, theme)) {
    const width = swatchWidth + 8 + textWidth(says, fontSize) + 16;
    if (x > left && x + width > right) {
      x = left;
      y += rowHeight;
    }
    parts.push(
      draw(x, y),
      textElement(
        "text",
        {
          x: x + swatchWidth + 7,
          y: y + 4,
          "font-size": fontSize,
          ...paint({ fill: "muted" }, theme),
        },
        says,
      ),
    );
    x += width;
  }
  return { parts, bottom: y };
}

interface Entry {
  readonly says: string;
  /** Draws the swatch, given the middle of its left edge. */
  readonly draw: (x: number, y: number) => Xml;
}

const swatchWidth = 20;

/** The meaning of each mark, in the order of the legend. */
const wordsOfMarks: Readonly<Record<Mark["kind"], string>> = {
  schedule: "backup schedule set",
  backup: "hour of a backup",
  fault: "fault strikes",
  failure: "failure",
  promotion: "becomes the source",
};

function entriesOf({ lanes }: Timeline, theme: Theme): readonly Entry[] {
  const statuses = [...new Set(lanes.flatMap((lane) => lane.statuses.map(({ status }) => status)))];
  const inOrder = tones.flatMap((tone) => statuses.filter((status) => toneOf(status) === tone));
  const modes = new Set(lanes.flatMap((lane) => lane.links.map(({ mode }) => mode)));
  const kinds = new Set(lanes.flatMap((lane) => lane.marks.map(({ kind }) => kind)));
  return [
    ...inOrder.map(
      (status): Entry => ({
        says: status,
        draw: (x, y) =>
          element("rect", {
            x,
            y: y - 6,
            width: swatchWidth,
            height: 12,
            rx: 3,
            ...toned(toneOf(status), theme),
          }),
      }),
    ),
    ...(["asynchronous", "semi-synchronous"] as const)
      .filter((mode) => modes.has(mode))
      .map(
        (mode): Entry => ({
          says: `${mode} replication`,
          draw: (x, y) =>
            element("path", {
              d: `M${figure(x)} ${figure(y)}h${String(swatchWidth)}`,
              "stroke-width": 3,
              "stroke-dasharray": linkDash[mode],
              ...paint({ stroke: "link" }, theme),
            }),
        }),
      ),
    ...(lanes.some(({ memberships }) => memberships.length > 0)
      ? [
          {
            says: "members of an HA group",
            draw: (x: number, y: number) =>
              element("rect", {
                x,
                y: y - 6,
                width: swatchWidth,
                height: 12,
                rx: 3,
                ...paint({ fill: "band", stroke: "bandEdge" }, theme),
              }),
          },
        ]
      : []),
    ...Object.entries(wordsOfMarks)
      .map(([kind, says]) => ({ kind: kind as Mark["kind"], says }))
      .filter(({ kind }) => kinds.has(kind))
      .map(
        ({ kind, says }): Entry => ({
          says,
          draw: (x, y) => glyphs[kind](x + swatchWidth / 2, y, theme),
        }),
      ),
  ];
}
