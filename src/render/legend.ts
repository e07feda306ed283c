import { glyphs, linkDash } from "./glyphs.js";
import { type LegendEntry, legendEntries } from "./legendEntries.js";
import { element, figure, textElement, textWidth, type Xml } from "./svg.js";
import { paint, rest, type Theme, toned } from "./theme.js";
import type { Timeline } from "./timelineModel.js";

/** A legend: its drawing and its lower edge. */
export interface Legend {
  readonly parts: readonly Xml[];
  readonly bottom: number;
}

const rowHeight = 20;
const fontSize = 11;
const swatchWidth = 18;

/** Explains only the tones, lines and marks that occur in a timeline. */
export function legendOf(
  timeline: Timeline,
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
  for (const entry of legendEntries(timeline)) {
    const width = swatchWidth + 7 + textWidth(entry.title, fontSize) + 14;
    if (x > left && x + width > right) {
      x = left;
      y += rowHeight;
    }
    parts.push(
      swatch(entry, { x, y, theme }),
      textElement(
        "text",
        {
          x: x + swatchWidth + 6,
          y: y + 4,
          "font-size": fontSize,
          ...paint({ fill: "muted" }, theme),
        },
        entry.title,
      ),
    );
    x += width;
  }
  return { parts, bottom: y };
}

/** Draws the symbol of an entry, given the middle of its left edge. */
function swatch(
  entry: LegendEntry,
  { x, y, theme }: { readonly x: number; readonly y: number; readonly theme: Theme },
): Xml {
  const box = (height: number) => ({
    x,
    y: y - height / 2,
    width: swatchWidth,
    height,
    rx: 3,
  });
  const line = (dash: string | undefined, stroke: "link" | "crown"): Xml =>
    element("path", {
      d: `M${figure(x)} ${figure(y)}h${String(swatchWidth)}`,
      "stroke-width": stroke === "link" ? 1.5 : 2,
      "stroke-dasharray": dash,
      ...paint({ stroke }, theme),
    });
  switch (entry.kind) {
    case "tone":
      return element(
        "rect",
        entry.tone === "active"
          ? { ...box(6), ...rest(theme) }
          : { ...box(12), ...toned(entry.tone, theme) },
      );
    case "mark":
      return glyphs[entry.mark](x + swatchWidth / 2, y, theme);
    case "outage":
      return element("rect", { ...box(12), ...paint({ fill: "outage" }, theme) });
    case "fault":
      return element("rect", { ...box(12), ...paint({ fill: "ground", stroke: "alarm" }, theme) });
    case "member":
      return element("rect", { ...box(12), ...paint({ fill: "band", stroke: "bandEdge" }, theme) });
    case "source":
      return line(undefined, "crown");
    case "asynchronous":
    case "semi-synchronous":
      return line(linkDash[entry.kind], "link");
  }
}
