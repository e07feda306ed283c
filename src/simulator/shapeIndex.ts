import {
  dropId,
  emptyIdIndex,
  type IdIndex,
  ordinalOf,
  putId,
  scanIds,
} from "../collections/idIndex.js";
import {
  appendRow,
  dropRow,
  emptyTable,
  replaceShared,
  rowAt,
  rowsOf,
  type Table,
} from "../collections/table.js";
import { accountOf } from "../kernel/queries.js";
import type { Topology } from "../model/topology.js";
import type { Words } from "./graphHash.js";
import { type RowKind, type RowReference, rowKinds, rowPart, type ShapedRow } from "./rowPart.js";
import { digitsOf, type ShapeNode, type ShapeOptions, ShapeReader } from "./shape.js";

/** Rows that are connected by references, whether they count or not, and the hash of those that count. */
interface Cluster {
  readonly members: readonly number[];
  readonly words: Words;
}

/** A row with its cluster, and the names under which others are found that it has to do with. */
interface Entry extends ShapeNode {
  readonly cluster: Cluster;
  readonly names: readonly string[];
}

/**
 * The shape of a world, kept from one time that it is asked for to the next: O(rows that have changed since, and those that
 * are connected with them). Forks share what they have in common, as versions of a topology do.
 */
class ShapeIndex {
  readonly #options: Required<ShapeOptions>;
  readonly #reader: ShapeReader;
  readonly #entries: Readonly<Record<RowKind, Table<Entry>>>;
  /** Who has a name: of a partition, or of a row that is gone or not there yet. */
  readonly #names: IdIndex;
  #sum: Words;
  #turns: readonly number[];
  /** Rows that have changed. */
  readonly #changed: Set<number>;

  constructor(options: Required<ShapeOptions>, from?: ShapeIndex) {
    this.#options = options;
    this.#reader = new ShapeReader(options);
    const entriesOf = (kind: RowKind): Table<Entry> => {
      if (from === undefined) return emptyTable();
      const { depth, size, count, root } = from.#entries[kind];
      return { depth, size, count, root };
    };
    this.#entries = {
      instances: entriesOf("instances"),
      groups: entriesOf("groups"),
      schedules: entriesOf("schedules"),
      backups: entriesOf("backups"),
      configurations: entriesOf("configurations"),
      faults: entriesOf("faults"),
    };
    this.#names =
      from === undefined ? emptyIdIndex() : { count: from.#names.count, root: from.#names.root };
    this.#sum = from === undefined ? [0, 0, 0, 0] : from.#sum;
    this.#turns = from === undefined ? [] : from.#turns;
    this.#changed = new Set(from === undefined ? [] : from.#changed);
  }

  /** The shape of a topology that was never read. O(n). */
  static of(options: Required<ShapeOptions>, topology: Topology): ShapeIndex {
    const index = new ShapeIndex(options);
    for (const kind of rowKinds) {
      for (const { ordinal } of rowsOf<ShapedRow>(topology[kind])) {
        index.#changed.add(codeOf(kind, ordinal));
      }
    }
    return index;
  }

  /** Whether it is the shape by these options. */
  isOf({ ordered, deleting }: Required<ShapeOptions>): boolean {
    return this.#options.ordered === ordered && this.#options.deleting === deleting;
  }

