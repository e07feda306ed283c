import { element, figure, textElement, type Xml } from "../../render/svg.js";
import type { Interval } from "../../statistics/interval.js";
import { makeAxis } from "./axis.js";
import { grid, markWidth, svg } from "./markParts.js";
import type { ValueUnit } from "./valueFormat.js";

/** Draws a band over time: the mean, pointwise and simultaneous intervals. */
export function bandMark(
  rows: readonly {
    readonly colour: number;
    readonly means: readonly number[];
    readonly pointwise: readonly Interval[];
    readonly simultaneous: readonly Interval[];
  }[],
  options: {
    readonly moments: readonly number[];
    readonly unit: ValueUnit;
    readonly title: string;
  },
): Xml {
  const { moments, unit, title } = options;
  const [left, right, top, bottom] = [70, markWidth - 12, 10, 210];
  const time = makeAxis({
    from: left,
    to: right,
    values: moments,
    unit: "duration",
    scale: "linear",
  });
  const bounds = rows.flatMap(({ simultaneous }) =>
    simultaneous.flatMap(({ low, high }) => [low ?? 0, high ?? 0]),
  );
  const scale = makeAxis({
    from: 0,
    to: bottom - top,
    values: bounds.filter((bound) => bound >= 0),
    unit,
    scale: "linear",
  });
  const height = (value: number): number => bottom - scale.place(value);
  const area = (intervals: readonly Interval[]): string => {
    const upper = intervals.map(
      ({ high }, at) => `${figure(time.place(moments[at] ?? 0))} ${figure(height(high ?? 0))}`,
    );
    const lower = intervals.map(
      ({ low }, at) => `${figure(time.place(moments[at] ?? 0))} ${figure(height(low ?? 0))}`,
    );
    return `M${[...upper, ...lower.toReversed()].join("L")}Z`;
  };
  return svg({ height: bottom + 24, title }, [
    ...grid(time, { top, bottom }),
    ...scale.ticks
      .filter((_, at) => at % 2 === 0)
      .flatMap(({ value, label }) => [
        element("line", {
          class: "grid",
          x1: left,
          x2: right,
          y1: height(value),
          y2: height(value),
        }),
        textElement(
          "text",
          { class: "tick", x: left - 6, y: height(value) + 4, "text-anchor": "end" },
          label,
        ),
      ]),
    ...rows.flatMap(({ colour, means, pointwise, simultaneous }) => [
      element("path", { class: `area wide c${String(colour)}`, d: area(simultaneous) }),
      element("path", { class: `area c${String(colour)}`, d: area(pointwise) }),
      element("path", {
        class: `line c${String(colour)}`,
        d: `M${means.map((value, at) => `${figure(time.place(moments[at] ?? 0))} ${figure(height(value))}`).join("L")}`,
      }),
    ]),
  ]);
}
