import { useMemo } from "preact/hooks";
import type { MarkGroup } from "../../render/laneLayout.js";
import type { TimelineRow } from "../../render/timelineLayout.js";
import {
  drawClients,
  drawFaults,
  drawLanes,
  type LaneDrawing,
  laneHeight,
  type PagePlot,
} from "./laneDrawing.js";
import { memo } from "./memo.js";

interface RowProps {
  readonly row: TimelineRow;
  readonly plot: PagePlot;
  readonly names: number;
  readonly width: number;
  readonly name: string;
  readonly laneId: string;
  readonly isSelected: boolean;
  readonly isCollapsed: boolean;
  readonly onSelect: (id: string) => void;
  readonly onToggle: () => void;
}

/** One row: its name, and what it did through time. */
function RowView(props: RowProps) {
  const { row, plot, names, width, name, laneId, isSelected, isCollapsed, onSelect, onToggle } =
    props;
  const style = { top: `${String(row.top)}px`, height: `${String(laneHeight)}px` };
  const plotStyle = { left: `${String(names)}px` };
  const room = Math.max(0, width - names);
  const line = <Line row={row} plot={plot} style={plotStyle} room={room} />;
  if (row.kind === "faults") {
    return (
      <div class="row faults" style={style}>
        <span class="name" style={{ width: `${String(names - 6)}px` }}>
          {row.set === null ? "faults of the service" : "faults"}
        </span>
        {line}
      </div>
    );
  }
  if (row.kind === "clients") {
    const kind = row.set?.kind;
    return (
      <div class="row clients" style={style}>
        <button
          type="button"
          class="name"
          style={{ width: `${String(names - 6)}px` }}
          aria-expanded={!isCollapsed}
          title={`${isCollapsed ? "Show" : "Hide"} the instances of ${name}`}
          onClick={onToggle}
        >
          <i class="chevron" aria-hidden="true">
            {isCollapsed ? "▸" : "▾"}
          </i>
          <span class="what">{kind === "group" ? "HA group " : kind === "set" ? "set " : ""}</span>
          <b>{name}</b>
        </button>
        {line}
      </div>
    );
  }
  return (
    <div class={`row ${isSelected ? "is" : ""}`} style={style}>
      <button
        type="button"
        class="name"
        style={{ width: `${String(names - 6)}px` }}
        aria-pressed={isSelected}
        onClick={() => {
          onSelect(laneId);
        }}
      >
        {name}
      </button>
      {line}
    </div>
  );
}

/** A row is drawn again when time, zoom or selection change it, and not while the playhead moves. */
export const TimelineRowView = memo<RowProps>(RowView);

interface LineProps {
  readonly row: TimelineRow;
  readonly plot: PagePlot;
  readonly style: { readonly left: string };
  readonly room: number;
}

function Line({ row, plot, style, room }: LineProps) {
  const { names, marks, ...shapes } = useMemo(() => drawRow(row, plot), [row, plot]);
  return (
    <svg style={style} width={room} height={laneHeight} aria-hidden="true">
      <Shapes {...shapes} />
      {names.map(({ x, text }) => (
        <text key={x} class="successor" x={x + 3} y={7}>
          {text}
        </text>
      ))}
      {marks.map((mark) => (
        <MarkView key={`${mark.kind}${String(mark.x)}`} {...mark} />
      ))}
    </svg>
  );
}

function drawRow({ kind, set, faults, lanes }: TimelineRow, plot: PagePlot): LaneDrawing {
  const nothing = { marks: [], names: [], paths: [], labels: [] };
  if (kind === "lanes") return drawLanes(lanes, plot);
  if (kind === "faults") return { ...nothing, ...drawFaults(faults, plot) };
  return set === null ? nothing : { ...nothing, ...drawClients(set, plot) };
}

/** Blocks and lines of a row, and the words inside. */
export function Shapes({ paths, labels }: Pick<LaneDrawing, "paths" | "labels">) {
  return (
    <>
      {paths.map(({ class: className, d }) => (
        <path key={className} class={className} d={d} />
      ))}
      {labels.map(({ x, text, tone }) => (
        <text key={x} class={`in-block i-${tone}`} x={x} y={laneHeight / 2 + 3.8}>
          {text}
        </text>
      ))}
    </>
  );
}

function MarkView({ x, kind, count }: MarkGroup) {
  const y = laneHeight / 2;
  return (
    <g
      transform={`translate(${String(Math.round(x * 10) / 10)} ${String(y)})`}
      class={`mark ${kind}`}
    >
      {kind === "promotion" && (
        <path d="M0 -8L2.2 -2.8L7.6 -2.5L3.4 1L4.7 6.3L0 3.4L-4.7 6.3L-3.4 1L-7.6 -2.5L-2.2 -2.8z" />
      )}
      {kind === "fault" && <path d="M1.5 -9L-4.5 1.5H-1L-2 9L4.5 -2.5H1z" />}
      {kind === "failure" && <path d="M-4 -4l8 8m0 -8l-8 8" />}
      {count > 1 && (
        <text x="5" y="-4">
          {count > 99 ? "99+" : count}
        </text>
      )}
    </g>
  );
}
