import { writable } from "./copyOnWrite.js";

/**
 * Pairs in ascending order of key, flat: `[key, value, key, value, …]`. In a leaf a pair is an id
 * and its ordinal; in a branch, a lower bound of a child's ids and the child. The first bound of a
 * branch is ignored: ids below it go to the first child.
 */
export type IdNode = (string | number | IdNode)[];

/** Maximum number of pairs in a node. */
const WIDTH = 32;
/** A node with fewer pairs looks for a neighbour to merge with … */
const SPARSE = WIDTH / 4;
/** … and merges when the result leaves room to grow, so that put and drop do not alternate. */
const MERGED = (WIDTH * 3) / 4;

/** Whether the values are ordinals; a node without pairs is a leaf. O(1). */
export function isLeaf(node: IdNode): boolean {
  // V8 reads past the end of a frozen array on its slowest path.
  return node.length < 2 || typeof node[1] !== "object";
}

/** Whether the node has to be split. O(1). */
export function isOver(node: IdNode): boolean {
  return node.length > 2 * WIDTH;
}

/** Finds the greatest pair whose key is not above the id, or -2. O(log pairs). */
export function floorOf(node: IdNode, id: string): number {
  let low = 0;
  let high = node.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(node, middle << 1) <= id) low = middle + 1;
    else high = middle;
  }
  return (low - 1) << 1;
}

/** Whether the pair that `floorOf` found is that of the id. O(1). */
export function isAt(leaf: IdNode, at: number, id: string): boolean {
  // V8 takes a negative index for a name, and every read at that place slowly from then on.
  return at >= 0 && leaf[at] === id;
}

/** Finds the pair of the child an id belongs to. O(log pairs). */
export function placeOf(branch: IdNode, id: string): number {
  return Math.max(floorOf(branch, id), 0);
}

/** The child of a pair of a branch. O(1). */
export function childAt(branch: IdNode, at: number): IdNode {
  return branch[at + 1] as IdNode; // proven by the layout
}

/** The ordinal of a pair of a leaf. O(1). */
export function ordinalAt(leaf: IdNode, at: number): number {
  return leaf[at + 1] as number; // proven by the layout
}

function keyAt(node: IdNode, at: number): string {
  return node[at] as string; // proven by the layout
}

/** Returns the error for an id that is added twice. */
export function presentAlready(id: string): RangeError {
  return new RangeError(`the id ${JSON.stringify(id)} is already present`);
}

/** Returns the error for removing an id that is not present. */
export function notPresent(id: string): RangeError {
  return new RangeError(`the id ${JSON.stringify(id)} is not present`);
}

/** Returns the node with one more id. It can exceed the maximum width by one pair. O(log count). */
export function inserted(
  node: IdNode,
  { id, ordinal }: { readonly id: string; readonly ordinal: number },
  isShared: boolean,
): IdNode {
  if (isLeaf(node)) {
    const at = floorOf(node, id);
    if (isAt(node, at, id)) throw presentAlready(id);
    return withPair(node, isShared, { at: at + 2, id, ordinal });
  }
  const place = placeOf(node, id);
  const child = inserted(childAt(node, place), { id, ordinal }, isShared);
  if (!isOver(child)) return withChild(node, isShared, { at: place, child });
  return spliced(node, isShared, { at: place + 1, drop: 1 }, ...split(child, id));
}

/** Splits an overfull node into a left node, a bound and a right node. O(1). */
export function split(node: IdNode, id: string): [IdNode, string, IdNode] {
  const last = node.length - 2;
  // Ascending ids: a full node stays full, and the new pair opens the next node.
  const cut = keyAt(node, last) <= id ? last : (node.length >> 2) << 1;
  return [node.slice(0, cut), keyAt(node, cut), node.slice(cut)];
}

