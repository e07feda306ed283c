import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TimeAxisKind } from "../../render/timeAxis.js";
import { byDamage, laneAt, type TimelineRow, timelineLayout } from "../../render/timelineLayout.js";
import { faultsOfNoSet } from "../../render/timelineRows.js";
import type { BranchModel } from "./branchModel.js";
import { CauseArcs } from "./CauseArcs.js";
import { clock, tickClock } from "./format.js";
import { useKeys } from "./keys.js";
import { Legend } from "./Legend.js";
import { laneHeight, plotOver } from "./laneDrawing.js";
import { Overview } from "./Overview.js";
import { snap } from "./playhead.js";
import { pointText } from "./pointText.js";
import { SetTools, type SetView } from "./SetTools.js";
import { TimelineRowView } from "./TimelineRowView.js";
import { following, type TimeWindow, zoomed } from "./timeWindow.js";
import { useWidth } from "./useWidth.js";

interface TimelineProps {
  readonly branch: BranchModel;
  readonly version: number;
  readonly at: number;
  readonly count: number;
  readonly go: (at: number) => void;
  readonly selected: string | null;
  readonly select: (id: string) => void;
  readonly kind: TimeAxisKind;
  readonly window: TimeWindow | null;
  readonly setWindow: (window: TimeWindow | null) => void;
}

