/** The fields of a lane that determine its neighbours. */
export interface LaneRelations {
  readonly id: string;
  readonly kind: "instance" | "group";
  readonly links: readonly { readonly sourceId: string }[];
  readonly memberships: readonly { readonly groupId: string }[];
}

/**
 * Sorts lanes so that related lanes are adjacent, in order of the first lane of each set. Within a set the members of a
 * group come first, then the group itself, then the others.
 */
export function orderLanes<L extends LaneRelations>(lanes: readonly L[]): readonly L[] {
  const heads = new Map(lanes.map(({ id }) => [id, id]));
  const headOf = (id: string): string => {
    let head = id;
    for (let next = heads.get(head); next !== undefined && next !== head; next = heads.get(head))
      head = next;
    return head;
  };
  const order = new Map(lanes.map(({ id }, at) => [id, at]));
  const join = (a: string, b: string): void => {
    const [first = a, second = b] = [headOf(a), headOf(b)].sort(
      (left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0),
    );
    heads.set(second, first);
  };
  for (const { id, links, memberships } of lanes) {
    for (const { sourceId } of links) join(id, sourceId);
    for (const { groupId } of memberships) join(id, groupId);
  }
  const rank = ({ id, kind, memberships }: L): readonly number[] => {
    const family = order.get(headOf(id)) ?? 0;
    const group = kind === "group" ? id : memberships[0]?.groupId;
    const place = group === undefined ? lanes.length : (order.get(group) ?? 0);
    return [family, place, kind === "group" ? 1 : 0, order.get(id) ?? 0];
  };
  return lanes
    .map((lane) => ({ lane, rank: rank(lane) }))
    .sort((a, b) => byRank(a.rank, b.rank))
    .map(({ lane }) => lane);
}

function byRank(a: readonly number[], b: readonly number[]): number {
  for (const [at, left] of a.entries()) {
    const difference = left - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