/** Returns the node with one id fewer. It can be empty. O(log count). */
export function removed(node: IdNode, id: string, isShared: boolean): IdNode {
  if (isLeaf(node)) {
    const at = floorOf(node, id);
    if (!isAt(node, at, id)) throw notPresent(id);
    return withoutPair(node, isShared, at);
  }
  const place = placeOf(node, id);
  const child = removed(childAt(node, place), id, isShared);
  const branch = withChild(node, isShared, { at: place, child });
  // The branch is a version of its own by now.
  if (child.length === 0) return withoutPair(branch, false, place);
  return child.length < 2 * SPARSE ? merged(branch, Math.max(place, 2)) : branch;
}

/** Returns the node with another ordinal for an id. O(log count). */
export function replaced(
  node: IdNode,
  { id, ordinal }: { readonly id: string; readonly ordinal: number },
  isShared: boolean,
): IdNode {
  if (!isLeaf(node)) {
    const place = placeOf(node, id);
    const child = replaced(childAt(node, place), { id, ordinal }, isShared);
    return withChild(node, isShared, { at: place, child });
  }
  const at = floorOf(node, id);
  if (!isAt(node, at, id)) throw notPresent(id);
  const cells = writable(node, isShared);
  cells[at + 1] = ordinal;
  return cells;
}

/** Joins the child at a pair to the child before it, if there is one and both fit into one node. */
function merged(branch: IdNode, at: number): IdNode {
  if (branch.length === 2) return branch;
  const left = childAt(branch, at - 2);
  const right = childAt(branch, at);
  if (left.length + right.length > 2 * MERGED) return branch;
  const cells = [...left, ...right];
  // The first bound of a branch is unused until now: take the true one from the parent.
  cells[left.length] = isLeaf(right) ? keyAt(right, 0) : keyAt(branch, at);
  return spliced(branch, false, { at: at - 1, drop: 3 }, cells);
}

function withChild(
  branch: IdNode,
  isShared: boolean,
  { at, child }: { readonly at: number; readonly child: IdNode },
): IdNode {
  if (childAt(branch, at) === child) return branch;
  const cells = writable(branch, isShared);
  cells[at + 1] = child;
  return cells;
}

/** Moves the cells behind a place by hand: `splice` makes an array of what it removes, and one of what it adds. */
function withPair(
  leaf: IdNode,
  isShared: boolean,
  { at, id, ordinal }: { readonly at: number; readonly id: string; readonly ordinal: number },
): IdNode {
  const cells = writable(leaf, isShared);
  const end = cells.length;
  cells.push(id, ordinal);
  if (at === end) return cells;
  for (let to = end + 1; to > at + 1; to--) cells[to] = cells[to - 2] as IdNode[number];
  cells[at] = id;
  cells[at + 1] = ordinal;
  return cells;
}

/** Removes the pair at a place. */
function withoutPair(node: IdNode, isShared: boolean, at: number): IdNode {
  const cells = writable(node, isShared);
  for (let from = at + 2; from < cells.length; from++) {
    cells[from - 2] = cells[from] as IdNode[number];
  }
  cells.pop();
  cells.pop();
  return cells;
}

function spliced(
  node: IdNode,
  isShared: boolean,
  { at, drop }: { readonly at: number; readonly drop: number },
  ...added: IdNode
): IdNode {
  const cells = writable(node, isShared);
  cells.splice(at, drop, ...added);
  return cells;
}

/** Visits pairs after a marker until a visit returns false. Returns whether no visit returned false. */
export function scan(
  node: IdNode,
  after: string | undefined,
  visit: (ordinal: number, id: string) => unknown,
): boolean {
  if (isLeaf(node)) {
    for (let at = after === undefined ? 0 : floorOf(node, after) + 2; at < node.length; at += 2) {
      if (visit(ordinalAt(node, at), keyAt(node, at)) === false) return false;
    }
    return true;
  }
  let marker = after;
  for (let at = after === undefined ? 0 : placeOf(node, after); at < node.length; at += 2) {
    if (!scan(childAt(node, at), marker, visit)) return false;
    marker = undefined; // only the first child can hold ids up to the marker
  }
  return true;
}
