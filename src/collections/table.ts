import { writable } from "./copyOnWrite.js";
import { type Touched, TouchedRows, type TouchNote } from "./touchedRows.js";

/**
 * Rows by ordinal, kept in a 32-way radix tree of plain arrays: a change of one row touches one
 * short array per level.
 *
 * Invariant: who writes says whether the nodes belong to an earlier version as well; a frozen node always does. A
 * change replaces such a node by a copy and modifies all others in place: nodes of a plain table, and drafts behind
 * a proxy. Nodes are not frozen to mark them: V8 compiles no fast access to an element of a frozen array, nor at any
 * place where it has seen one.
 *
 * Inside a transaction the table has `touched` rows on top of the table below it, whose nodes stay
 * unmodified.
 *
 * The shape depends only on the present rows and `size`: no cell beyond the last present one, no
 * node without a present row. A table rebuilt from its rows is therefore deeply equal to it.
 */
export interface Table<Row> {
  /** Levels of nodes; 1 when the root holds the rows themselves. */
  depth: number;
  /** The next ordinal, i.e. the number of rows ever appended. */
  size: number;
  /** Number of rows present. */
  count: number;
  root: TableNode<Row>;
  /** Only in a transaction: changed rows that are not published yet. */
  readonly touched?: Touched<Row> | undefined;
}

/** A node of the lowest level holds rows, any other holds nodes; null is an empty cell. */
export type TableNode<Row> = (Row | TableNode<Row> | null)[];

/** Creates an empty table. O(1). */
export function emptyTable<Row>(): Table<Row> {
  return { depth: 1, size: 0, count: 0, root: [] };
}

/** Finds the row of an ordinal, or undefined when none is present. O(log size). */
export function rowAt<Row extends object>(table: Table<Row>, ordinal: number): Row | undefined {
  if (table.touched !== undefined && table.touched.size > 0) {
    const row = table.touched.at(ordinal);
    if (row !== undefined) return row ?? undefined;
  }
  if (!isNatural(ordinal) || ordinal >= table.size) return undefined;
  let node = table.root;
  for (let shift = topShift(table.depth); shift > 0; shift -= BITS) {
    const child = node[cellOf(ordinal, shift)];
    if (child === null || child === undefined) return undefined;
    node = child as TableNode<Row>; // above the lowest level every cell is a node
  }
  return (node[cellOf(ordinal, 0)] ?? undefined) as Row | undefined; // the lowest level: rows
}

/**
 * Returns the present rows of many ordinals, in the given order. O(ordinals · log size). In a large table
 * each step is a cache miss. Reading all nodes first, then all rows, lets the misses overlap.
 */
