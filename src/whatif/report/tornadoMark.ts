import { element, textElement, type Xml } from "../../render/svg.js";
import type { Interval } from "../../statistics/interval.js";
import { makeAxis } from "./axis.js";
import {
  grid,
  labelWidth,
  markWidth,
  nameText,
  rowHeight,
  svg,
  valueWidth,
  verticalLine,
} from "./markParts.js";

/** Draws elasticities around 0, the strongest first. */
export function tornadoMark(
  rows: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly interval: Interval | null;
    readonly text: string;
  }[],
  title: string,
): Xml {
  const from = labelWidth;
  const to = markWidth - valueWidth;
  const ends = rows.flatMap(({ value, interval }) => [
    value ?? 0,
    interval?.low ?? 0,
    interval?.high ?? 0,
  ]);
  const reach = Math.max(1e-9, ...ends.map(Math.abs));
  const axis = makeAxis({
    from,
    to,
    values: [-reach, reach],
    unit: "number",
    scale: "linear",
    fromZero: false,
  });
  const bottom = 8 + rows.length * rowHeight;
  return svg({ height: bottom + 24, title }, [
    ...grid(axis, { top: 4, bottom }),
    ...rows.flatMap(({ name, value, interval, text }, at) => {
      const y = 8 + at * rowHeight + rowHeight / 2;
      const [zero, end] = [axis.place(0), axis.place(value ?? 0)];
      const { low, high } = interval ?? { low: null, high: null };
      return [
        nameText(name, y),
        element("rect", {
          class: `bar c${value !== null && value < 0 ? "1" : "0"}`,
          x: Math.min(zero, end),
          y: y - 8,
          width: Math.abs(end - zero),
          height: 16,
        }),
        ...(low === null || high === null
          ? []
          : [
              element("line", {
                class: "whisker",
                x1: axis.place(low),
                x2: axis.place(high),
                y1: y,
                y2: y,
              }),
            ]),
        textElement("text", { class: "value", x: to + 14, y: y + 4 }, text),
      ];
    }),
    verticalLine("reference", axis.place(0), 4, bottom),
  ]);
}
