import { filterOrSame } from "../collections/filterOrSame.js";
import { visitRows } from "../collections/table.js";
import { WideHash } from "../collections/wideHash.js";
import { InvalidInputError } from "../model/errors.js";
import { assertKnownOptions, type OptionNames } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import type { Topology } from "../model/topology.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import { GraphHash, type Words } from "./graphHash.js";
import {
  type ReadRow,
  type RowKind,
  type RowReference,
  rowKinds,
  rowPart,
  type ShapedRow,
} from "./rowPart.js";

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

const shapeOptionNames: OptionNames<ShapeOptions> = { ordered: true, deleting: true };

/** Parses the options of a shape. */
export function readShapeOptions(options: unknown): Required<ShapeOptions> {
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new InvalidInputError([{ field, value, expected, rule: "shape-options" }]);
  };
  if (!isRecord(options)) return refuse("options", options, "an object");
  const given = copyUntrusted(options);
  assertKnownOptions(given, shapeOptionNames);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "boolean") return refuse(`options.${name}`, value, "true or false");
  }
  return { ordered: given["ordered"] === true, deleting: given["deleting"] !== false };
}

/** A row with what it contributes. */
export interface ShapeNode extends ReadRow {
  readonly kind: RowKind;
}

/** A row with a text of what matters for the future. */
export interface ListedRow {
  readonly kind: RowKind;
  readonly ordinal: number;
  readonly id: string;
  readonly text: string;
  readonly node: ShapeNode;
}

/**
 * Reads shapes: hashes of what of a topology matters for its future, 32 hexadecimal digits. Two topologies have equal
 * shapes if they differ only in ids, names, times, counters and causes, or in which of their equal rows is which; others
 * have different ones, as far as 128 bits differ. One reader serves for many topologies.
 */
export class ShapeReader {
  readonly #options: Required<ShapeOptions>;
  readonly #graph = new GraphHash();

  constructor({ ordered = false, deleting = true }: ShapeOptions) {
    this.#options = { ordered, deleting };
  }

  /**
   * Returns the shape of rows that were read. O(rows).
   * @param marks - additional properties of rows, by id
   */
  shape(
    nodes: readonly ShapeNode[],
    { watchedFaults }: Pick<Topology, "watchedFaults">,
    marks?: ReadonlyMap<string, string>,
  ): string {
    return digitsOf(this.words(nodes, watchedFaults, marks));
  }

  /**
   * Returns the sum of the hashes of the connected parts of some rows. What they refer to must be among them, or gone.
   * @param turns - ordinals of the faults that are checked in turn, in their order
   */
  words(
    nodes: readonly ShapeNode[],
    turns: readonly number[],
    marks?: ReadonlyMap<string, string>,
  ): Words {
    const { ordered, deleting } = this.#options;
    const counted = deleting ? nodes : withoutDeleting(nodes);
    const graph = this.#graph;
    const targets = new Targets(counted);
    let partitions: Map<string, number> | undefined;
    graph.clear();
    for (const { part } of counted) graph.addNode(part.words);
    for (let node = 0; node < counted.length; node++) {
      const { row, part } = counted[node] as ShapeNode; // below the length
      for (const reference of part.references) {
        const label = ordered ? reference.orderedLabel : reference.label;
        let to = targets.of(reference, row);
        if (reference.kind === "partition") {
          partitions ??= new Map();
          const name = `${row.accountId} ${String(reference.to)}`;
          to = partitions.get(name) ?? graph.addNode(partitionWords);
          partitions.set(name, to);
        }
        // A reference to a row that is gone is a property of the row that has it.
        if (to >= 0) graph.addReference(node, label, to);
        else graph.addWords(node, wordsOfGone(label, reference));
      }
      const mark = marks?.get(row.id);
      if (mark !== undefined) graph.addWords(node, new WideHash().text(mark).words());
    }
    if (turns.length > 1 && counted.some(({ part }) => part.hasTurn)) {
      addTurns(counted, turns, graph);
    }
    return graph.sum();
  }
}

/** Writes a shape as 32 hexadecimal digits. */
export function digitsOf([a, b, c, d]: Words): string {
  return new WideHash().word(a).word(b).word(c).word(d).digits();
}

/**
 * Returns all rows of a topology, by kind and in the order of creation. Two topologies whose lists have equal texts
 * have the same future under the same draws: unlike in a shape, equal rows keep their places.
 * @param before - the rows of another version of the world
 */
export function listRows(
  topology: Topology,
  before?: readonly Pick<ListedRow, "node">[],
): readonly ListedRow[] {
  const nodes = readRows(
    topology,
    before?.map(({ node }) => node),
  );
  const targets = new Targets(nodes);
  const turns = new Map(topology.watchedFaults.map((ordinal, turn) => [ordinal, turn] as const));
  return nodes.map((node) => {
    const { kind, row, part } = node;
    const { ordinal, id } = row;
    const references = part.references.map((reference) => {
      const to = targets.of(reference, row);
      const isOwn = to < 0 && reference.kind !== "id";
      return `${String(reference.orderedLabel)}>${String(isOwn ? reference.to : to)}`;
    });
    const turn = part.hasTurn ? String(turns.get(ordinal)) : "";
    const text = `${part.words.join(" ")} ${turn} ${references.join(" ")}`;
    return { kind, ordinal, id, text, node };
  });
}

