import { useMemo } from "preact/hooks";
import type { TimelineLayout } from "../../render/timelineLayout.js";
import type { BranchModel } from "./branchModel.js";
import { laneHeight, type PagePlot } from "./laneDrawing.js";

interface ArcProps {
  readonly branch: BranchModel;
  readonly selected: string | null;
  readonly count: number;
  readonly layout: TimelineLayout;
  readonly plot: PagePlot;
  readonly names: number;
  readonly width: number;
}

/** The chain of causes of what is selected, drawn over the lanes. */
export function CauseArcs({ branch, selected, count, layout, plot, names, width }: ArcProps) {
  const points = useMemo(() => {
    if (selected === null) return [];
    return branch.causes(selected, count).flatMap((seq) => {
      const view = branch.view(seq);
      const row = view?.texts
        .map(({ subjectId }) => layout.rowOf.get(subjectId))
        .find((each) => each !== undefined);
      const isShown = view !== undefined && view.entry.at >= plot.from && view.entry.at <= plot.to;
      return row === undefined || !isShown
        ? []
        : [{ seq, x: names + plot.x(view.entry.at), y: row.top + laneHeight - 4 }];
    });
  }, [branch, selected, count, layout, plot, names]);
  return (
    <svg class="arcs" width={width} height={layout.height} aria-hidden="true">
      {points.map(({ seq, x, y }, at) => {
        const earlier = points[at + 1];
        return (
          <g key={seq}>
            {earlier !== undefined && <path d={arc(earlier, { x, y })} />}
            <circle cx={x} cy={y} r="3.5" />
          </g>
        );
      })}
    </svg>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function arc(from: Point, to: Point): string {
  const bend = Math.min(60, Math.max(10, Math.abs(to.x - from.x) / 2));
  const [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map((value) => String(Math.round(value)));
  return `M${x1 ?? ""} ${y1 ?? ""}C${String(Math.round(from.x + bend))} ${y1 ?? ""} ${String(Math.round(to.x - bend))} ${y2 ?? ""} ${x2 ?? ""} ${y2 ?? ""}`;
}
