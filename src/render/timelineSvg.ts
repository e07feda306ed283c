import type { Journal } from "../simulator/records.js";
import { spanWords } from "./clock.js";
import { commandLabels } from "./commandLabels.js";
import { plain } from "./escape.js";
import { type History, historyOf } from "./lanes.js";
import { legendOf } from "./legend.js";
import { timeScale } from "./scale.js";
import { element, figure, fitting, textElement } from "./svg.js";
import { darkRules, paint, type Theme } from "./theme.js";
import {
  arrows,
  axis,
  bands,
  cutMarks,
  type Drawing,
  laneHeight,
  laneParts,
} from "./timelineParts.js";

/** How to draw a timeline. */
export interface TimelineSvgOptions {
  /** Width in pixels, 480 to 10,000. Default 960. */
  readonly width?: number;
  /** Heading, and accessible name. Default "Replication timeline". */
  readonly title?: string;
  /** Default "auto": light, or dark for readers who prefer that. */
  readonly theme?: Theme;
  /** Id of the drawing, so that several can stand in one page: a letter, then letters, digits, - and _. Default "timeline". */
  readonly id?: string;
}

/**
 * A journal as an SVG drawing: one lane for each instance and group, its statuses as labelled spans, replication as
 * a line below them (dashed while asynchronous), HA groups as a band around their members, commands on top.
 * Self-contained, with a title and a description for those who cannot see it; the same journal gives the same bytes.
 * Long quiet stretches are cut, and marked as such.
 * @throws RangeError when `id` or `width` cannot be used
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { timelineSvg } from "replication-simulator/render";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * const svg = timelineSvg(sim.journal(), { title: "A first build" });
 * console.log(svg.startsWith("<svg ")); // true
 * ```
 */
export function timelineSvg(
  journal: Journal,
  {
    width = 960,
    title = "Replication timeline",
    theme = "auto",
    id = "timeline",
  }: TimelineSvgOptions = {},
): string {
  if (!/^[A-Za-z][\w-]*$/.test(id)) throw new RangeError(`${plain(id)} cannot be an id in SVG`);
  if (!(width >= 480 && width <= 10_000)) throw new RangeError("width must be from 480 to 10000");
  const history = historyOf(journal);
  const [left, plotLeft, plotRight] = [padding, padding + nameWidth, width - padding - 8];
  const scale = timeScale(history, { left: plotLeft, width: plotRight - plotLeft });
  const commands = commandLabels(history.commands, { scale, right: plotRight, theme });
  const top = headHeight + commands.height;
  const bottom = top + history.lanes.length * laneHeight;
  const drawing: Drawing = { history, scale, theme, left, plotLeft, plotRight, top, bottom };
  const legend = legendOf(history, {
    top: bottom + (scale.cuts.length > 0 ? 52 : 42),
    left,
    right: plotRight,
    theme,
  });
  const height = legend.bottom + padding;
  const svg = element(
    "svg",
    {
      ...{ xmlns: "http://www.w3.org/2000/svg", id, role: "img" },
      "aria-labelledby": `${id}-title ${id}-description`,
      ...{ viewBox: `0 0 ${figure(width)} ${figure(height)}`, width, height },
      "font-family": "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif",
    },
    [
      textElement("title", { id: `${id}-title` }, title),
      textElement("desc", { id: `${id}-description` }, description(history)),
      element("style", {}, [darkRules(id, theme)]),
      element("rect", {
        ...{ x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12 },
        ...paint({ fill: "ground", stroke: "frame" }, theme),
      }),
      textElement(
        "text",
        {
          ...{ x: left, y: 38, "font-size": 17, "font-weight": 650 },
          ...paint({ fill: "strong" }, theme),
        },
        fitting(title, { width: plotRight - left, fontSize: 17 }),
      ),
      ...bands(drawing),
      ...axis(drawing),
      ...commands.parts(top),
      ...arrows(drawing),
      ...history.lanes.flatMap((lane, at) => laneParts(drawing, lane, at)),
      ...cutMarks(drawing),
      ...legend.parts,
    ],
  );
  return `${svg}\n`;
}

const padding = 24;
const nameWidth = 170;
const headHeight = 56;

/** The drawing in sentences, one for each lane. */
function description({ startAt, endAt, lanes }: History): string {
  const length = spanWords(endAt - startAt);
  const told = lanes.map(({ name, kind, statuses }) => {
    const story = statuses.map(({ from, status }) => `${status} from ${spanWords(from - startAt)}`);
    return `${kind === "group" ? "HA group" : "Instance"} ${name}: ${story.join(", ")}.`;
  });
  return [`${String(lanes.length)} lanes over ${length}.`, ...told].join(" ");
}
