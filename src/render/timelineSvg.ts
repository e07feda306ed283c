import {
  type OptionRules,
  oneOf,
  parseOptions,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import { formatDuration } from "../outline/formatTime.js";
import type { Journal } from "../simulator/serialization.js";
import { commandLabels } from "./commandLabels.js";
import { legendOf } from "./legend.js";
import { outageWords, summaryLine } from "./outageSummary.js";
import { rowHeights, rowParts } from "./rowParts.js";
import { emptyPlaceholder, framed, headHeight, padding, type SvgOptions } from "./svgFrame.js";
import { timelineLayout } from "./timelineLayout.js";
import { buildTimeline, type Timeline } from "./timelineModel.js";
import { axis, cutMarks, type Drawing, scaleNote } from "./timelineParts.js";
import { faultsOfNoSet, type ReplicationSet, replicationSets } from "./timelineRows.js";
import { timelinePart } from "./timelineWindow.js";
import { scaleOfKind, timeScaleKinds } from "./timeScale.js";
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
   * Time scale: `cut` is linear without long idle intervals, `logarithmic` is logarithmic in each wait, `linear` is
   * proportional. Default `cut`.
   */
  readonly scale?: "cut" | "logarithmic" | "linear";
}

/**
 * Renders a journal as an SVG drawing. Outages of clients come first. Each replication set has a row for writes, a row
 * for faults, and one lane for the group and each instance: a thin line while active, else a block with the status.
 * Replication is a line below a lane, dashed while asynchronous. A star marks the new source of a group, a flash the
 * instance that a fault affects.
 * The drawing is self-contained, with an accessible title and description. The same journal gives the same bytes.
 * Long idle intervals are cut and marked.
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
 * @param journal - the result of `sim.journal()`
 * @param options - title, size, time scale and theme
 * @returns the SVG document
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-journal` for anything but a journal
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
  const sets = replicationSets(history);
  const [left, plotLeft, plotRight] = [padding, padding + nameWidth, width - padding - 8];
  const scale = scaleOfKind(kind, history, { left: plotLeft, width: plotRight - plotLeft });
  const layout = timelineLayout(sets, {
    heightOf: (row) => rowHeights[row],
    faults: faultsOfNoSet(history),
  });
  const summary = summaryLine(sets, { width: width - 2 * padding, theme });
  const head = headHeight + (summary === undefined ? 0 : 22);
  const commands = commandLabels(history.commands, { scale, right: plotRight, theme });
  const top = head + commands.height;
  const bottom = top + layout.height;
  const drawing: Drawing = {
    history,
    layout,
    scale,
    theme,
    left,
    plotLeft,
    plotRight,
    top,
    bottom,
  };
  const legend = legendOf(history, {
    top: bottom + (scale.cuts.length > 0 ? 52 : 42),
    left,
    right: plotRight,
    theme,
  });
  return framed({
    title,
    description: description(history, sets),
    theme,
    id,
    width,
    height: legend.bottom + padding,
    parts: [
      ...(summary === undefined ? [] : [summary]),
      ...axis(drawing),
      ...commands.parts(top),
      ...layout.rows.flatMap((row) => rowParts(drawing, row)),
      ...cutMarks(drawing),
      ...(kind === "logarithmic" ? [scaleNote("logarithmic waits", drawing)] : []),
      ...legend.parts,
      ...(history.lanes.length === 0 ? [emptyPlaceholder("nothing has happened yet", theme)] : []),
    ],
  });
}

const nameWidth = 170;

/** Describes the drawing: outages first, then one sentence for each lane. */
function description({ startAt, endAt, lanes }: Timeline, sets: readonly ReplicationSet[]): string {
  const length = formatDuration(endAt - startAt);
  const felt = sets
    .filter(({ outages }) => outages.length > 0)
    .map((set) => `Clients of ${set.name} could not write for ${outageWords(set)}.`);
  const parts = sets
    .flatMap((set) => set.lanes)
    .map(({ name, kind, statuses, marks }) => {
      const events = [
        ...statuses.map(({ from, status }) => `${status} from ${formatDuration(from - startAt)}`),
        ...marks
          .filter((mark) => mark.kind === "promotion" || mark.kind === "fault")
          .map(({ at, title }) => `${title} at ${formatDuration(at - startAt)}`),
      ];
      return `${kind === "group" ? "HA group" : "Instance"} ${name}: ${events.join(", ")}.`;
    });
  return [`${String(lanes.length)} lanes over ${length}.`, ...felt, ...parts].join(" ");
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}
