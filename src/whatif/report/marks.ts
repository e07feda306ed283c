import { element, figure, fitting, textElement, type Xml } from "../../render/svg.js";
import type { Interval } from "../../statistics/interval.js";
import { type Axis, makeAxis } from "./axis.js";
import type { ValueUnit } from "./valueFormat.js";

/** All marks have this width; the page scales them. */
export const markWidth = 720;
const labelWidth = 138;
const valueWidth = 222;
const rowHeight = 30;
const fontSize = 13;
const lineHeight = 14;

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

/** One distribution. */
export interface DistributionRow {
  readonly name: string;
  /** In ascending order. */
  readonly sorted: Float64Array;
  readonly colour: number;
  /** Text of the mark. */
  readonly text: string;
}

const bins = 46;
const ridgeHeight = 50;

/** Draws how values lie, one design a row, all on one axis; values of 0 are counted in words. */
export function histogramMark(
  rows: readonly DistributionRow[],
  options: { readonly unit: ValueUnit; readonly title: string },
): Xml {
  const { unit, title } = options;
  const from = labelWidth;
  const to = markWidth - valueWidth;
  const ends = rows
    .flatMap(({ sorted }) => [firstOver0(sorted), sorted[sorted.length - 1] ?? 0])
    .filter((value) => value > 0);
  if (ends.length === 0)
    return svg({ height: 24, title }, [
      textElement("text", { class: "note", x: 0, y: 15 }, "no value is over 0"),
    ]);
  const axis = makeAxis({
    from,
    to,
    values: ends,
    unit,
    fromZero: Math.min(...ends) / Math.max(...ends) < 0.4,
  });
  const bottom = 6 + rows.length * ridgeHeight;
  const width = (to - from) / bins;
  return svg({ height: bottom + 24, title }, [
    ...grid(axis, { top: 4, bottom }),
    ...rows.flatMap(({ name, sorted, colour, text }, at) => {
      const base = 6 + (at + 1) * ridgeHeight;
      const counts = binned(sorted, axis, { from, width });
      const most = Math.max(1, ...counts);
      return [
        nameText(name, base - 12),
        ...counts.flatMap((count, bin) => {
          if (count === 0) return [];
          const height = Math.max(1, (count / most) * (ridgeHeight - 8));
          return [
            element("rect", {
              class: `bar c${String(colour)}`,
              x: from + bin * width + 0.5,
              y: base - height,
              width: width - 1,
              height,
            }),
          ];
        }),
        element("line", { class: "base", x1: from, x2: to, y1: base, y2: base }),
        textElement(
          "text",
          { class: "value", x: to + 14, y: base - 8 },
          fitting(text, { width: valueWidth - 16, fontSize: 12.5 }),
        ),
      ];
    }),
  ]);
}

function firstOver0(sorted: Float64Array): number {
  return sorted.find((value) => value > 0) ?? 0;
}

function binned(
  sorted: Float64Array,
  axis: Axis,
  { from, width }: { readonly from: number; readonly width: number },
): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    if (value <= 0) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((axis.place(value) - from) / width)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** Draws the share of values that do not exceed x, a line a design. */
export function ecdfMark(
  rows: readonly DistributionRow[],
  options: { readonly unit: ValueUnit; readonly title: string },
): Xml {
  const from = 48;
  const to = markWidth - 12;
  const [top, bottom] = [10, 190];
  const values = rows.flatMap(({ sorted }) => [
    sorted[0] ?? 0,
    firstOver0(sorted),
    sorted[sorted.length - 1] ?? 0,
  ]);
  const axis = makeAxis({ from, to, values, unit: options.unit });
  const height = (share: number): number => bottom - share * (bottom - top);
  return svg({ height: bottom + 24, title: options.title }, [
    ...grid(axis, { top, bottom }),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      element("line", { class: "grid", x1: from, x2: to, y1: height(share), y2: height(share) }),
      textElement(
        "text",
        { class: "tick", x: from - 6, y: height(share) + 4, "text-anchor": "end" },
        `${String(100 * share)} %`,
      ),
    ]),
    ...rows.map(({ sorted, colour }) => {
      const steps = Math.min(sorted.length, 160);
      let path = "";
      for (let step = 1; step <= steps; step++) {
        const at = Math.ceil((step / steps) * sorted.length) - 1;
        const [x, y] = [axis.place(sorted[at] as number), height((at + 1) / sorted.length)];
        path +=
          path === ""
            ? `M${figure(x)} ${figure(bottom)}V${figure(y)}`
            : `H${figure(x)}V${figure(y)}`;
      }
      return element("path", {
        class: `line c${String(colour)}`,
        d: path === "" ? "M0 0" : `${path}H${figure(to)}`,
      });
    }),
  ]);
}

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

function svg(
  { height, title }: { readonly height: number; readonly title: string },
  children: readonly Xml[],
): Xml {
  return element(
    "svg",
    { viewBox: `0 0 ${String(markWidth)} ${figure(height)}`, role: "img", "aria-label": title },
    children,
  );
}

function grid(
  axis: Axis,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly Xml[] {
  return axis.ticks.flatMap(({ value, label }) => {
    const x = axis.place(value);
    return [
      element("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }),
      textElement("text", { class: "tick", x, y: bottom + 16, "text-anchor": "middle" }, label),
    ];
  });
}

function nameText(name: string, y: number): Xml {
  const lines = nameLines(name);
  const x = labelWidth - 10;
  const top = y + 4 - ((lines.length - 1) * lineHeight) / 2;
  return element(
    "text",
    { class: "name", "text-anchor": "end" },
    lines.map((line, at) => textElement("tspan", { x, y: top + at * lineHeight }, line)),
  );
}

/** Returns a name on one line, or on two if it is longer: as many words on the first as fit. */
function nameLines(name: string): readonly string[] {
  const width = labelWidth - 14;
  const words = name.split(" ");
  for (let count = words.length; count > 0; count--) {
    const first = words.slice(0, count).join(" ");
    if (fitting(first, { width, fontSize }) !== first) continue;
    const rest = words.slice(count).join(" ");
    return rest === "" ? [first] : [first, fitting(rest, { width, fontSize })];
  }
  return [fitting(name, { width, fontSize })];
}

function verticalLine(className: string, x: number, top: number, bottom: number): Xml {
  return element("line", { class: className, x1: x, x2: x, y1: top, y2: bottom });
}

function arrow(x: number, y: number, direction: 1 | -1): string {
  return `M${figure(x)} ${figure(y)}l${String(-8 * direction)} -5v10z`;
}