/** Swim lanes of all sets, with a playhead to move through time. Only rows in view are drawn. */
export function Timeline(props: TimelineProps) {
  const { branch, version, at, count, go, selected, select, kind, window, setWindow } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const names = Math.round(Math.min(156, Math.max(92, width * 0.16)));
  const { startAt, endAt, moments, sets } = branch;
  const [view, setView] = useState<SetView>(() => initialView(branch));
  const shownSets = useMemo(() => {
    const order = view.order === "damage" ? byDamage(sets) : sets;
    return view.onlyProblems
      ? order.filter(
          ({ outages, lanes }) =>
            outages.length > 0 ||
            lanes.some(({ marks }) =>
              marks.some(({ kind: mark }) => mark !== "backup" && mark !== "schedule"),
            ),
        )
      : order;
  }, [sets, view]);
  const layout = useMemo(
    () =>
      timelineLayout(shownSets, {
        collapsed: view.collapsed,
        isPacked: sets.length > 2 || sets.some(({ lanes }) => lanes.length > 10),
        heightOf: () => laneHeight,
        faults: faultsOfNoSet(branch.history),
        hasAllClients: true,
      }),
    [shownSets, view.collapsed],
  );
  const from = window?.from ?? startAt;
  const to = window?.to ?? endAt;
  const plot = useMemo(
    () => plotOver(moments, { from, to, kind, width: Math.max(120, width - names - 14) }),
    [branch, version, from, to, kind, width, names],
  );

  useEffect(() => {
    if (window !== null) setWindow(following(moments, { window, at }));
  }, [at]);
  const zoom = (by: number): void => {
    setWindow(zoomed(moments, { window: { from, to }, at, by }));
  };
  useKeys({
    "+": () => {
      zoom(2);
    },
    "=": () => {
      zoom(2);
    },
    "-": () => {
      zoom(0.5);
    },
    "0": () => {
      setWindow(null);
    },
  });

  const scroll = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [visible, setVisible] = useState({ top: 0, height: 900 });
  useLayoutEffect(() => {
    measure();
  }, [layout.height, width]);
  function measure(): void {
    const box = scroll.current;
    if (box !== null)
      setVisible((before) =>
        before.top === box.scrollTop && before.height === box.clientHeight
          ? before
          : { top: box.scrollTop, height: box.clientHeight },
      );
  }
  const selectedRow = selected === null ? undefined : layout.rowOf.get(selected);
  useEffect(() => {
    const box = scroll.current;
    if (box === null || selectedRow === undefined) return;
    if (selectedRow.top < box.scrollTop) box.scrollTop = selectedRow.top - laneHeight;
    else if (selectedRow.top + laneHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = selectedRow.top + 2 * laneHeight - box.clientHeight;
  }, [selected]);

  const momentAtX = (clientX: number, isSnapping: boolean): number => {
    const left = (ref.current?.getBoundingClientRect().left ?? 0) + names;
    const raw = plot.axis.momentAt((clientX - left) / plot.width);
    return isSnapping ? snap(moments, raw, (each) => Math.abs(plot.x(each) - plot.x(raw))) : raw;
  };
  const rowAtY = (clientY: number): TimelineRow | undefined => {
    const box = scroll.current;
    if (box === null) return undefined;
    const y = clientY - box.getBoundingClientRect().top + box.scrollTop;
    return layout.rows.find(({ top, height }) => y >= top && y < top + height);
  };
  const hover = (event: PointerEvent): void => {
    const box = tip.current;
    if (box === null) return;
    const row = event.buttons === 0 ? rowAtY(event.clientY) : undefined;
    const text =
      row === undefined ? "" : pointText(branch, row, momentAtX(event.clientX, false), plot);
    box.hidden = text === "";
    if (text === "") return;
    box.textContent = text;
    const left = ref.current?.getBoundingClientRect();
    const x = event.clientX - (left?.left ?? 0);
    box.style.transform = `translate(${String(Math.min(x + 12, width - 240))}px,${String(event.clientY - (left?.top ?? 0) + 16)}px)`;
  };
  const rowsInView = layout.rows.filter(
    ({ top, height }) =>
      top + height >= visible.top - 100 && top <= visible.top + visible.height + 100,
  );
  const playhead = plot.x(at);
  return (
    <div class="timeline" ref={ref}>
      <div class="tools">
        <Legend branch={branch} version={version} />
        {sets.length > 3 && <SetTools sets={sets} view={view} onView={setView} />}
        <div class="buttons">
          <button
            type="button"
            onClick={() => {
              zoom(2);
            }}
            aria-label="Zoom in"
            title="Zoom in (+)"
          >
            +
          </button>
          <button
            type="button"
            onClick={() => {
              zoom(0.5);
            }}
            aria-label="Zoom out"
            title="Zoom out (−)"
            disabled={window === null}
          >
            −
          </button>
          <button
            type="button"
            onClick={() => {
              setWindow(null);
            }}
            title="Show everything (0)"
            disabled={window === null}
          >
            all
          </button>
        </div>
      </div>
      <div class="lanes">
        <Overview
          {...{ branch, version, kind, at, left: names, width: plot.width, window, setWindow }}
        />
        <svg class="axis" width={width} height="20" aria-hidden="true">
          {plot.axis.ticks.map((tick) => (
            <text key={tick} x={names + plot.x(tick)} y="14">
              {tickClock(tick - startAt, to - from)}
            </text>
          ))}
        </svg>
        <div
          class="rows"
          ref={scroll}
          onScroll={measure}
          onPointerDown={(event) => {
            if (event.button !== 0 || isOnName(event.target)) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            go(momentAtX(event.clientX, true));
            const row = rowAtY(event.clientY);
            const lane =
              row === undefined ? undefined : laneAt(row, momentAtX(event.clientX, false));
            if (lane !== undefined) select(lane.id);
          }}
          onPointerMove={(event) => {
            hover(event);
            if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId))
              go(momentAtX(event.clientX, true));
          }}
          onPointerLeave={() => {
            if (tip.current !== null) tip.current.hidden = true;
          }}
        >
          <div
            class="content"
            style={{ height: `${String(layout.height)}px` }}
            role="group"
            aria-label="Lanes"
          >
            <svg class="grid" width={width} height={layout.height} aria-hidden="true">
              {plot.axis.ticks.map((tick) => (
                <path
                  key={tick}
                  d={`M${String(names + plot.x(tick))} 0V${String(layout.height)}`}
                />
              ))}
            </svg>
            {rowsInView.map((row) => {
              const lane = laneAt(row, at);
              return (
                <TimelineRowView
                  key={row.key}
                  row={row}
                  plot={plot}
                  names={names}
                  width={width}
                  name={
                    row.kind === "lanes"
                      ? lane?.kind === "group"
                        ? "group status"
                        : (lane?.name ?? "")
                      : (row.set?.name ?? "")
                  }
                  laneId={lane?.id ?? ""}
                  isSelected={row === selectedRow}
                  isCollapsed={view.collapsed.has(row.set?.id ?? "")}
                  onSelect={select}
                  onToggle={() => {
                    setView((before) => ({
                      ...before,
                      collapsed: toggled(before.collapsed, row.set?.id ?? ""),
                    }));
                  }}
                />
              );
            })}
            <CauseArcs {...{ branch, selected, count, layout, plot, names, width }} />
          </div>
        </div>
        <div
          class="head"
          style={{ transform: `translateX(${String(names + playhead)}px)` }}
          aria-hidden="true"
        >
          <i />
        </div>
        <input
          class="scrub"
          type="range"
          min={0}
          max={1000}
          step={1}
          value={Math.round(plot.axis.shareOf(at) * 1000)}
          style={{ left: `${String(names - 8)}px`, width: `${String(plot.width + 16)}px` }}
          aria-label="Moment"
          aria-valuetext={`${clock(at - startAt)}, entry ${String(count)} of ${String(branch.length)}`}
          onInput={(event) => {
            const raw = plot.axis.momentAt(Number(event.currentTarget.value) / 1000);
            go(snap(moments, raw, (each) => Math.abs(plot.x(each) - plot.x(raw))));
          }}
        />
      </div>
      <div class="tip" ref={tip} hidden role="presentation" />
    </div>
  );
}

/** Few sets are open; of many, the three with the most damage. */
function initialView({ sets }: BranchModel): SetView {
  const isMany = sets.length > 6;
  const open = new Set(
    byDamage(sets)
      .slice(0, 3)
      .map(({ id }) => id),
  );
  return {
    order: isMany ? "damage" : "creation",
    onlyProblems: false,
    collapsed: new Set(isMany ? sets.filter(({ id }) => !open.has(id)).map(({ id }) => id) : []),
  };
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function isOnName(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button") !== null;
}
