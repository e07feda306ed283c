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
  const bounds = rows.flatMap(({ means, simultaneous }) =>
    simultaneous.flatMap(({ low, high }, at) => [low ?? 0, high ?? means[at] ?? 0]),
  );
  const scale = makeAxis({
    from: 0,
    to: bottom - top,
    values: bounds.filter((bound) => bound >= 0),
    unit,
    scale: "linear",
  });
  const height = (value: number): number => bottom - scale.place(value);
  const point = ({ moment, value }: { readonly moment: number; readonly value: number }): string =>
    `${figure(time.place(moment))} ${figure(height(value))}`;
  const areas = (intervals: readonly Interval[], shape: string): readonly Xml[] =>
    runsOf(intervals, moments).map((run) => {
      const upper = run.map(({ moment, high }) => point({ moment, value: high }));
      const lower = run.map(({ moment, low }) => point({ moment, value: low }));
      const d = `M${[...upper, ...lower.toReversed()].join("L")}Z`;
      return element("path", { class: shape, d });
    });
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
      ...areas(simultaneous, `area wide c${String(colour)}`),
      ...areas(pointwise, `area c${String(colour)}`),
      element("path", {
        class: `line c${String(colour)}`,
        d: `M${means.map((value, at) => point({ moment: moments[at] ?? 0, value })).join("L")}`,
      }),
    ]),
  ]);
}

/** An interval with both ends, and its time. */
interface Bounds {
  readonly moment: number;
  readonly low: number;
  readonly high: number;
}

/** Returns neighbouring moments whose intervals have both ends; nothing is drawn between the runs. */
function runsOf(
  intervals: readonly Interval[],
  moments: readonly number[],
): readonly (readonly Bounds[])[] {
  const runs: Bounds[][] = [[]];
  for (const [at, { low, high }] of intervals.entries()) {
    if (low === null || high === null) runs.push([]);
    else runs[runs.length - 1]?.push({ moment: moments[at] ?? 0, low, high });
  }
  return runs.filter((run) => run.length > 0);
}
