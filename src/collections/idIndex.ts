import {
  asValues,
  childAt,
  floorOf,
  type IdNode,
  inPlace,
  inserted,
  isLeaf,
  isOver,
  type NodeEditor,
  ordinalAt,
  placeOf,
  removed,
  scan,
  split,
} from "./idNode.js";

/**
 * An ordered map from string id to ordinal: a B+ tree of plain arrays.
 *
 * Invariant: behind a proxy the nodes are values. They are read past it, and a change replaces the
 * nodes of one path by frozen ones; only `root` and `count` are assigned through the proxy, which
 * therefore never wraps a node. The nodes of a plain, unfrozen index are changed in place.
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
  let node = rootOf(index);
  while (!isLeaf(node)) node = childAt(node, placeOf(node, id));
  const at = floorOf(node, id);
  return node[at] === id ? ordinalAt(node, at) : undefined;
}

/**
 * Adds an id with its ordinal. O(log count).
 * @throws RangeError when the id is present already; nothing is changed then.
 */
export function putId(index: IdIndex, id: string, ordinal: number): void {
  const before = rootOf(index);
  const editor = editorOf(index, before);
  const root = inserted(editor, before, id, ordinal);
  index.root = isOver(root) ? editor.close(["", ...split(editor, root, id)]) : root;
  index.count += 1;
}

/**
 * Removes an id; nodes that become sparse are merged. O(log count).
 * @throws RangeError when the id is not present; nothing is changed then.
 */
export function dropId(index: IdIndex, id: string): void {
  const before = rootOf(index);
  let root = removed(editorOf(index, before), before, id);
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
  scan(rootOf(index), after, visit);
}

/** A descriptor holds the value itself, where a read through a proxy would wrap it. */
function rootOf(index: IdIndex): IdNode {
  return Object.getOwnPropertyDescriptor(index, "root")?.value as IdNode; // the interface has it
}

/** Nodes that are frozen, or that a proxy would wrap, belong to earlier versions too. */
function editorOf(index: IdIndex, root: IdNode): NodeEditor {
  return Object.isFrozen(root) || index.root !== root ? asValues : inPlace;
}
