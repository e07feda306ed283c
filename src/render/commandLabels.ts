import { element, figure, textElement, textWidth, type Xml } from "./svg.js";
import { paint, type Theme } from "./theme.js";
import type { CommandMark } from "./timelineModel.js";
import type { TimeScale } from "./timeScale.js";

/** Labels of commands, in rows above the lanes. */
export interface CommandLabels {
  readonly height: number;
  /** Draws the labels, given the lower edge of the rows. */
  readonly parts: (bottom: number) => readonly Xml[];
}

const rowHeight = 17;
const rowsMax = 7;
const fontSize = 11;

/**
 * Places the label of each command beside a pin at its time. Labels that would overlap are stacked, earlier ones
 * higher,
 * so that no pin crosses a label. Where the stack would get too high, only a dot with a tooltip is drawn on the edge of
 * the lanes.
 */
export function commandLabels(
  commands: readonly CommandMark[],
  {
    scale,
    right,
    theme,
  }: { readonly scale: TimeScale; readonly right: number; readonly theme: Theme },
): CommandLabels {
  const pins = placed(commands, scale, right);
  const rows = pins.reduce((most, { row }) => Math.max(most, row + 1), 0);
  return {
    height: rows * rowHeight + 6,
    parts: (bottom) => {
      const heightOf = ({ row }: Pin): number => (row < 0 ? bottom : bottom - 8 - row * rowHeight);
      const stems = pins.map((pin) =>
        element("path", {
          d: `M${figure(pin.x)} ${figure(heightOf(pin))}V${figure(bottom)}`,
          ...paint({ stroke: "guide" }, theme),
        }),
      );
      const heads = pins.map((pin) =>
        element("g", {}, [
          textElement("title", {}, pin.title),
          element("circle", {
            cx: pin.x,
            cy: heightOf(pin),
            r: 3,
            ...paint({ fill: "muted" }, theme),
          }),
          ...(pin.row < 0 ? [] : [label(pin, heightOf(pin) + 4, theme)]),
        ]),
      );
      return [...stems, ...heads];
    },
  };
}

interface Pin {
  readonly x: number;
  readonly title: string;
  /** Right edge of the label, pin included. */
  readonly from: number;
  readonly to: number;
  /** Counted from below; -1 where there is no room for a label. */
  row: number;
}

function placed(commands: readonly CommandMark[], scale: TimeScale, right: number): readonly Pin[] {
  const pins = commands.map(({ at, types }): Pin => {
    const x = scale.x(at);
    const title = wordsOf(types);
    const width = textWidth(title, fontSize) + 12;
    return x + width > right
      ? { x, title, from: x - width, to: x, row: -1 }
      : { x, title, from: x, to: x + width, row: -1 };
  });
  const done: Pin[] = [];
  for (const pin of pins.toReversed()) {
    // Above every label that it would overlap, so that their pins stay below it.
    const row = done
      .filter((other) => other.from < pin.to && other.to > pin.from)
      .reduce((highest, other) => Math.max(highest, other.row + 1), 0);
    if (row < rowsMax) pin.row = row;
    done.push(pin);
  }
  return pins;
}

/** Draws text with an outline in the background colour, so that it is readable on top of lines. */
function label({ x, title, to }: Pin, y: number, theme: Theme): Xml {
  const isFlipped = to === x;
  return textElement(
    "text",
    {
      x: x + (isFlipped ? -7 : 7),
      y,
      "font-size": fontSize,
      "text-anchor": isFlipped ? "end" : undefined,
      "paint-order": "stroke",
      "stroke-width": 4,
      "stroke-linejoin": "round",
      ...paint({ fill: "muted", stroke: "ground" }, theme),
    },
    title,
  );
}

/** `createReplica ×2, createSchedule`. */
function wordsOf(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => (count === 1 ? type : `${type} ×${String(count)}`))
    .join(", ");
}
