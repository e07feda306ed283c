import type { FaultSpan } from "./faultSpans.js";
import type { Lane } from "./timelineModel.js";
import { lifeOf, packLanes, type ReplicationSet } from "./timelineRows.js";

/** Kind of a row: writes of the clients of a set, faults, or lanes of one or more instances. */
export type TimelineRowKind = "clients" | "faults" | "lanes";

/** One row of a timeline. */
export interface TimelineRow {
  readonly key: string;
  readonly kind: TimelineRowKind;
  /** Null for faults that affect no set in particular. */
  readonly set: ReplicationSet | null;
  readonly lanes: readonly Lane[];
  readonly faults: readonly FaultSpan[];
  readonly top: number;
  readonly height: number;
}

/** Rows below each other, and the row of each lane. */
export interface TimelineLayout {
  readonly rows: readonly TimelineRow[];
  readonly height: number;
  readonly rowOf: ReadonlyMap<string, TimelineRow>;
}

/** Options of a layout. */
export interface TimelineLayoutOptions {
  /** Height of a row in pixels. */
  readonly heightOf: (kind: TimelineRowKind) => number;
  /** Faults that affect no set in particular. */
  readonly faults: readonly FaultSpan[];
  /** Ids of sets of which only the clients are shown. */
  readonly collapsed?: ReadonlySet<string>;
  /** True if instances that never exist at the same time share a row. */
  readonly isPacked?: boolean;
  /** True if a set whose clients never write has a row for them, too. */
  readonly hasAllClients?: boolean;
}

const setGap = 8;

/** Places the rows of sets: writes of the clients first, then faults, then the group and its instances. */
export function timelineLayout(
  sets: readonly ReplicationSet[],
  {
    heightOf,
    faults,
    collapsed = new Set(),
    isPacked = false,
    hasAllClients = false,
  }: TimelineLayoutOptions,
): TimelineLayout {
  const rows: TimelineRow[] = [];
  const rowOf = new Map<string, TimelineRow>();
  let top = 4;
  const add = (row: Partial<TimelineRow> & Pick<TimelineRow, "key" | "kind">): TimelineRow => {
    const height = heightOf(row.kind);
    const placed = { set: null, lanes: [], faults: [], ...row, top, height };
    rows.push(placed);
    top += height;
    return placed;
  };
  if (faults.length > 0) add({ key: "faults", kind: "faults", faults });
  for (const set of sets) {
    if (rows.length > 0) top += setGap;
    const hasClients = hasAllClients || set.writesSince !== null || set.outages.length > 0;
    const head = hasClients ? add({ key: `clients ${set.id}`, kind: "clients", set }) : undefined;
    if (head !== undefined && collapsed.has(set.id)) {
      for (const { id } of set.lanes) rowOf.set(id, head);
      continue;
    }
    if (set.faults.length > 0)
      add({ key: `faults ${set.id}`, kind: "faults", set, faults: set.faults });
    for (const lanes of packLanes(set.lanes, { isPacked })) {
      const row = add({ key: lanes[0]?.id ?? "", kind: "lanes", set, lanes });
      for (const { id } of lanes) rowOf.set(id, row);
    }
  }
  return { rows, height: top + 4, rowOf };
}

/** Returns the lane of a row at a time: the one that exists then, else the last one before, else the first. */
export function laneAt({ lanes }: Pick<TimelineRow, "lanes">, at: number): Lane | undefined {
  return lanes.findLast((lane) => lifeOf(lane).from <= at) ?? lanes[0];
}

/** Sorts sets by damage: losses first, then the time without writes. Equal sets keep their order. */
export function byDamage(sets: readonly ReplicationSet[]): readonly ReplicationSet[] {
  return [...sets].sort(
    (a, b) => b.lostTransactions - a.lostTransactions || b.outageMs - a.outageMs,
  );
}
