import { element, figure, fitting, textElement, type Xml } from "../../render/svg.js";
import { type Axis, makeAxis } from "./axis.js";
import { grid, labelWidth, markWidth, nameText, svg, valueWidth } from "./markParts.js";
import type { ValueUnit } from "./valueFormat.js";

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
