import { useMemo, useRef } from "preact/hooks";
import { type TimeAxisKind, timeAxis } from "../../render/timeAxis.js";
import type { BranchModel } from "./branchModel.js";
import type { TimeWindow } from "./timeWindow.js";

interface OverviewProps {
  readonly branch: BranchModel;
  readonly version: number;
  readonly kind: TimeAxisKind;
  readonly at: number;
  readonly left: number;
  readonly width: number;
  readonly window: TimeWindow | null;
  readonly setWindow: (window: TimeWindow | null) => void;
}

const height = 22;

/** All of time in one strip: where outages and faults are, and which part the lanes show. Drag to choose a part. */
export function Overview({
  branch,
  version,
  kind,
  at,
  left,
  width,
  window,
  setWindow,
}: OverviewProps) {
  const axis = useMemo(
    () => timeAxis(branch.moments, { from: branch.startAt, to: branch.endAt, kind, labelShare: 1 }),
    [branch, version, kind],
  );
  const x = (moment: number): number => axis.shareOf(moment) * width;
  const { down, faults } = useMemo(() => strips(branch, x), [axis, width]);
  const drag = useRef<{ from: number; mode: "new" | "move"; window: TimeWindow } | null>(null);
  const shareAt = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / width));
  };
  const move = (event: PointerEvent): void => {
    const began = drag.current;
    if (began === null) return;
    const share = shareAt(event);
    if (began.mode === "new") {
      const [a, b] = [Math.min(began.from, share), Math.max(began.from, share)];
      if ((b - a) * width > 6) setWindow({ from: axis.momentAt(a), to: axis.momentAt(b) });
      return;
    }
    const [a, b] = [axis.shareOf(began.window.from), axis.shareOf(began.window.to)];
    const by = Math.min(1 - b, Math.max(-a, share - began.from));
    setWindow({ from: axis.momentAt(a + by), to: axis.momentAt(b + by) });
  };
  return (
    <svg
      class="overview"
      width={width}
      height={height}
      style={{ marginLeft: `${String(left)}px` }}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const from = shareAt(event);
        const isInside =
          window !== null && from >= axis.shareOf(window.from) && from <= axis.shareOf(window.to);
        drag.current = {
          from,
          mode: isInside ? "move" : "new",
          window: window ?? { from: branch.startAt, to: branch.endAt },
        };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onDblClick={() => {
        setWindow(null);
      }}
    >
      <path class="base" d={`M0 ${String(height / 2)}H${String(width)}`} />
      {faults !== "" && <path class="faults" d={faults} />}
      {down !== "" && <path class="down" d={down} />}
      {window !== null && (
        <>
          <rect class="shade" x={0} y={0} width={Math.max(0, x(window.from))} height={height} />
          <rect
            class="shade"
            x={x(window.to)}
            y={0}
            width={Math.max(0, width - x(window.to))}
            height={height}
          />
          <rect
            class="brush"
            x={x(window.from)}
            y={0.5}
            width={Math.max(4, x(window.to) - x(window.from))}
            height={height - 1}
            rx="3"
          />
        </>
      )}
      <path class="position" d={`M${String(Math.round(x(at)))} 0V${String(height)}`} />
    </svg>
  );
}

/** For each few pixels how many sets were down, and whether a fault became active. */
function strips(
  branch: BranchModel,
  x: (at: number) => number,
): { readonly down: string; readonly faults: string } {
  const counts: number[] = [];
  for (const { from, to } of branch.history.outages) {
    const last = Math.floor(x(to) / bucket);
    for (let at = Math.floor(x(from) / bucket); at <= last; at++)
      counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  let down = "";
  counts.forEach((each, at) => {
    const high = 5 + Math.round((each / most) * 13);
    down += `M${String(at * bucket)} ${String((height - high) / 2)}h${String(bucket)}v${String(high)}h-${String(bucket)}z`;
  });
  let faults = "";
  let last = -2;
  for (const { kind, entry } of branch.entries) {
    if (kind !== "fault") continue;
    const at = Math.round(x(entry.at));
    if (at - last < 2) continue;
    last = at;
    faults += `M${String(at)} 3v16`;
  }
  return { down, faults };
}

const bucket = 2;
