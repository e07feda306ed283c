import { plain } from "../../outline/escape.js";
import { type Plot, statusWords } from "../../render/laneLayout.js";
import { laneAt, type TimelineRow } from "../../render/timelineLayout.js";
import type { TimeSpan } from "../../render/timeSpan.js";
import type { BranchModel } from "./branchModel.js";
import { clock, count, duration } from "./format.js";

/** What a row says at a point: a mark that is near, an outage, or a status. Empty where there is nothing. */
export function pointText(branch: BranchModel, row: TimelineRow, at: number, plot: Plot): string {
  const { startAt } = branch;
  const isAt = ({ from, to }: TimeSpan): boolean => from <= at && at <= to;
  const isNear = ({ from, to }: TimeSpan): boolean =>
    plot.x(at) >= plot.x(from) - 3 && plot.x(at) <= plot.x(to) + 3;
  if (row.kind === "clients") {
    const outage = row.set?.outages.find(isNear);
    if (row.set === null || outage === undefined) return "";
    const { from, to, lostTransactions } = outage;
    return `${row.set.name}: no writes for ${duration(to - from)} from ${clock(from - startAt)}, ${count(lostTransactions)} transactions lost`;
  }
  if (row.kind === "faults") {
    return row.faults
      .filter(isNear)
      .map(({ kind, target, title, from, to }) =>
        plain(
          `${kind}${target === "" ? "" : ` of ${target}`}: ${title}; active for ${duration(to - from)} from ${clock(from - startAt)}`,
        ),
      )
      .slice(0, 4)
      .join("\n");
  }
  const lane = laneAt(row, at);
  if (lane === undefined) return "";
  const mark = lane.marks.find((each) => Math.abs(plot.x(each.at) - plot.x(at)) < 6);
  if (mark !== undefined) return `${clock(mark.at - startAt)} ${lane.name}: ${plain(mark.title)}`;
  const span = lane.statuses.find(isAt);
  if (span === undefined) return "";
  const link = lane.links.find(isAt);
  const follows =
    link === undefined ? "" : `, ${link.mode} replica of ${branch.nameOf(link.sourceId)}`;
  const isSource = lane.sources.some(isAt) ? ", source" : "";
  return `${lane.name}: ${statusWords(span.status)} for ${duration(span.to - span.from)} from ${clock(span.from - startAt)}${isSource}${follows}`;
}
