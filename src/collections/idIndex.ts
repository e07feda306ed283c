import {
  childAt,
  floorOf,
  type IdNode,
  inserted,
  isAt,
  isLeaf,
  isOver,
  notPresent,
  ordinalAt,
  placeOf,
  presentAlready,
  removed,
  replaced,
  scan,
  split,
} from "./bPlusTreeNode.js";
import { IdChanges } from "./idChanges.js";

/**
 * An ordered map from string id to ordinal: a B+ tree of plain arrays.
 *
 * Invariant: who writes says whether the nodes belong to an earlier version as well; a frozen node always does. A
 * change replaces such nodes of one path by copies and modifies all others in place. The index itself must not be
 * frozen.
 *
 * Inside a transaction the index has `changes` on top of the tree of the index below it, whose nodes stay unmodified.
 */
export interface IdIndex {
  /** Number of ids. */
  count: number;
  /** Internal to `collections`; see the invariant. */
  root: IdNode;
  /** Only in a transaction: added and removed ids that are not published yet. */
  readonly changes?: IdChanges | undefined;
}

/** Creates an empty index. O(1). */
export function emptyIdIndex(): IdIndex {
  return { count: 0, root: [] };
}

/** Finds the ordinal of an id, or undefined when it is not present. O(log count). */
export function ordinalOf(index: IdIndex, id: string): number | undefined {
  if (index.changes !== undefined && index.changes.size > 0) {
    const changed = index.changes.get(id);
    if (changed !== undefined) return changed ?? undefined;
  }
  let node = index.root;
  while (!isLeaf(node)) node = childAt(node, placeOf(node, id));
  if (node.length <= 2 * fewMax) return ordinalAmongFew(node, id);
  const at = floorOf(node, id);
  return isAt(node, at, id) ? ordinalAt(node, at) : undefined;
}

/** Up to this many ids are compared one by one: equal strings are mostly one object, and order costs more to find. */
const fewMax = 8;

function ordinalAmongFew(leaf: IdNode, id: string): number | undefined {
  for (let at = 0; at < leaf.length; at += 2) if (leaf[at] === id) return ordinalAt(leaf, at);
  return undefined;
}

/**
 * Adds an id with its ordinal. O(log count).
 * @throws RangeError when the id is present already; nothing is changed then.
 */
export function putId(index: IdIndex, id: string, ordinal: number, isShared = false): void {
  if (index.changes !== undefined) {
    if (ordinalOf(index, id) !== undefined) throw presentAlready(id);
    index.changes.set(id, ordinal);
    index.count += 1;
    return;
  }
  const root = inserted(index.root, { id, ordinal }, isShared);
  index.root = isOver(root) ? ["", ...split(root, id)] : root;
  index.count += 1;
}

/** Adds an id with its ordinal, or gives an id that is present another one. O(log count). */
export function setId(index: IdIndex, id: string, ordinal: number, isShared = false): void {
  const wasPresent = ordinalOf(index, id) !== undefined;
  if (index.changes !== undefined) {
    index.changes.set(id, ordinal, wasPresent);
    if (!wasPresent) index.count += 1;
    return;
  }
  if (wasPresent) index.root = replaced(index.root, { id, ordinal }, isShared);
  else putId(index, id, ordinal, isShared);
}

/**
 * Removes an id; nodes that become sparse are merged. O(log count).
 * @throws RangeError when the id is not present; nothing is changed then.
 */
export function dropId(index: IdIndex, id: string, isShared = false): void {
  if (index.changes !== undefined) {
    if (ordinalOf(index, id) === undefined) throw notPresent(id);
    index.changes.set(id, null);
    index.count -= 1;
    return;
  }
  let root = removed(index.root, id, isShared);
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
  const { changes, root } = index;
  if (changes === undefined || changes.size === 0) {
    scan(root, after, visit);
    return;
  }
  // Only in a transaction that has changed ids: rare, and the changes are few.
  const all: (readonly [string, number])[] = [];
  scan(root, after, (ordinal, id) => {
    if (changes.get(id) === undefined) all.push([id, ordinal]);
    return true;
  });
  for (let place = 0; place < changes.size; place++) {
    const id = changes.idAt(place);
    const ordinal = changes.ordinalAt(place);
    if (ordinal !== null && (after === undefined || id > after)) all.push([id, ordinal]);
  }
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id, ordinal] of all) if (visit(ordinal, id) === false) return;
}

/** Creates an index on top of another one for a transaction. Changes are kept separately. O(1). */
export function overIndex({ count, root }: IdIndex): IdIndex & { readonly changes: IdChanges } {
  return { count, root, changes: new IdChanges() };
}

/** An index with the same ids that shares no nodes with the other one. O(count). */
export function copiedIndex({ count, root }: IdIndex): IdIndex {
  return { count, root: copiedNode(root) };
}

function copiedNode(node: IdNode): IdNode {
  const copy = [...node];
  if (isLeaf(node)) return copy;
  for (let at = 0; at < node.length; at += 2) copy[at + 1] = copiedNode(childAt(node, at));
  return copy;
}

/**
 * Applies the changes of a transaction to the index below. O(changes · log count).
 * @param isShared - whether the index below shares its nodes with an earlier version, which stays as it is
 */
export function publishIds(index: IdIndex, changes: IdChanges, isShared: boolean): void {
  for (let place = 0; place < changes.size; place++) {
    const id = changes.idAt(place);
    const ordinal = changes.ordinalAt(place);
    if (!changes.wasPresent(place)) {
      if (ordinal !== null) putId(index, id, ordinal, isShared);
    } else if (ordinal === null) dropId(index, id, isShared);
    else index.root = replaced(index.root, { id, ordinal }, isShared);
  }
}
