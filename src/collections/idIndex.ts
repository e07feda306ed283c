import {
  childAt,
  floorOf,
  type IdNode,
  inserted,
  isLeaf,
  isOver,
  ordinalAt,
  placeOf,
  removed,
  scan,
  split,
} from "./bPlusTreeNode.js";

/**
 * An ordered map from string id to ordinal: a B+ tree of plain arrays.
 *
 * Invariant: what is frozen belongs to an earlier version. A change replaces the frozen nodes of one
 * path by copies, and writes all others where they are. The index itself must not be frozen.
 */
export interface IdIndex {
  /** Ids present. */
  count: number;
  /** For this floor only; see the invariant. */
  root: IdNode;
}

/** Makes an index without ids. O(1). */
export function emptyIdIndex(): IdIndex {
  return { count: 0, root: [] };
}

/** Finds the ordinal of an id, or undefined when it is not present. O(log count). */
export function ordinalOf(index: IdIndex, id: string): number | undefined {
  let node = index.root;
  while (!isLeaf(node)) node = childAt(node, placeOf(node, id));
  const at = floorOf(node, id);
  return node[at] === id ? ordinalAt(node, at) : undefined;
}

/**
 * Adds an id with its ordinal. O(log count).
 * @throws RangeError when the id is present already; nothing is changed then.
 */
export function putId(index: IdIndex, id: string, ordinal: number): void {
  const root = inserted(index.root, id, ordinal);
  index.root = isOver(root) ? ["", ...split(root, id)] : root;
  index.count += 1;
}

/**
 * Removes an id; nodes that become sparse are merged. O(log count).
 * @throws RangeError when the id is not present; nothing is changed then.
 */
export function dropId(index: IdIndex, id: string): void {
  let root = removed(index.root, id);
  while (!isLeaf(root) && root.length === 2) root = childAt(root, 0);
  index.root = root;
  index.count -= 1;
}

/**
 * Visits the ids strictly after `after` (all ids when undefined) in ascending order of code units,
 * until `visit` returns false. O(log count + visited).
 */
export function scanIds(
  index: IdIndex,
  after: string | undefined,
  visit: (ordinal: number, id: string) => unknown,
): void {
  scan(index.root, after, visit);
}
