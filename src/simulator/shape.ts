import { rowAt, rowsOf } from "../collections/table.js";
import type { Place } from "../domain/entities.js";
import { InvalidInputError } from "../domain/errors.js";
import type { InjectedFault } from "../domain/faults.js";
import { copyUntrusted } from "../domain/parseCommand.js";
import { isRecord } from "../domain/plainData.js";
import { rowShapes } from "../engine/rowShape.js";
import type { Topology } from "../topology/state.js";

/** What a shape tells apart. */
export interface ShapeOptions {
  /**
   * Whether the replicas of one source are told apart by the order in which they joined. Without: who is like whom is all
   * that matters. Of equally fresh members of a group the first is promoted, so that order matters where links are cut.
   * Default false.
   */
  readonly ordered?: boolean;
  /** Whether instances that are being deleted count, and faults on them, though nothing comes of them. Default true. */
  readonly deleting?: boolean;
}

/** What leads from one row to another: under which field, and to where in the list of nodes; -1 when it is gone. */
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

/** A kind of rows that have a shape. */
export type RowKind = keyof typeof rowShapes;

type ShapedRow = Place & { readonly id: string };

/** A row, and what of it matters for the future, as text. */
export interface ListedRow {
  readonly kind: RowKind;
  readonly ordinal: number;
  readonly id: string;
  readonly text: string;
}

const shapeOptionNames = new Set(["ordered", "deleting"]);

/** Reads the options of a shape. */
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
 * What of a topology matters for its future, as text: equal for two topologies that differ in ids, names, times, counters
 * and causes alone, or in which of their like rows is which. It is a graph of rows, written out in an order that follows
 * from the rows themselves; two topologies of one text are alike for certain, as all of it is written out.
 * @param marks - what else matters of rows, by their ids
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
 * All rows of a topology, by kind and in the order of creation. Two topologies whose lists have equal texts have the same
 * future under the same draws: unlike in a shape, like rows keep their places.
 */
export function listRows(topology: Topology): readonly ListedRow[] {
  return nodesOf(topology, { ordered: true, deleting: true }).map(
    ({ kind, row: { ordinal, id }, local, edges }) => {
      const references = edges.map(({ label, to }) => `${label}>${String(to)}`);
      return { kind, ordinal, id, text: `${local} ${references.join(" ")}` };
    },
  );
}

/** One node for each row that counts. */
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
        // A fault on what is being deleted, or gone, ends without any effect, and its clocks stand.
        const fault = rowAt(topology.faults, row.ordinal);
        const on = fault?.targetOrdinal ?? fault?.clockOf?.instanceOrdinal ?? null;
        if (on !== null && !byOrdinal.has(on)) continue;
      }
      byId.set(row.id, rows.length);
      if (kind === "instances") byOrdinal.set(row.ordinal, rows.length);
      rows.push({ kind, row });
    }
  }
  // Faults that are looked at in turn are looked at in the order of injection.
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

/** A failure whose repair was drawn, without the duration that came out. */
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

/** What of a value stays, by its declaration; ids in it become edges. */
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

/** A value in which the ids of rows become edges. An id whose row is gone is one as well, where it is known to be an id. */
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

/** The same value, with the names of its fields in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}

/**
 * A place for each node that follows from what the nodes are. Nodes are told apart by what they hold, then by their
 * neighbours, again and again; of those that stay alike the first is told apart by hand, which makes no difference where
 * one can stand for the other, as replicas of one source can.
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
    // Twice the numbers leave room for one before those that it was like.
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

/** The place of each text among the different ones, in order; the last place of those that are alike. */
function numbered(texts: readonly string[]): readonly number[] {
  const places = new Map<string, number>();
  let place = -1;
  for (const text of [...texts].sort(byCodeUnit)) places.set(text, ++place);
  return texts.map((text) => places.get(text) ?? 0);
}

/** The first node of the first color that several have. */
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
