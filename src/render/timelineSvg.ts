import { type OptionRules, oneOf, parseOptions, wholeFrom } from "../domain/entryPointOptions.js";
import { formatDuration } from "../outline/formatTime.js";
import type { Journal } from "../simulator/serialization.js";
import { commandLabels } from "./commandLabels.js";
import { legendOf } from "./legend.js";
import { emptyPlaceholder, framed, headHeight, padding, type SvgOptions } from "./svgFrame.js";
import { buildTimeline, type Timeline } from "./timelineModel.js";
import {
  arrows,
  axis,
  bands,
  cutMarks,
  type Drawing,
  laneHeight,
  laneParts,
} from "./timelineParts.js";
import { timelinePart } from "./timelineWindow.js";
import { scaleOfKind, type TimeScaleKind, timeScaleKinds } from "./timeScale.js";
import { renderJournal, renderOptionsOrigin, svgDemands } from "./validateInput.js";

/** Options of `timelineSvg`: `title` defaults to "Replication timeline", `id` to "timeline". */
export interface TimelineSvgOptions extends SvgOptions {
  /** Width in pixels, 480 to 10,000. Default 960. */
  readonly width?: number;
  /** Virtual time at which the drawing begins, ms since the epoch. Default: the start of the journal. */
  readonly since?: number;
  /** Virtual time at which it ends. Default: the end of the journal. */
  readonly until?: number;
  /** Id or name of an instance or a group: only its replication set is drawn. Default: everything. */
  readonly about?: string;
  /**
   * Time scale: `cut` is linear without long idle intervals, `story` is logarithmic in each wait, `linear` is
   * proportional. Default `cut`.
   */
  readonly scale?: TimeScaleKind;
}

/**
 * Renders a journal as an SVG drawing: one lane for each instance and group, statuses as labelled spans, replication as
 * a line below them (dashed while asynchronous), HA groups as a band around their members, commands on top. A star
 * marks the new source of a group, a flash the instance that a fault affects.
 * The drawing is self-contained, with an accessible title and description. The same journal gives the same bytes.
 * Long idle intervals are cut and marked.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-journal` for anything but a journal
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
export function timelineSvg(journal: Journal, options: TimelineSvgOptions = {}): string {
  const read = parseOptions(options, demands, renderOptionsOrigin);
  return renderJournal(journal, () => drawingOf(journal, read));
}

const demands: OptionRules<TimelineSvgOptions> = {
  ...svgDemands,
  since: wholeFrom(0),
  until: wholeFrom(0),
  about: { expected: "the id or the name of an instance or a group", accepts: isString },
  scale: oneOf(...timeScaleKinds),
  width: {
    expected: "a number from 480 to 10000",
    accepts: (value) => Number.isFinite(value) && Number(value) >= 480 && Number(value) <= 10_000,
  },
};

function drawingOf(
  journal: Journal,
  {
    width = 960,
    title = "Replication timeline",
    theme = "auto",
    id = "timeline",
    since,
    until,
    about,
    scale: kind = "cut",
  }: TimelineSvgOptions,
): string {
  const history = timelinePart(buildTimeline(journal), { since, until, about });
  const [left, plotLeft, plotRight] = [padding, padding + nameWidth, width - padding - 8];
  const scale = scaleOfKind(kind, history, { left: plotLeft, width: plotRight - plotLeft });
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
  return framed({
    title,
    description: description(history),
    theme,
    id,
    width,
    height: legend.bottom + padding,
    parts: [
      ...bands(drawing),
      ...axis(drawing),
      ...commands.parts(top),
      ...arrows(drawing),
      ...history.lanes.flatMap((lane, at) => laneParts(drawing, lane, at)),
      ...cutMarks(drawing),
      ...legend.parts,
      ...(history.lanes.length === 0 ? [emptyPlaceholder("nothing has happened yet", theme)] : []),
    ],
  });
}

const nameWidth = 170;

/** Describes the drawing, one sentence for each lane. */
function description({ startAt, endAt, lanes }: Timeline): string {
  const length = formatDuration(endAt - startAt);
  const told = lanes.map(({ name, kind, statuses, marks }) => {
    const story = [
      ...statuses.map(({ from, status }) => `${status} from ${formatDuration(from - startAt)}`),
      ...marks
        .filter((mark) => mark.kind === "promotion" || mark.kind === "fault")
        .map(({ at, says }) => `${says} at ${formatDuration(at - startAt)}`),
    ];
    return `${kind === "group" ? "HA group" : "Instance"} ${name}: ${story.join(", ")}.`;
  });
  return [`${String(lanes.length)} lanes over ${length}.`, ...told].join(" ");
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}
