import { rowAt, rowsOf } from "../collections/table.js";
import { InvalidInputError } from "../model/errors.js";
import type { Place } from "../model/rows.js";
import { isRecord } from "../model/schema/plainData.js";
import type { Topology } from "../model/topology.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import { rowShapes } from "../service/rowShape.js";

/** Options of a shape. */
export interface ShapeOptions {
  /**
   * Whether the order in which the replicas of a source joined counts. Without it, equal replicas are interchangeable.
   * Of equally current members of a group the first is promoted, so that the order matters where links are cut. Default
   * false.
   */
  readonly ordered?: boolean;
  /** Whether instances that are being deleted count, and faults on them, although they have no effect. Default true. */
  readonly deleting?: boolean;
}

/** A reference between rows: the field, and the index of the target in the list of nodes; -1 if it is gone. */
interface Edge {
  readonly label: string;
  readonly to: number;
}

interface Node {
  readonly kind: RowKind;
  readonly row: ShapedRow;
  readonly local: string;
  readonly edges: readonly Edge[];
}

/** A kind of rows with a shape. */
export type RowKind = keyof typeof rowShapes;

type ShapedRow = Place & { readonly id: string };

/** A row with a text of what matters for the future. */
export interface ListedRow {
  readonly kind: RowKind;
  readonly ordinal: number;
  readonly id: string;
  readonly text: string;
}

const shapeOptionNames = new Set(["ordered", "deleting"]);

/** Parses the options of a shape. */
export function readShapeOptions(options: unknown): ShapeOptions {
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new InvalidInputError([{ field, value, expected, rule: "shape-options" }]);
  };
  if (!isRecord(options)) return refuse("options", options, "an object");
  const given = copyUntrusted(options);
  for (const [name, value] of Object.entries(given)) {
    if (!shapeOptionNames.has(name)) return refuse(`options.${name}`, value, "ordered or deleting");
    if (typeof value !== "boolean") return refuse(`options.${name}`, value, "true or false");
  }
  return given;
}

/**
 * Returns as text what of a topology matters for its future. Two topologies have equal texts if they differ only in
 * ids, names, times, counters and causes, or in which of their equal rows is which. The text is the graph of rows in an
 * order that follows from the rows themselves; equal texts mean equal topologies, because everything is written out.
 * @param marks - additional properties of rows, by id
 */
export function shapeOf(
  topology: Topology,
  { ordered = false, deleting = true }: ShapeOptions,
  marks: ReadonlyMap<string, string> = new Map(),
): string {
  const nodes = nodesOf(topology, { ordered, deleting }).map((node) => {
    const mark = marks.get(node.row.id);
    return mark === undefined ? node : { ...node, local: `${node.local} ${mark}` };
  });
  const colors = ordering(nodes);
  const places = new Map(colors.map((color, node) => [color, node] as const));
  const lines: string[] = [];
  for (let color = 0; color < nodes.length; color++) {
    const node = nodes[places.get(color) ?? -1];
    if (node === undefined) continue;
    const edges = node.edges.map(
      ({ label, to }) => `${label}>${to < 0 ? "gone" : String(colors[to])}`,
    );
    lines.push(`${node.local} ${edges.sort(byCodeUnit).join(" ")}`);
  }
  return lines.join("\n");
}

/**
 * Returns all rows of a topology, by kind and in the order of creation. Two topologies whose lists have equal texts
 * have the same future under the same draws: unlike in a shape, equal rows keep their places.
 */
export function listRows(topology: Topology): readonly ListedRow[] {
  return nodesOf(topology, { ordered: true, deleting: true }).map(
    ({ kind, row: { ordinal, id }, local, edges }) => {
      const references = edges.map(({ label, to }) => `${label}>${String(to)}`);
      return { kind, ordinal, id, text: `${local} ${references.join(" ")}` };
    },
  );
}

/** Returns one node for each row that counts. */
function nodesOf(topology: Topology, options: Required<ShapeOptions>): readonly Node[] {
  const rows: Pick<Node, "kind" | "row">[] = [];
  const byId = new Map<string, number>();
  const byOrdinal = new Map<number, number>();
  for (const kind of Object.keys(rowShapes) as RowKind[]) {
    for (const row of rowsOf<ShapedRow>(topology[kind])) {
      if (kind === "instances" && !options.deleting) {
        if (rowAt(topology.instances, row.ordinal)?.state === "deleting") continue;
      }
      if (kind === "faults" && !options.deleting) {
        // A fault on a removed row, or one that is being deleted, ends without effect, and its clocks are paused.
        const fault = rowAt(topology.faults, row.ordinal);
        const on = fault?.targetOrdinal ?? fault?.clockOf?.instanceOrdinal ?? null;
        if (on !== null && !byOrdinal.has(on)) continue;
      }
      byId.set(row.id, rows.length);
      if (kind === "instances") byOrdinal.set(row.ordinal, rows.length);
      rows.push({ kind, row });
    }
  }
  // Faults that are checked in turn are checked in the order of injection.
  const turns = new Map(topology.watchedFaults.map((ordinal, turn) => [ordinal, turn] as const));
  return rows.map(({ kind, row }) => {
    const edges: Edge[] = [];
    const reader = { byId, byOrdinal, edges, ordered: options.ordered };
    const read = kind === "faults" ? withoutDraw(row as unknown as InjectedFault) : row;
    const local = projected(read, rowShapes[kind], kind, reader);
    const turn = kind === "faults" ? turns.get(row.ordinal) : undefined;
    return { kind, row, local: JSON.stringify(turn === undefined ? local : [local, turn]), edges };
  });
}

