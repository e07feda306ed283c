import { writable } from "./copyOnWrite.js";

/**
 * Rows by ordinal, kept in a 32-way radix tree of plain arrays: a change of one row touches one
 * short array per level.
 *
 * Invariant: what is frozen belongs to an earlier version. A change replaces frozen nodes and rows by
 * copies, and writes all others where they are: those of a plain table, of a version that is not
 * closed yet, and drafts behind a proxy. Above a row that is not frozen no node is.
 *
 * The shape depends only on the present rows and `size`: no cell beyond the last present one, no
 * node without a present row. A table rebuilt from its rows is therefore deeply equal to it.
 */
export interface Table<Row> {
  /** Levels of nodes; 1 when the root holds the rows themselves. */
  depth: number;
  /** The next ordinal: rows ever appended. */
  size: number;
  /** Rows present. */
  count: number;
  root: TableNode<Row>;
  /** Only while a version is written: nodes and rows may belong to an earlier one, and rows are copied so. */
  copyRow?(row: Row): Row;
}

/** A node of the lowest level holds rows, any other holds nodes; null is an empty cell. */
export type TableNode<Row> = (Row | TableNode<Row> | null)[];

/** Makes a table without rows. O(1). */
export function emptyTable<Row>(): Table<Row> {
  return { depth: 1, size: 0, count: 0, root: [] };
}

/** Finds the row of an ordinal, or undefined when none is present. O(log size). */
export function rowAt<Row extends object>(table: Table<Row>, ordinal: number): Row | undefined {
  if (!isNatural(ordinal) || ordinal >= table.size) return undefined;
  let node = table.root;
  for (let shift = topShift(table.depth); shift > 0; shift -= BITS) {
    const child = node[cellOf(ordinal, shift)];
    if (child === null || child === undefined) return undefined;
    node = child as TableNode<Row>; // above the lowest level every cell is a node
  }
  return (node[cellOf(ordinal, 0)] ?? undefined) as Row | undefined; // the lowest level: rows
}

/** A table to write the next version of another into: it shares all nodes and rows. O(1). */
export function beginTableVersion<Row>(
  { depth, size, count, root }: Table<Row>,
  copyRow: (row: Row) => Row,
): Table<Row> {
  return { depth, size, count, root, copyRow };
}

/** The table that was written into a shared one. O(1). */
export function commitTableVersion<Row>({ depth, size, count, root }: Table<Row>): Table<Row> {
  return { depth, size, count, root };
}

/** Finds a row to write into: itself, or the copy that takes the place of a frozen one. O(log size). */
export function writableRow<Row extends object>(
  table: Table<Row>,
  ordinal: number,
): Row | undefined {
  const row = rowAt(table, ordinal);
  // Asked only where it can be: the question costs as much as the rest of a transition's writing.
  if (table.copyRow === undefined || row === undefined || !Object.isFrozen(row)) return row;
  const copy = table.copyRow(row);
  place(table, ordinal, copy);
  return copy;
}

/** Adds a row at the next ordinal, which is returned. O(log size). */
export function appendRow<Row extends object>(table: Table<Row>, row: Row): number {
  const ordinal = table.size;
  if (ordinal === WIDTH ** table.depth) {
    table.root = table.count === 0 ? [] : [table.root];
    table.depth += 1;
  }
  place(table, ordinal, row);
  table.size = ordinal + 1;
  table.count += 1;
  return ordinal;
}

/**
 * Clears the cell of an ordinal and prunes the nodes left without rows. O(log size).
 * @throws RangeError when no row is present there; nothing is changed then.
 */
export function dropRow<Row extends object>(table: Table<Row>, ordinal: number): void {
  if (rowAt(table, ordinal) === undefined) {
    throw new RangeError(`no row has the ordinal ${String(ordinal)}`);
  }
  table.root = cleared(table.root, ordinal, topShift(table.depth));
  table.count -= 1;
}

/** Yields the present rows in the order of their ordinals. O(count · log size). */
export function* rowsOf<Row extends object>(table: Table<Row>): Generator<Row> {
  for (const leaf of leavesOf<Row>(table.root, table.depth)) {
    for (const row of leaf) if (row !== null) yield row;
  }
}

/**
 * Builds a table from rows with ascending ordinals, all below `size`. O(rows · log size).
 * @throws RangeError when the size is not a natural number, or an ordinal is out of order or range.
 */
export function tableFrom<Row extends object>(
  rows: readonly (readonly [number, Row])[],
  size: number,
): Table<Row> {
  if (!isNatural(size)) throw new RangeError(`the size ${size} is not a natural number`);
  const table: Table<Row> = { depth: depthFor(size), size, count: rows.length, root: [] };
  let last = -1;
  for (const [ordinal, row] of rows) {
    if (!isNatural(ordinal) || ordinal <= last || ordinal >= size) {
      throw new RangeError(`the ordinal ${ordinal} is not between ${last} and the size ${size}`);
    }
    place(table, ordinal, row);
    last = ordinal;
  }
  return table;
}

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function topShift(depth: number): number {
  return (depth - 1) * BITS;
}

/** Bit operators see an ordinal modulo 2^32, which is exact for the cells below bit 30. */
function cellOf(ordinal: number, shift: number): number {
  if (shift < 30) return (ordinal >>> shift) & MASK;
  return Math.floor(ordinal / 2 ** shift) % WIDTH;
}

function depthFor(size: number): number {
  let depth = 1;
  while (WIDTH ** depth < size) depth += 1;
  return depth;
}

function place<Row>(table: Table<Row>, ordinal: number, row: Row): void {
  let node = (table.root = writable(table.root));
  for (let shift = topShift(table.depth); shift > 0; shift -= BITS) {
    const cell = cellOf(ordinal, shift);
    const below = cell < node.length ? node[cell] : null;
    // above the lowest level every cell is a node
    const child = below === null ? [] : writable(below as TableNode<Row>);
    if (child !== below) setCell(node, cell, child);
    node = child;
  }
  setCell(node, cellOf(ordinal, 0), row);
}

/** Fills the cells skipped with null: a hole would not survive JSON. */
function setCell<Row>(node: TableNode<Row>, cell: number, value: Row | TableNode<Row>): void {
  for (let next = node.length; next < cell; next += 1) node[next] = null;
  node[cell] = value;
}

/** The node without the row of an ordinal, which is present; empty when that was its last one. */
function cleared<Row>(before: TableNode<Row>, ordinal: number, shift: number): TableNode<Row> {
  const node = writable(before);
  const cell = cellOf(ordinal, shift);
  if (shift > 0) {
    const below = node[cell] as TableNode<Row>; // above the lowest level every cell is a node
    const child = cleared(below, ordinal, shift - BITS);
    if (child !== below) node[cell] = child;
    if (child.length > 0) return node;
  }
  let length = node.length;
  if (cell < length - 1) {
    node[cell] = null;
    return node;
  }
  do length -= 1;
  while (length > 0 && node[length - 1] === null);
  node.length = length;
  return node;
}

function* leavesOf<Row>(node: TableNode<Row>, depth: number): Generator<(Row | null)[]> {
  if (depth === 1) {
    yield node as (Row | null)[]; // the lowest level holds rows only
    return;
  }
  for (const child of node) {
    if (child !== null) yield* leavesOf(child as TableNode<Row>, depth - 1);
  }
}
