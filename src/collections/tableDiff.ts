import type { Table, TableNode } from "./table.js";

/** The rows of two tables at one ordinal; undefined where a table has none. */
export interface Differing<Row> {
  readonly left: Row | undefined;
  readonly right: Row | undefined;
}

/**
 * Yields the ordinals at which two tables hold different objects, in order. Shared subtrees are skipped,
 * so the cost depends on the difference: O(changed · log size), or O(size) where nothing is shared.
 */
export function* differingRows<Row extends object>(
  left: Table<Row>,
  right: Table<Row>,
): Generator<Differing<Row>> {
  yield* differing(
    { node: left.root, depth: left.depth },
    { node: right.root, depth: right.depth },
  );
}

interface Part<Row> {
  readonly node: TableNode<Row>;
  readonly depth: number;
}

function* differing<Row extends object>(
  left: Part<Row>,
  right: Part<Row>,
): Generator<Differing<Row>> {
  if (left.node === right.node) return;
  const depth = Math.max(left.depth, right.depth);
  const cells = Math.max(cellsAt(left, depth), cellsAt(right, depth));
  for (let cell = 0; cell < cells; cell++) {
    const [one, other] = [cellAt(left, { depth, cell }), cellAt(right, { depth, cell })];
    if (one === other) continue;
    if (depth > 1) yield* differing(partOf(one, depth - 1), partOf(other, depth - 1));
    else yield { left: rowOf(one), right: rowOf(other) };
  }
}

/** A smaller table is the first cell of what it would be at a greater depth. */
function cellsAt<Row>({ node, depth: own }: Part<Row>, depth: number): number {
  return own < depth ? 1 : node.length;
}

function cellAt<Row>(
  { node, depth: own }: Part<Row>,
  { depth, cell }: { readonly depth: number; readonly cell: number },
): Row | TableNode<Row> | Part<Row> | null {
  if (own < depth) return cell === 0 ? { node, depth: own } : null;
  return node[cell] ?? null;
}

function partOf<Row>(cell: Row | TableNode<Row> | Part<Row> | null, depth: number): Part<Row> {
  if (cell === null) return { node: [], depth };
  // Above the lowest level a cell is a node, or the smaller table that stands for one.
  return Array.isArray(cell) ? { node: cell as TableNode<Row>, depth } : (cell as Part<Row>);
}

function rowOf<Row>(cell: Row | TableNode<Row> | Part<Row> | null): Row | undefined {
  return cell === null ? undefined : (cell as Row); // the lowest level: rows
}
