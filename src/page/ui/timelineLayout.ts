import type { Lane } from "../../render/timelineModel.js";
import { lifeOf, packLanes, type ReplicationSet } from "../../render/timelineRows.js";
import { laneHeight } from "./laneDrawing.js";

/** One row of the timeline: what the clients of a set felt, or lanes of one or more instances. */
export interface TimelineRow {
  readonly key: string;
  readonly kind: "clients" | "lanes";
  readonly set: ReplicationSet;
  readonly lanes: readonly Lane[];
  readonly top: number;
  readonly height: number;
}

/** Rows below each other, and where each lane is. */
export interface TimelineLayout {
  readonly rows: readonly TimelineRow[];
  readonly height: number;
  readonly rowOf: ReadonlyMap<string, TimelineRow>;
}

const setGap = 8;

/** The rows of sets; a collapsed set has only the row of its clients. */
export function timelineLayout(
  sets: readonly ReplicationSet[],
  { collapsed, isPacked }: { readonly collapsed: ReadonlySet<string>; readonly isPacked: boolean },
): TimelineLayout {
  const rows: TimelineRow[] = [];
  const rowOf = new Map<string, TimelineRow>();
  let top = 4;
  const add = (row: Omit<TimelineRow, "top" | "height">): TimelineRow => {
    const placed = { ...row, top, height: laneHeight };
    rows.push(placed);
    top += laneHeight;
    return placed;
  };
  for (const set of sets) {
    if (rows.length > 0) top += setGap;
    const head = add({ key: `clients ${set.id}`, kind: "clients", set, lanes: [] });
    if (collapsed.has(set.id)) {
      for (const { id } of set.lanes) rowOf.set(id, head);
      continue;
    }
    for (const lanes of packLanes(set.lanes, { isPacked })) {
      const row = add({ key: lanes[0]?.id ?? "", kind: "lanes", set, lanes });
      for (const { id } of lanes) rowOf.set(id, row);
    }
  }
  return { rows, height: top + 4, rowOf };
}

/** The lane of a row at a moment: the one that exists then, else the last one before, else the first. */
export function laneAt({ lanes }: TimelineRow, at: number): Lane | undefined {
  return lanes.findLast((lane) => lifeOf(lane).from <= at) ?? lanes[0];
}

/** Sets by damage: losses first, then the time without writes; equal ones keep their order. */
export function byDamage(sets: readonly ReplicationSet[]): readonly ReplicationSet[] {
  return [...sets].sort(
    (a, b) => b.lostTransactions - a.lostTransactions || b.outageMs - a.outageMs,
  );
}
