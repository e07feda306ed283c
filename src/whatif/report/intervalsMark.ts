import { element, figure, fitting, textElement, type Xml } from "../../render/svg.js";
import type { Interval } from "../../statistics/interval.js";
import { type Axis, makeAxis } from "./axis.js";
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
import type { ValueUnit } from "./valueFormat.js";

/** One estimate. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Text of the mark. */
  readonly text: string;
  /** Which colour: the place of its design. */
  readonly colour: number;
}

/** A line that values should keep to. */
export interface LimitLine {
  readonly value: number;
  readonly label: string;
}

/** Draws estimates with their intervals, one a row. */
export function intervalsMark(
  rows: readonly IntervalRow[],
  options: {
    readonly unit: ValueUnit;
    readonly title: string;
    readonly limits?: readonly LimitLine[];
    readonly scale?: "linear" | "log";
    /** A value that means "no difference". */
    readonly reference?: number;
  },
): Xml {
  const { unit, title, limits = [], reference } = options;
  const from = labelWidth;
  const to = markWidth - valueWidth;
  const top = limits.length > 0 ? 22 : 8;
  const bottom = top + rows.length * rowHeight;
  const ends = rows.flatMap(({ value, interval }) => [
    value,
    interval?.low ?? null,
    interval?.high ?? null,
  ]);
  const values = [...ends, ...limits.map((limit) => limit.value), reference ?? null].filter(
    (each) => each !== null,
  );
  const axis = makeAxis({
    from,
    to,
    values,
    unit,
    ...(options.scale === undefined ? {} : { scale: options.scale }),
  });
  return svg({ height: bottom + 24, title }, [
    ...grid(axis, { top: top - 4, bottom }),
    ...(reference === undefined
      ? []
      : [verticalLine("reference", axis.place(reference), top - 4, bottom)]),
    ...limits.flatMap(({ value, label }) => {
      const x = axis.place(value);
      const anchor = x > (from + to) / 2 ? "end" : "start";
      return [
        verticalLine("limit", x, 8, bottom),
        textElement(
          "text",
          { class: "limit-text", x: x + (anchor === "end" ? -5 : 5), y: 14, "text-anchor": anchor },
          label,
        ),
      ];
    }),
    ...rows.flatMap((row, at) =>
      intervalRow(row, { axis, y: top + at * rowHeight + rowHeight / 2, to }),
    ),
  ]);
}

function intervalRow(
  { name, value, interval, text, colour }: IntervalRow,
  { axis, y, to }: { readonly axis: Axis; readonly y: number; readonly to: number },
): readonly Xml[] {
  const marks: Xml[] = [nameText(name, y)];
  if (interval !== null) {
    const low = interval.low === null ? labelWidth : axis.place(interval.low);
    const high = interval.high === null ? to : axis.place(interval.high);
    marks.push(
      element("line", { class: `interval c${String(colour)}`, x1: low, x2: high, y1: y, y2: y }),
    );
    for (const [end, open] of [
      [low, interval.low === null],
      [high, interval.high === null],
    ] as const)
      marks.push(
        open
          ? element("path", {
              class: `open c${String(colour)}`,
              d: arrow(end, y, end === low ? -1 : 1),
            })
          : element("line", {
              class: `end c${String(colour)}`,
              x1: end,
              x2: end,
              y1: y - 5,
              y2: y + 5,
            }),
      );
  }
  if (value !== null)
    marks.push(
      element("circle", {
        class: `${interval === null ? "hollow" : "estimate"} c${String(colour)}`,
        cx: axis.place(value),
        cy: y,
        r: 4.5,
      }),
    );
  marks.push(
    textElement(
      "text",
      { class: "value", x: to + 14, y: y + 4 },
      fitting(text, { width: valueWidth - 16, fontSize: 12.5 }),
    ),
  );
  return marks;
}

function arrow(x: number, y: number, direction: 1 | -1): string {
  return `M${figure(x)} ${figure(y)}l${String(-8 * direction)} -5v10z`;
}