  /** The same for a fork of the world. O(rows that have changed since it was read). */
  fork(): ShapeIndex {
    return new ShapeIndex(this.#options, this);
  }

  /** Notes the rows that a transaction has touched. */
  note(touched: Topology): void {
    for (const kind of rowKinds) {
      const rows = touched[kind].touched;
      if (rows === undefined) continue;
      for (let at = 0; at < rows.size; at++) this.#changed.add(codeOf(kind, rows.ordinalAt(at)));
    }
  }

  /** The shape of the world, which is that of the topology now. */
  read(topology: Topology): string {
    if (this.#changed.size > 0 || this.#turns !== topology.watchedFaults) this.#update(topology);
    return digitsOf(this.#sum);
  }

  #update(topology: Topology): void {
    const update = new Update(topology, this.#entries, this.#names);
    for (const code of this.#changed) update.addChanged(code);
    this.#changed.clear();
    const { watchedFaults } = topology;
    if (watchedFaults !== this.#turns) {
      for (const ordinal of [...this.#turns, ...watchedFaults]) {
        update.addClusterOf(codeOf("faults", ordinal));
      }
      this.#turns = watchedFaults;
    }
    update.close();
    const sum: [number, number, number, number] = [...this.#sum];
    for (const { words } of update.clusters) add(sum, words, -1);
    for (const part of update.parts(watchedFaults)) {
      const members = part.toSorted((a, b) => (a % kinds) - (b % kinds) || a - b);
      const nodes = members.map((code) => update.nodeAt(code));
      const words = this.#reader.words(nodes, watchedFaults);
      add(sum, words, 1);
      update.place({ members, words }, nodes);
    }
    this.#sum = sum;
  }
}

/** The shapes of one world that were asked for: one for each combination of options. */
export class WorldShapes {
  readonly #shapes: ShapeIndex[];

  constructor(shapes: readonly ShapeIndex[] = []) {
    this.#shapes = [...shapes];
  }

  /** The shape of the world, which is that of the topology now. */
  read(options: Required<ShapeOptions>, topology: Topology): string {
    let found = this.#shapes.find((shape) => shape.isOf(options));
    if (found === undefined) this.#shapes.push((found = ShapeIndex.of(options, topology)));
    return found.read(topology);
  }

  /** Notes the rows that a transaction has touched. */
  note(touched: Topology): void {
    for (const shape of this.#shapes) shape.note(touched);
  }

  /** The same for a fork of the world. */
  fork(): WorldShapes {
    return new WorldShapes(this.#shapes.map((shape) => shape.fork()));
  }
}

/** The rows of the clusters in which something has changed. */
class Update {
  readonly clusters = new Set<Cluster>();
  readonly #topology: Topology;
  readonly #entries: Readonly<Record<RowKind, Table<Entry>>>;
  readonly #names: IdIndex;
  readonly #nodes = new Map<number, ShapeNode>();
  /** Rows that are gone, or that have changed: their entries are not those of the world. */
  readonly #stale = new Map<number, Entry | undefined>();

  constructor(
    topology: Topology,
    entries: Readonly<Record<RowKind, Table<Entry>>>,
    names: IdIndex,
  ) {
    this.#topology = topology;
    this.#entries = entries;
    this.#names = names;
  }

  /** Adds a row that has changed, and everything that it was connected with. */
  addChanged(code: number): void {
    const { kind, ordinal } = placeOf(code);
    const entry = rowAt(this.#entries[kind], ordinal);
    this.#stale.set(code, entry);
    const row = rowAt<ShapedRow>(this.#topology[kind], ordinal);
    if (row === undefined) this.#nodes.delete(code);
    else this.#nodes.set(code, { kind, row, part: rowPart(kind, row, entry) });
    if (entry !== undefined) this.#addCluster(entry.cluster);
  }

  /** Adds what a row is connected with, if it was there. */
  addClusterOf(code: number): void {
    const { kind, ordinal } = placeOf(code);
    const entry = rowAt(this.#entries[kind], ordinal);
    if (entry !== undefined) this.#addCluster(entry.cluster);
  }

  /** Adds what the rows that have changed refer to now, and what refers to rows that are new. */
  close(): void {
    for (const [code, entry] of this.#stale) {
      const node = this.#nodes.get(code);
      if (node === undefined) continue;
      const { targets, names } = this.#linksOf(node);
      for (const target of targets) this.addClusterOf(target);
      for (const name of names) this.#addAllOf(name);
      if (entry === undefined) this.#addAllOf(nameOf("row", node.row, node.row.id));
    }
  }

  /** Forgets what was known of the rows; returns them as they are connected now. */
  parts(turns: readonly number[]): readonly (readonly number[])[] {
    this.#forget();
    const roots = new Map<number, number>();
    for (const code of this.#nodes.keys()) roots.set(code, code);
    const byName = new Map<string, number>();
    let before: number | undefined;
    for (const ordinal of turns) {
      const code = codeOf("faults", ordinal);
      if (this.#nodes.get(code)?.part.hasTurn !== true) continue;
      if (before !== undefined) join(roots, code, before);
      before = code;
    }
    for (const [code, node] of this.#nodes) {
      const { targets, names } = this.#linksOf(node);
      for (const target of targets) join(roots, code, target);
      for (const name of names) {
        const other = byName.get(name);
        if (other === undefined) byName.set(name, code);
        else join(roots, code, other);
      }
    }
    const parts = new Map<number, number[]>();
    for (const code of this.#nodes.keys()) {
      const root = rootOf(roots, code);
      const part = parts.get(root);
      if (part === undefined) parts.set(root, [code]);
      else part.push(code);
    }
    return [...parts.values()];
  }

  nodeAt(code: number): ShapeNode {
    const node = this.#nodes.get(code);
    if (node === undefined) throw new RangeError(`no row has the code ${String(code)}`);
    return node;
  }

  /** Keeps rows with their cluster. */
  place(cluster: Cluster, nodes: readonly ShapeNode[]): void {
    for (const { kind, row, part } of nodes) {
      const { ordinal } = row;
      const { names } = this.#linksOf({ kind, row, part });
      const entry: Entry = { kind, row, part, cluster, names };
      const table = this.#entries[kind];
      if (ordinal < table.size) replaceShared(table, ordinal, entry);
      else {
        // Rows that came and went between two readings have used up their ordinals.
        while (table.size < ordinal) dropRow(table, appendRow(table, entry, true), true);
        appendRow(table, entry, true);
      }
      const code = codeOf(kind, ordinal);
      for (const name of names) putId(this.#names, `${name}${String(code)}`, code, true);
    }
  }

  #forget(): void {
    for (const { members } of this.clusters) {
      for (const code of members) {
        const { kind, ordinal } = placeOf(code);
        const entry = rowAt(this.#entries[kind], ordinal);
        for (const name of entry?.names ?? []) dropId(this.#names, `${name}${String(code)}`, true);
        if (!this.#nodes.has(code)) dropRow(this.#entries[kind], ordinal, true);
      }
    }
  }

  /** Adds the clusters of all rows that have a name. */
  #addAllOf(name: string): void {
    scanIds(this.#names, name, (code, id) => {
      if (!id.startsWith(name)) return false;
      this.addClusterOf(code);
      return true;
    });
  }

  /** Where the references of a row lead, and what those are called that lead to no row. */
  #linksOf({ row, part }: ShapeNode): {
    readonly targets: readonly number[];
    readonly names: readonly string[];
  } {
    const targets: number[] = [];
    const names = new Set<string>();
    for (const reference of part.references) {
      const target = this.#targetOf(reference, row);
      if (target !== undefined) targets.push(target);
      else if (reference.kind !== "place") {
        const what = reference.kind === "partition" ? "partition" : "row";
        names.add(nameOf(what, row, String(reference.to)));
      }
    }
    return { targets, names: [...names] };
  }

  #targetOf({ kind, to, among }: RowReference, { accountId }: ShapedRow): number | undefined {
    if (typeof to === "number") {
      const isThere = rowAt(this.#topology.instances, to) !== undefined;
      return isThere ? codeOf("instances", to) : undefined;
    }
    const account = accountOf(this.#topology, accountId);
    if (kind === "partition" || account === undefined) return undefined;
    for (const owned of among) {
      if (owned === "faults") continue;
      const ordinal = ordinalOf(account[owned], to);
      if (ordinal !== undefined) return codeOf(owned, ordinal);
    }
    return undefined;
  }

  #addCluster(cluster: Cluster): void {
    if (this.clusters.has(cluster)) return;
    this.clusters.add(cluster);
    for (const code of cluster.members) {
      if (this.#stale.has(code)) continue;
      const { kind, ordinal } = placeOf(code);
      const entry = rowAt(this.#entries[kind], ordinal);
      if (entry !== undefined) this.#nodes.set(code, entry);
    }
  }
}

/** What a row is found under that others name, or a partition: no name begins with another one. */
function nameOf(what: "row" | "partition", { accountId }: ShapedRow, id: string): string {
  return `${what} ${String(accountId.length)} ${accountId} ${String(id.length)} ${id} `;
}

function join(roots: Map<number, number>, one: number, other: number): void {
  const [a, b] = [rootOf(roots, one), rootOf(roots, other)];
  if (a !== b) roots.set(a, b);
}

function rootOf(roots: Map<number, number>, code: number): number {
  let root = code;
  for (let next = roots.get(root); next !== undefined && next !== root; next = roots.get(root)) {
    root = next;
  }
  roots.set(code, root);
  return root;
}

function codeOf(kind: RowKind, ordinal: number): number {
  return ordinal * kinds + rowKinds.indexOf(kind);
}

function placeOf(code: number): { readonly kind: RowKind; readonly ordinal: number } {
  const at = code % kinds;
  return { kind: rowKinds[at] ?? "instances", ordinal: (code - at) / kinds };
}

/** Kinds of rows, and room for two more: a power of two. */
const kinds = 8;

function add(sum: [number, number, number, number], words: Words, sign: 1 | -1): void {
  for (let word = 0; word < 4; word++)
    sum[word] = ((sum[word] ?? 0) + sign * (words[word] ?? 0)) | 0;
}