/** Returns a failure with a drawn repair, without the drawn duration. */
function withoutDraw(row: InjectedFault): InjectedFault {
  const { fault, clock } = row;
  if (clock === null || row.phase === "recurring" || !("durationMs" in fault)) return row;
  const { durationMs: _, ...given } = fault;
  return { ...row, fault: given };
}

interface Reader {
  readonly byId: ReadonlyMap<string, number>;
  readonly byOrdinal: ReadonlyMap<number, number>;
  readonly edges: Edge[];
  readonly ordered: boolean;
}

/** Returns what of a value matters, by its declaration; ids in it become edges. */
function projected(value: unknown, how: unknown, path: string, reader: Reader): unknown {
  if (value === null || value === undefined) return null;
  switch (how) {
    case "value":
      return sorted(value);
    case "null":
      return 1;
    case "length":
      return Array.isArray(value) ? value.length : 1;
    case "place":
      reader.edges.push({ label: path, to: reader.byOrdinal.get(value as number) ?? -1 });
      return 1;
    case "reference":
      return referring(value, path, reader);
    case "references":
      if (!Array.isArray(value)) return referring(value, path, reader);
      for (const [at, id] of value.entries()) {
        const label = reader.ordered ? `${path}.${String(at)}` : path;
        referring(id, label, reader, true);
      }
      return value.length;
    default: {
      const fields: unknown[] = [];
      for (const [name, of] of Object.entries(how as Readonly<Record<string, unknown>>)) {
        if (of === "no") continue;
        const field = (value as Readonly<Record<string, unknown>>)[name];
        fields.push(projected(field, of, `${path}.${name}`, reader));
      }
      return fields;
    }
  }
}

/**
 * Returns a value in which the ids of rows become edges. An id whose row is gone becomes one as well, if it is known to
 * be an id.
 */
function referring(value: unknown, path: string, reader: Reader, isId = false): unknown {
  if (typeof value === "string") {
    const to = reader.byId.get(value);
    if (to === undefined && !isId && !path.endsWith("Id")) return value;
    reader.edges.push({ label: path, to: to ?? -1 });
    return ">";
  }
  if (Array.isArray(value)) {
    return value.map((item, at) => referring(item, `${path}.${String(at)}`, reader));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, referring(field, `${path}.${name}`, reader)]);
  }
  return value;
}

/** Returns the same value with its fields in sorted order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}

/**
 * Returns an order of the nodes that follows from their content. Nodes are distinguished by their content, then
 * repeatedly by their neighbours. Of those that stay equal the first is separated, which makes no difference if they
 * are interchangeable, as replicas of one source are.
 */
function ordering(nodes: readonly Node[]): readonly number[] {
  const incoming: { label: string; from: number }[][] = nodes.map(() => []);
  for (const [from, { edges }] of nodes.entries()) {
    for (const { label, to } of edges) incoming[to]?.push({ label, from });
  }
  let colors = numbered(nodes.map(({ local }) => local));
  for (;;) {
    colors = refined(nodes, incoming, colors);
    const tied = firstTied(colors);
    if (tied === undefined) return colors;
    // Doubled numbers leave room for one before those that it was equal to.
    colors = colors.map((color, node) => 2 * color + (node === tied ? 0 : 1));
  }
}

function refined(
  nodes: readonly Node[],
  incoming: readonly (readonly { readonly label: string; readonly from: number }[])[],
  start: readonly number[],
): readonly number[] {
  let colors = numbered(start.map((color) => String(color).padStart(8, "0")));
  let count = new Set(colors).size;
  for (;;) {
    const signatures = nodes.map(({ edges }, node) => {
      const out = edges.map(({ label, to }) => `${label}>${to < 0 ? "-" : String(colors[to])}`);
      const into = (incoming[node] ?? []).map(
        ({ label, from }) => `${label}<${String(colors[from])}`,
      );
      const own = String(colors[node]).padStart(8, "0");
      return [own, ...out.sort(byCodeUnit), "|", ...into.sort(byCodeUnit)].join(" ");
    });
    const next = numbered(signatures);
    const nextCount = new Set(next).size;
    if (nextCount === count) return next;
    [colors, count] = [next, nextCount];
  }
}

/** Returns the rank of each text among the different ones; equal texts get the last rank. */
function numbered(texts: readonly string[]): readonly number[] {
  const places = new Map<string, number>();
  let place = -1;
  for (const text of [...texts].sort(byCodeUnit)) places.set(text, ++place);
  return texts.map((text) => places.get(text) ?? 0);
}

/** Returns the first node of the first color that several nodes have. */
function firstTied(colors: readonly number[]): number | undefined {
  const seen = new Map<number, number>();
  let best: number | undefined;
  for (const [node, color] of colors.entries()) {
    const first = seen.get(color);
    if (first === undefined) seen.set(color, node);
    else if (best === undefined || color < (colors[best] ?? 0)) best = first;
  }
  return best;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
