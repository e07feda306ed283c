/**
 * An ordered map from string id to ordinal: a B+ tree whose every node is one flat array of pairs,
 * so that a look-up or a change touches one object per level.
 */
export interface IdIndex {
  /** Ids present. */
  count: number;
  /** Levels of nodes; 1 when the root holds the ids themselves. */
  depth: number;
  root: IdNode;
}

/**
 * Pairs in ascending order of key, flat: `[key, value, key, value, …]`. On the lowest level a pair
 * is an id and its ordinal; above it, a lower bound of a child's ids and the child. The first
 * bound is not looked at: ids below it go to the first child.
 */
export type IdNode = (string | number | IdNode)[];

/** Makes an index without ids. O(1). */
export function emptyIdIndex(): IdIndex {
  return { count: 0, depth: 1, root: [] };
}

/** Finds the ordinal of an id, or undefined when it is not present. O(log count). */
export function ordinalOf(index: IdIndex, id: string): number | undefined {
  let node = index.root;
  for (let depth = index.depth; depth > 1; depth -= 1) node = childAt(node, childFor(node, id));
  const at = floorPair(node, id);
  return at >= 0 && node[at] === id ? (node[at + 1] as number) : undefined; // a leaf's value
}

/**
 * Adds an id with its ordinal. O(log count).
 * @throws RangeError when the id is present already; nothing is changed then.
 */
export function putId(index: IdIndex, id: string, ordinal: number): void {
  const right = insert(index.root, index.depth, id, ordinal);
  if (right !== undefined) {
    index.root = ["", index.root, keyAt(right, 0), right];
    index.depth += 1;
  }
  index.count += 1;
}

/**
 * Removes an id; nodes that become sparse are merged. O(log count).
 * @throws RangeError when the id is not present; nothing is changed then.
 */
export function dropId(index: IdIndex, id: string): void {
  remove(index.root, index.depth, id);
  index.count -= 1;
  if (index.count === 0) {
    index.root = [];
    index.depth = 1;
  }
  while (index.depth > 1 && index.root.length === 2) {
    index.root = childAt(index.root, 0);
    index.depth -= 1;
  }
}

/**
 * Visits ids strictly after `after` (all ids when undefined) in ascending order of code units,
 * until `visit` returns false. O(log count + visited).
 */
export function scanIds(
  index: IdIndex,
  after: string | undefined,
  visit: (ordinal: number, id: string) => boolean | undefined,
): void {
  scan(index.root, index.depth, after, visit);
}

/** Pairs in a node at most. */
const WIDTH = 32;
/** A node with fewer pairs looks for a neighbour to merge with … */
const SPARSE = WIDTH / 4;
/** … and merges when the result leaves room to grow, so that put and drop do not alternate. */
const MERGED = (WIDTH * 3) / 4;

/** The greatest pair whose key is not above the id, or -2 when there is none. */
function floorPair(node: IdNode, id: string): number {
  let low = 0;
  let high = node.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(node, middle << 1) <= id) low = middle + 1;
    else high = middle;
  }
  return (low - 1) << 1;
}

function childFor(node: IdNode, id: string): number {
  const at = floorPair(node, id);
  return at < 0 ? 0 : at;
}

/** Proven by the layout: even cells hold keys. */
function keyAt(node: IdNode, at: number): string {
  return node[at] as string;
}

/** Proven by the layout: odd cells above the lowest level hold nodes. */
function childAt(node: IdNode, at: number): IdNode {
  return node[at + 1] as IdNode;
}

/** Returns the new right neighbour when the node was split. */
function insert(node: IdNode, depth: number, id: string, ordinal: number): IdNode | undefined {
  const at = floorPair(node, id);
  if (depth === 1) {
    if (at >= 0 && node[at] === id) throw new RangeError(`id ${JSON.stringify(id)} is present`);
    return insertPair(node, at + 2, id, ordinal);
  }
  const place = at < 0 ? 0 : at;
  const right = insert(childAt(node, place), depth - 1, id, ordinal);
  return right && insertPair(node, place + 2, keyAt(right, 0), right);
}

function insertPair(
  node: IdNode,
  at: number,
  key: string,
  value: number | IdNode,
): IdNode | undefined {
  const length = node.length;
  const isFull = length === 2 * WIDTH;
  // Ascending ids: a full node stays full, and the new pair opens the next node.
  if (isFull && at === length) return [key, value];
  for (let from = length - 1; from >= at; from -= 1) node[from + 2] = node[from] as IdNode;
  node[at] = key;
  node[at + 1] = value;
  return isFull ? splitOff(node) : undefined;
}

function splitOff(node: IdNode): IdNode {
  const right: IdNode = [];
  for (let at = WIDTH; at < node.length; at += 1) right.push(node[at] as IdNode);
  node.length = WIDTH;
  return right;
}

function remove(node: IdNode, depth: number, id: string): void {
  const at = floorPair(node, id);
  if (depth === 1) {
    if (at < 0 || node[at] !== id) throw new RangeError(`id ${JSON.stringify(id)} is absent`);
    removePair(node, at);
    return;
  }
  const place = at < 0 ? 0 : at;
  const child = childAt(node, place);
  remove(child, depth - 1, id);
  if (child.length === 0) removePair(node, place);
  else if (child.length < 2 * SPARSE) mergeChild(node, depth, place);
}

function removePair(node: IdNode, at: number): void {
  const length = node.length - 2;
  for (let to = at; to < length; to += 1) node[to] = node[to + 2] as IdNode;
  node.length = length;
}

function mergeChild(node: IdNode, depth: number, place: number): void {
  if (node.length === 2) return;
  const at = place === 0 ? 2 : place;
  const left = childAt(node, at - 2);
  const right = childAt(node, at);
  if (left.length + right.length > 2 * MERGED) return;
  const offset = left.length;
  for (let from = 0; from < right.length; from += 1) left[offset + from] = right[from] as IdNode;
  // The bound unused at the head of a branch is used now: only its parent knew the true one.
  if (depth > 2) left[offset] = keyAt(node, at);
  removePair(node, at);
}

function scan(
  node: IdNode,
  depth: number,
  after: string | undefined,
  visit: (ordinal: number, id: string) => boolean | undefined,
): boolean {
  let at = after === undefined ? 0 : floorPair(node, after);
  if (depth === 1) {
    if (after !== undefined) at += 2; // the floor is the marker itself or an id before it
    for (; at < node.length; at += 2) {
      if (visit(node[at + 1] as number, keyAt(node, at)) === false) return false; // a leaf's value
    }
    return true;
  }
  let marker = after;
  for (at = Math.max(at, 0); at < node.length; at += 2) {
    if (!scan(childAt(node, at), depth - 1, marker, visit)) return false;
    marker = undefined; // only the first child can hold ids up to the marker
  }
  return true;
}