/**
 * Reads all rows of a topology. O(rows), and O(fields that differ) for each row that is not the same.
 * @param before - the rows of another version of the world
 */
export function readRows(
  topology: Topology,
  before: readonly ShapeNode[] = [],
): readonly ShapeNode[] {
  let size = 0;
  for (const kind of rowKinds) size += topology[kind].count;
  const reading: Reading = {
    before,
    earlier: 0,
    nodes: new Array<ShapeNode>(size),
    size: 0,
    kind: "faults",
  };
  for (const kind of rowKinds) {
    reading.kind = kind;
    if (topology[kind].count > 0) visitRows<ShapedRow, Reading>(topology[kind], reading, readRow);
    while (before[reading.earlier]?.kind === kind) reading.earlier++;
  }
  return reading.nodes;
}

/** The rows of a topology that were read so far. One object: what a callback closes over is allocated for each kind. */
interface Reading {
  readonly before: readonly ShapeNode[];
  /** Place of the first of the earlier rows that was not reached. */
  earlier: number;
  readonly nodes: ShapeNode[];
  size: number;
  kind: RowKind;
}

function readRow(row: ShapedRow, reading: Reading): void {
  const { before, kind, nodes } = reading;
  let known = before[reading.earlier];
  while (known?.kind === kind && known.row.ordinal < row.ordinal) {
    known = before[++reading.earlier];
  }
  const isKnown = known?.kind === kind && known.row.ordinal === row.ordinal;
  nodes[reading.size++] =
    known !== undefined && isKnown && known.row === row
      ? known
      : { kind, row, part: rowPart(kind, row, isKnown ? known : undefined) };
}

/**
 * What is left when instances are left out that are being deleted: a fault on one ends without effect. The list itself
 * where nothing is left out.
 */
function withoutDeleting(nodes: readonly ShapeNode[]): readonly ShapeNode[] {
  const instances = instancesIn(nodes);
  return filterOrSame(nodes, ({ part }) => {
    if (part.isDeleting) return false;
    if (part.targetRow === null) return true;
    return nodes[instanceAt(nodes, instances, part.targetRow)]?.part.isDeleting === false;
  });
}

/** How many of some nodes are instances: the first ones, in the order of their ordinals. */
function instancesIn(nodes: readonly ShapeNode[]): number {
  let instances = 0;
  while (nodes[instances]?.kind === "instances") instances++;
  return instances;
}

/** The place of an instance among the first nodes, or -1 where it is gone. O(log n). */
function instanceAt(nodes: readonly ShapeNode[], instances: number, ordinal: number): number {
  let low = 0;
  let high = instances;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.row.ordinal ?? 0) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low < instances && nodes[low]?.row.ordinal === ordinal ? low : -1;
}

/** Where the rows are that references lead to. */
class Targets {
  readonly #nodes: readonly ShapeNode[];
  readonly #byId = new Map<string, number>();
  /** The others of one id: of another kind, or of another account. */
  #alike: Map<string, number[]> | undefined;
  readonly #instances: number;

  constructor(nodes: readonly ShapeNode[]) {
    this.#nodes = nodes;
    this.#instances = instancesIn(nodes);
    for (let node = 0; node < nodes.length; node++) {
      const { kind, row } = nodes[node] as ShapeNode; // below the length
      // Nothing refers to a fault.
      if (kind === "faults") continue;
      if (!this.#byId.has(row.id)) this.#byId.set(row.id, node);
      else {
        this.#alike ??= new Map();
        this.#alike.set(row.id, [...(this.#alike.get(row.id) ?? []), node]);
      }
    }
  }

  /** The place of the row, or -1 where it is gone, or none was meant. */
  of({ kind, to, among }: RowReference, { accountId }: ShapedRow): number {
    if (typeof to === "number") return instanceAt(this.#nodes, this.#instances, to);
    if (kind === "partition") return -1;
    const first = this.#byId.get(to);
    if (first === undefined || this.#isMeant(first, among, accountId)) return first ?? -1;
    return this.#alike?.get(to)?.find((node) => this.#isMeant(node, among, accountId)) ?? -1;
  }

  #isMeant(node: number, among: readonly RowKind[], accountId: string): boolean {
    const found = this.#nodes[node];
    return found?.row.accountId === accountId && among.includes(found.kind);
  }
}

/** What a reference to a row that is gone contributes, or a value that is the id of no row. */
function wordsOfGone(label: number, { kind, to }: RowReference): Words {
  const hash = new WideHash().word(label);
  return (kind === "value" ? hash.text(String(to)) : hash).words();
}

/** What a partition is, apart from who is in it. */
const partitionWords = new WideHash().text("partition").words();

const turnLabel = new WideHash().text("turn").draw() | 0;

/** Each fault that is checked in turn refers to the one before it. */
function addTurns(nodes: readonly ShapeNode[], turns: readonly number[], graph: GraphHash): void {
  const places = new Map<number, number>();
  for (const [node, { row, part }] of nodes.entries()) {
    if (part.hasTurn) places.set(row.ordinal, node);
  }
  let before: number | undefined;
  for (const ordinal of turns) {
    const node = places.get(ordinal);
    if (node === undefined) continue;
    if (before !== undefined) graph.addReference(node, turnLabel, before);
    before = node;
  }
}
