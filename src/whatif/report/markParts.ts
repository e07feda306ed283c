import { element, figure, fitting, textElement, type Xml } from "../../render/svg.js";
import type { Axis } from "./axis.js";

/** All marks have this width; the page scales them. */
export const markWidth = 720;
/** Width of the names of rows. */
export const labelWidth = 138;
/** Width of the figures at the right. */
export const valueWidth = 222;
/** Height of a row with one estimate. */
export const rowHeight = 30;
const fontSize = 13;
const lineHeight = 14;

/** Returns a drawing of the width of all marks. */
export function svg(
  { height, title }: { readonly height: number; readonly title: string },
  children: readonly Xml[],
): Xml {
  return element(
    "svg",
    { viewBox: `0 0 ${String(markWidth)} ${figure(height)}`, role: "img", "aria-label": title },
    children,
  );
}

/** Returns the lines of an axis and their labels beneath. */
export function grid(
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

/** Returns the name of a row, left of its mark. */
export function nameText(name: string, y: number): Xml {
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

/** Returns a line from top to bottom. */
export function verticalLine(className: string, x: number, top: number, bottom: number): Xml {
  return element("line", { class: className, x1: x, x2: x, y1: top, y2: bottom });
}