export function rowsAt<Row extends object>(
  table: Table<Row>,
  ordinals: readonly number[],
): readonly Row[] {
  const rows: Row[] = [];
  if (table.touched !== undefined) {
    for (const ordinal of ordinals) {
      const row = rowAt(table, ordinal);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }
  const top = topShift(table.depth);
  const leaves: (TableNode<Row> | null | undefined)[] = [];
  for (const ordinal of ordinals) {
    let node: TableNode<Row> | null | undefined = table.root;
    for (let shift = top; shift > 0 && node !== null && node !== undefined; shift -= BITS) {
      node = node[cellOf(ordinal, shift)] as TableNode<Row> | null | undefined;
    }
    leaves.push(node);
  }
  for (let at = 0; at < ordinals.length; at++) {
    const row = leaves[at]?.[cellOf(ordinals[at] as number, 0)] as Row | null | undefined;
    if (row !== null && row !== undefined) rows.push(row); // the lowest level: rows
  }
  return rows;
}

/**
 * Finds a writable row: the row itself or, in a transaction, a copy, so that rows already read there do not change.
 * O(log size).
 */
export function writableRow<Row extends object>(
  table: Table<Row>,
  ordinal: number,
): Row | undefined {
  const row = rowAt(table, ordinal);
  return row === undefined || table.touched === undefined
    ? row
    : table.touched.copied(ordinal, row);
}

/**
 * Like `writableRow`, but reuses the copy that the transaction has already made. Only for rows that no reader keeps.
 * O(log size).
 */
export function ownRow<Row extends object>(table: Table<Row>, ordinal: number): Row | undefined {
  const known = table.touched?.at(ordinal);
  return known === undefined ? writableRow(table, ordinal) : (known ?? undefined);
}

/** Replaces a present row of a table that shares its nodes with an earlier version, which stays. O(log size). */
export function replaceShared<Row extends object>(
  table: Table<Row>,
  ordinal: number,
  row: Row,
): void {
  place(table, { ordinal, row }, true);
}

/** Replaces a present row of a table that shares no nodes with another version: writes one cell. O(log size). */
export function assignRow<Row extends object>(table: Table<Row>, ordinal: number, row: Row): void {
  let node = table.root;
  for (let shift = topShift(table.depth); shift > 0; shift -= BITS) {
    node = node[cellOf(ordinal, shift)] as TableNode<Row>; // the row is present, so its path is too
  }
  node[cellOf(ordinal, 0)] = row;
}

/** Creates a table on top of another one for a transaction. Changes are kept separately. O(1). */
export function overTable<Row extends object>(
  { depth, size, count, root }: Table<Row>,
  copyRow: (row: Row) => Row,
  noted: { readonly note: TouchNote; readonly bit: number } = { note: { bits: 0 }, bit: 1 },
): Table<Row> & { readonly touched: Touched<Row> } {
  return { depth, size, count, root, touched: new TouchedRows(copyRow, noted) };
}

/**
 * A table with the same rows that shares no nodes with the other one. O(count), without a look at what a row holds.
 * @param own - a row of its own, where tables must not share them
 */
export function copiedTable<Row extends object>(
  { depth, size, count, root }: Table<Row>,
  own?: (row: Row) => Row,
): Table<Row> {
  return { depth, size, count, root: copiedNode(root, depth, own) };
}

function copiedNode<Row extends object>(
  node: TableNode<Row>,
  depth: number,
  own: ((row: Row) => Row) | undefined,
): TableNode<Row> {
  const copy = [...node];
  if (depth === 1 && own === undefined) return copy;
  for (let at = 0; at < copy.length; at += 1) {
    const cell = copy[at] ?? null;
    if (cell === null) continue;
    // The lowest level holds rows, every other one nodes.
    copy[at] =
      depth > 1 ? copiedNode(cell as TableNode<Row>, depth - 1, own) : (own?.(cell as Row) ?? cell);
  }
  return copy;
}

/**
 * Applies the changes of a transaction to the table below.
 * @param replace - replaces one row in the table below
 * @param isShared - whether that table shares its nodes with an earlier version, which stays as it is
 */
export function publishRows<Row extends object>(
  table: Table<Row>,
  touched: Touched<Row>,
  replace: (table: Table<Row>, ordinal: number, row: Row) => void,
  isShared: boolean,
): void {
  for (let place = 0; place < touched.size; place++) {
    const ordinal = touched.ordinalAt(place);
    const row = touched.rowAt(place);
    if (ordinal < table.size) {
      if (row === null) dropRow(table, ordinal, isShared);
      else replace(table, ordinal, row);
    } else {
      // A row added and removed within one transaction still uses up its ordinal.
      appendRow(table, row ?? ({} as Row), isShared);
      if (row === null) dropRow(table, ordinal, isShared);
    }
  }
}

/** Adds a row at the next ordinal and returns the ordinal. O(log size). */
export function appendRow<Row extends object>(
  table: Table<Row>,
  row: Row,
  isShared = false,
): number {
  const ordinal = table.size;
  if (table.touched !== undefined) {
    table.touched.set(ordinal, row);
    table.size = ordinal + 1;
    table.count += 1;
    return ordinal;
  }
  if (ordinal === capacityOf(table.depth)) {
    table.root = table.count === 0 ? [] : [table.root];
    table.depth += 1;
  }
  place(table, { ordinal, row }, isShared);
  table.size = ordinal + 1;
  table.count += 1;
  return ordinal;
}

/**
 * Clears the cell of an ordinal and prunes the nodes left without rows. O(log size).
 * @throws RangeError when no row is present there; nothing is changed then.
 */
export function dropRow<Row extends object>(
  table: Table<Row>,
  ordinal: number,
  isShared = false,
): void {
  if (rowAt(table, ordinal) === undefined) {
    throw new RangeError(`no row has the ordinal ${String(ordinal)}`);
  }
  if (table.touched !== undefined) {
    table.touched.set(ordinal, null);
    table.count -= 1;
    return;
  }
  table.root = cleared(table.root, { ordinal, shift: topShift(table.depth) }, isShared);
  table.count -= 1;
}

/** Yields the present rows in the order of their ordinals. O(count · log size). */
export function* rowsOf<Row extends object>(table: Table<Row>): Generator<Row> {
  const { touched } = table;
  if (touched !== undefined && touched.size > 0) {
    yield* withTouched(table, touched);
    return;
  }
  for (const leaf of leavesOf<Row>(table.root, table.depth)) {
    for (const row of leaf) if (row !== null) yield row;
  }
}

/** The present rows in the order of their ordinals, in a list of its own. O(count · log size). */
export function presentRows<Row extends object>(table: Table<Row>): readonly Row[] {
  if (table.touched !== undefined && table.touched.size > 0) return [...rowsOf(table)];
  const rows: Row[] = [];
  visitRows(table, rows, (row, list) => list.push(row));
  return rows;
}

/**
 * Calls `visit` with the present rows of a published table, in the order of their ordinals: `rowsOf` without iterators.
 * @param state - given to each call, so that the function need not close over it
 */
export function visitRows<Row extends object, State>(
  { root, depth }: Table<Row>,
  state: State,
  visit: (row: Row, state: State) => void,
): void {
  visitNode(root, depth, state, visit);
}

function visitNode<Row extends object, State>(
  node: TableNode<Row>,
  depth: number,
  state: State,
  visit: (row: Row, state: State) => void,
): void {
  for (const child of node) {
    if (child === null) continue;
    // The lowest level holds rows, every other one nodes.
    if (depth === 1) visit(child as Row, state);
    else visitNode(child as TableNode<Row>, depth - 1, state, visit);
  }
}

/** Yields the rows inside a transaction. Added rows come last, as their ordinals do. */
function* withTouched<Row extends object>(
  { root, depth, size }: Table<Row>,
  touched: Touched<Row>,
): Generator<Row> {
  let next = 0;
  for (const [leaf, first] of leavesFrom<Row>(root, depth, 0)) {
    for (const [cell, row] of leaf.entries()) {
      const known = touched.at(first + cell);
      const present = known === undefined ? row : known;
      if (present !== null) yield present;
    }
    next = first + leaf.length;
  }
  for (let ordinal = next; ordinal < size; ordinal++) {
    const row = touched.at(ordinal);
    if (row !== undefined && row !== null) yield row;
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
    place(table, { ordinal, row }, false);
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

/** Bit operators reduce an ordinal modulo 2^32, which is exact for the cells below bit 30. */
function cellOf(ordinal: number, shift: number): number {
  if (shift < 30) return (ordinal >>> shift) & MASK;
  return Math.floor(ordinal / 2 ** shift) % WIDTH;
}

/** Returns how many rows a tree of this depth has room for; a power is slow, and this is asked for each new row. */
function capacityOf(depth: number): number {
  return depth * BITS < 31 ? 1 << (depth * BITS) : WIDTH ** depth;
}

function depthFor(size: number): number {
  let depth = 1;
  while (WIDTH ** depth < size) depth += 1;
  return depth;
}

function place<Row>(
  table: Table<Row>,
  { ordinal, row }: { readonly ordinal: number; readonly row: Row },
  isShared: boolean,
): void {
  let node = (table.root = writable(table.root, isShared));
  for (let shift = topShift(table.depth); shift > 0; shift -= BITS) {
    const cell = cellOf(ordinal, shift);
    const below = cell < node.length ? node[cell] : null;
    // above the lowest level every cell is a node
    const child = below === null ? [] : writable(below as TableNode<Row>, isShared);
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
function cleared<Row>(
  before: TableNode<Row>,
  { ordinal, shift }: { readonly ordinal: number; readonly shift: number },
  isShared: boolean,
): TableNode<Row> {
  const node = writable(before, isShared);
  const cell = cellOf(ordinal, shift);
  if (shift > 0) {
    const below = node[cell] as TableNode<Row>; // above the lowest level every cell is a node
    const child = cleared(below, { ordinal, shift: shift - BITS }, isShared);
    if (child !== below) node[cell] = child;
    if (child.length > 0) return node;
  }
  if (cell < node.length - 1) {
    node[cell] = null;
    return node;
  }
  // An assignment of the length is a call into the runtime of V8.
  do node.pop();
  while (node.length > 0 && node[node.length - 1] === null);
  return node;
}

function* leavesOf<Row>(node: TableNode<Row>, depth: number): Generator<(Row | null)[]> {
  for (const [leaf] of leavesFrom(node, depth, 0)) yield leaf;
}

/** The nodes of the lowest level, each with the ordinal of its first cell. */
function* leavesFrom<Row>(
  node: TableNode<Row>,
  depth: number,
  first: number,
): Generator<readonly [(Row | null)[], number]> {
  if (depth === 1) {
    yield [node as (Row | null)[], first]; // the lowest level holds rows only
    return;
  }
  const width = WIDTH ** (depth - 1);
  for (const [cell, child] of node.entries()) {
    if (child !== null) {
      yield* leavesFrom(child as TableNode<Row>, depth - 1, first + cell * width);
    }
  }
}
