import type { ReplicationMode } from "../domain/entities.js";
import type { Mark } from "./lanes.js";
import { element, figure, textElement, type Xml } from "./svg.js";
import { paint, type Theme } from "./theme.js";

/** How a line of replication is dashed. */
export const linkDash: Readonly<Record<ReplicationMode, string | undefined>> = {
  asynchronous: "4 3",
  "semi-synchronous": undefined,
};

/** Small signs, drawn around a point. */
export const glyphs: Readonly<Record<Mark["kind"], (x: number, y: number, theme: Theme) => Xml>> = {
  /** A clock. */
  schedule: (x, y, theme) =>
    element("g", {}, [
      element("circle", {
        cx: x,
        cy: y,
        r: 5.5,
        ...paint({ fill: "ground", stroke: "muted" }, theme),
      }),
      element("path", {
        d: `M${figure(x)} ${figure(y - 3)}v3h2.5`,
        ...paint({ stroke: "muted" }, theme),
      }),
    ]),
  /** A drop: something is taken out. */
  backup: (x, y, theme) =>
    element("path", {
      d: `M${figure(x - 4)} ${figure(y - 4)}h8l-4 7z`,
      ...paint({ fill: "muted" }, theme),
    }),
  /** An exclamation mark in a disc. */
  failure: (x, y, theme) =>
    element("g", {}, [
      element("circle", {
        cx: x,
        cy: y,
        r: 6.5,
        ...paint({ fill: "alarm", stroke: "ground" }, theme),
      }),
      textElement(
        "text",
        {
          ...{ x, y: y + 3.5, "font-size": 10, "font-weight": 800, "text-anchor": "middle" },
          ...paint({ fill: "ground" }, theme),
        },
        "!",
      ),
    ]),
};
