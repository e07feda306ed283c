import type { FaultSpan } from "./faultSpans.js";
import type { Lane, Outage, Timeline } from "./timelineModel.js";
import type { TimeSpan } from "./timeSpan.js";

/** Lanes of related instances and groups, and the outages of their clients. */
export interface ReplicationSet {
  /** Id of its first lane, which does not change while the set grows. */
  readonly id: string;
  readonly name: string;
  readonly kind: "group" | "set" | "instance";
  /** The group first, then instances in order of creation. */
  readonly lanes: readonly Lane[];
  /** In order of their start. */
  readonly outages: readonly Outage[];
  /** Faults of its instances, in order of their activation. */
  readonly faults: readonly FaultSpan[];
  /** Time at which its clients begin to write, or null. */
  readonly writesSince: number | null;
  /** Total time in which clients could not write, in ms. */
  readonly outageMs: number;
  readonly lostTransactions: number;
}

/** Returns the sets of a timeline, in order of their first lanes. O(lanes + outages + faults). */
export function replicationSets({
  lanes,
  outages,
  faults,
  endAt,
}: Pick<Timeline, "lanes" | "outages" | "faults" | "endAt">): readonly ReplicationSet[] {
  const headOf = connected(lanes);
  const byHead = new Map<string, Lane[]>();
  for (const lane of lanes) append(byHead, headOf(lane.id), lane);
  const faultsOf = new Map<string, FaultSpan[]>();
  for (const fault of faults) append(faultsOf, headOf(fault.targetId), fault);
  const outagesOf = new Map<string, Outage[]>();
  for (const outage of outages) append(outagesOf, headOf(outage.instanceIds[0] ?? ""), outage);
  return [...byHead].map(([id, members]) => {
    const own = outagesOf.get(id) ?? [];
    const group = members.find(({ kind }) => kind === "group");
    const [first] = members;
    return {
      id,
      name: group?.name ?? first?.name ?? "",
      kind: group !== undefined ? "group" : members.length > 1 ? "set" : "instance",
      lanes: [
        ...members.filter(({ kind }) => kind === "group"),
        ...members.filter(({ kind }) => kind === "instance"),
      ],
      outages: own,
      faults: faultsOf.get(id) ?? [],
      writesSince: members.reduce(
        (since: number | null, { writesSince: at }) =>
          at === null ? since : Math.min(at, since ?? at),
        null,
      ),
      outageMs: own.reduce((sum, { from, to }) => sum + Math.min(to, endAt) - from, 0),
      lostTransactions: own.reduce((sum, { lostTransactions }) => sum + lostTransactions, 0),
    };
  });
}

/** Returns the faults that affect no set in particular. */
export function faultsOfNoSet({
  lanes,
  faults,
}: Pick<Timeline, "lanes" | "faults">): readonly FaultSpan[] {
  const known = new Set(lanes.map(({ id }) => id));
  return faults.filter(({ targetId }) => !known.has(targetId));
}

/**
 * Assigns lanes to rows. Instances that never exist at the same time share a row, so that a group that replaces its
 * members does not grow in height.
 */
export function packLanes(
  lanes: readonly Lane[],
  { isPacked }: { readonly isPacked: boolean },
): readonly (readonly Lane[])[] {
  const rows: Lane[][] = [];
  for (const lane of lanes) {
    const { from } = lifeOf(lane);
    const row =
      isPacked && lane.kind === "instance"
        ? rows.find(([first, ...rest]) => {
            const last = rest.at(-1) ?? first;
            return last?.kind === "instance" && lifeOf(last).to <= from + handOverMs;
          })
        : undefined;
    if (row === undefined) rows.push([lane]);
    else row.push(lane);
  }
  return rows;
}

/** Maximum overlap of a leaving instance and its successor in one row, in ms. */
const handOverMs = 60_000;

/** Returns the interval from the start of a lane to its end. */
export function lifeOf({ statuses }: Lane): TimeSpan {
  return { from: statuses[0]?.from ?? 0, to: statuses.at(-1)?.to ?? 0 };
}

/** Returns the first id of the set that an id is connected with, by replication or membership. */
function connected(lanes: readonly Lane[]): (id: string) => string {
  const order = new Map(lanes.map(({ id }, at) => [id, at]));
  const heads = new Map<string, string>();
  const headOf = (id: string): string => {
    let head = id;
    for (let next = heads.get(head); next !== undefined; next = heads.get(head)) head = next;
    if (head !== id) heads.set(id, head);
    return head;
  };
  const join = (one: string, other: string): void => {
    const [a, b] = [headOf(one), headOf(other)];
    if (a === b) return;
    const isFirst = (order.get(a) ?? Infinity) < (order.get(b) ?? Infinity);
    heads.set(isFirst ? b : a, isFirst ? a : b);
  };
  for (const { id, links, memberships } of lanes) {
    for (const { sourceId } of links) join(id, sourceId);
    for (const { groupId } of memberships) join(id, groupId);
  }
  return headOf;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
