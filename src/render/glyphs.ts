import type { ReplicationMode } from "../service/haGroups/haGroup.model.js";
import { element, figure, textElement, type Xml } from "./svg.js";
import { paint, type Theme } from "./theme.js";
import type { Mark } from "./timelineModel.js";

/** Dash pattern of a replication line. */
export const linkDash: Readonly<Record<ReplicationMode, string | undefined>> = {
  asynchronous: "4 3",
  "semi-synchronous": undefined,
};

/** Icons, drawn around a point. */
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
  /** A drop: a backup is taken. */
  backup: (x, y, theme) =>
    element("path", {
      d: `M${figure(x - 4)} ${figure(y - 4)}h8l-4 7z`,
      ...paint({ fill: "muted" }, theme),
    }),
  /** A star. */
  promotion: (x, y, theme) =>
    element("path", {
      d: `M${figure(x)} ${figure(y - 7.5)}l2.2 4.9 5.3.6-3.9 3.6 1.1 5.3-4.7-2.7-4.7 2.7 1.1-5.3-3.9-3.6 5.3-.6z`,
      ...paint({ fill: "crown", stroke: "ground" }, theme),
    }),
  /** A flash of lightning. */
  fault: (x, y, theme) =>
    element("path", {
      d: `M${figure(x + 2)} ${figure(y - 9)}l-6.5 9.5h4l-1.5 7.5 6.5-9.5h-4z`,
      ...paint({ fill: "alarm", stroke: "ground" }, theme),
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
          x,
          y: y + 3.5,
          "font-size": 10,
          "font-weight": 800,
          "text-anchor": "middle",
          ...paint({ fill: "ground" }, theme),
        },
        "!",
      ),
    ]),
};
