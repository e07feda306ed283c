import { plain } from "../../outline/escape.js";
import type { TimeSpan } from "../../render/timelineModel.js";
import type { BranchModel } from "./branchModel.js";
import { clock, count, duration, statusWords } from "./format.js";
import { type Plot, xOf } from "./laneDrawing.js";
import { laneAt, type TimelineRow } from "./timelineLayout.js";

/** What a row says at a point: a mark that is near, an outage, or a status. Empty where there is nothing. */
export function pointText(branch: BranchModel, row: TimelineRow, at: number, plot: Plot): string {
  const { startAt } = branch;
  const isAt = ({ from, to }: TimeSpan): boolean => from <= at && at <= to;
  const isNear = ({ from, to }: TimeSpan): boolean =>
    xOf(plot, at) >= xOf(plot, from) - 3 && xOf(plot, at) <= xOf(plot, to) + 3;
  if (row.kind === "clients") {
    const outage = row.set.outages.find(isNear);
    if (outage === undefined) return "";
    const { from, to, lostTransactions } = outage;
    return `${row.set.name}: no writes for ${duration(to - from)} from ${clock(from - startAt)}, ${count(lostTransactions)} transactions lost`;
  }
  const lane = laneAt(row, at);
  if (lane === undefined) return "";
  const mark = lane.marks.find((each) => Math.abs(xOf(plot, each.at) - xOf(plot, at)) < 6);
  if (mark !== undefined) return `${clock(mark.at - startAt)} ${lane.name}: ${plain(mark.says)}`;
  const span = lane.statuses.find(isAt);
  if (span === undefined) return "";
  const link = lane.links.find(isAt);
  const follows =
    link === undefined ? "" : `, ${link.mode} replica of ${branch.nameOf(link.sourceId)}`;
  const isSource = lane.sources.some(isAt) ? ", source" : "";
  return `${lane.name}: ${statusWords(span.status)} for ${duration(span.to - span.from)} from ${clock(span.from - startAt)}${isSource}${follows}`;
}
