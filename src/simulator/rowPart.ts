import { mix } from "../collections/murmur3.js";
import { WideHash } from "../collections/wideHash.js";
import { isWatched } from "../kernel/derivedIndexes.js";
import type { Place } from "../model/rows.js";
import type { RelevanceWord } from "../model/schema/rowDeclaration.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import { rowShapes } from "../service/rowShape.js";

/** A kind of rows with a shape. */
export type RowKind = keyof typeof rowShapes;

/** The kinds of rows with a shape, in the order in which they are listed. */
export const rowKinds = Object.keys(rowShapes) as readonly RowKind[];

/** A row of any kind with a shape. */
export type ShapedRow = Place & { readonly id: string; readonly accountId: string };

/**
 * What a row contributes to the shape of its world: a hash of what it holds itself, and its references to other rows. It
 * follows from the row alone. The hash is a sum over the fields, so that a later version of the row costs the fields in
 * which it differs.
 */
export interface RowPart {
  /** 128 bits of what the row holds itself. */
  readonly words: readonly [number, number, number, number];
  readonly references: readonly RowReference[];
  /** Whether it is an instance that is being deleted. */
  readonly isDeleting: boolean;
  /** Of a fault: the ordinal of the instance that it acts on, or whose clock it is. */
  readonly targetRow: number | null;
  /** Of a fault: whether faults of its kind are checked in the order in which they were injected. */
  readonly hasTurn: boolean;
}

/** A reference to another row. */
export interface RowReference {
  /** Hash of the field. */
  readonly label: number;
  /** Hash of the field and of the place in a list whose order may count. */
  readonly orderedLabel: number;
  /**
   * What it names: the id of a row; the ordinal of an instance; the id of a row, or a value that stands for itself; the
   * name of a partition, which is that of all instances in it.
   */
  readonly kind: "id" | "place" | "value" | "partition";
  readonly to: string | number;
  /** The kinds of rows that it can name, in the order in which they are searched. */
  readonly among: readonly RowKind[];
  /** The place of the field in the plan of its kind. */
  readonly field: number;
}

/** What happens to a field: see `Relevance`; a field of fields has a plan for each of them. */
type Plan = Exclude<RelevanceWord, "no"> | readonly FieldPlan[];

interface FieldPlan {
  readonly name: string;
  readonly path: string;
  readonly plan: Plan;
  /** Hash of the path. */
  readonly label: number;
}

function planOf(how: object, path: string): readonly FieldPlan[] {
  // The values of a declaration are names of what matters, or declarations themselves.
  return (Object.entries(how) as [string, RelevanceWord | object][]).flatMap(([name, of]) => {
    if (of === "no") return [];
    const own = `${path}.${name}`;
    const plan = typeof of === "string" ? of : planOf(of, own);
    return [{ name, path: own, plan, label: labelOf(own) }];
  });
}

const plans: Readonly<Record<RowKind, readonly FieldPlan[]>> = {
  instances: planOf(rowShapes.instances, "instances"),
  groups: planOf(rowShapes.groups, "groups"),
  schedules: planOf(rowShapes.schedules, "schedules"),
  backups: planOf(rowShapes.backups, "backups"),
  configurations: planOf(rowShapes.configurations, "configurations"),
  faults: planOf(rowShapes.faults, "faults"),
};

/** A version of a row, with its part. */
export interface ReadRow {
  readonly row: ShapedRow;
  readonly part: RowPart;
}

/**
 * Returns what a row contributes to the shape of its world.
 * @param before - an earlier version of the row: only what differs is read
 */
export function rowPart(kind: RowKind, row: ShapedRow, before?: ReadRow): RowPart {
  const known = before?.part;
  const was = known?.words ?? wordsOfKind[kind];
  const words: [number, number, number, number] = [was[0] | 0, was[1] | 0, was[2] | 0, was[3] | 0];
  let reader: Reader | undefined;
  /** One bit for each field that differs; no kind has more than 31. */
  let changed = 0;
  const own = plans[kind];
  // No iterators and no literals for each field: an exploration reads millions of rows.
  for (let field = 0; field < own.length; field++) {
    const plan = own[field] as FieldPlan; // below the length
    if (before !== undefined && isSameField(before.row, row, plan)) continue;
    changed |= 1 << field;
    reader ??= { hash: new WideHash(), references: [], field, listsReferences: true };
    if (
      before !== undefined &&
      readPart(before.row, plan, { reader, field, listsReferences: false })
    ) {
      reader.hash.addTo(words, -1);
    }
    if (readPart(row, plan, { reader, field, listsReferences: true })) reader.hash.addTo(words, 1);
  }
  const references = referencesOf(reader?.references ?? none, known?.references ?? none, changed);
  if (kind !== "faults") {
    const isDeleting = kind === "instances" && (row as unknown as Instance).state === "deleting";
    return { words, references, isDeleting, targetRow: null, hasTurn: false };
  }
  const fault = row as unknown as InjectedFault; // a row of this table
  const targetRow = fault.targetOrdinal ?? fault.clockOf?.instanceOrdinal ?? null;
  const hasTurn = fault.phase === "active" && isWatched(fault);
  return { words, references, isDeleting: false, targetRow, hasTurn };
}

/** What was read of the fields that differ and what was known of the others, in the order of the fields. */
function referencesOf(
  read: readonly RowReference[],
  known: readonly RowReference[],
  changed: number,
): readonly RowReference[] {
  const { length } = known;
  let kept = 0;
  for (let at = 0; at < length; at++) {
    if (isKept(known[at] as RowReference, changed)) kept++; // below the length
  }
  if (read.length === 0 && kept === length) return known;
  // Of this length from the start: a list that is pushed to has room for more.
  const references = new Array<RowReference>(read.length + kept);
  let next = 0;
  let from = 0;
  for (let at = 0; at < length; at++) {
    const reference = known[at] as RowReference; // below the length
    if (!isKept(reference, changed)) continue;
    while ((read[from]?.field ?? Number.POSITIVE_INFINITY) < reference.field) {
      references[next++] = read[from++] as RowReference; // below the length
    }
    references[next++] = reference;
  }
  while (from < read.length) references[next++] = read[from++] as RowReference;
  return references;
}

function isKept({ field }: RowReference, changed: number): boolean {
  return (changed & (1 << field)) === 0;
}

const wordsOfKind: Readonly<Record<RowKind, RowPart["words"]>> = {
  instances: new WideHash().text("instances").words(),
  groups: new WideHash().text("groups").words(),
  schedules: new WideHash().text("schedules").words(),
  backups: new WideHash().text("backups").words(),
  configurations: new WideHash().text("configurations").words(),
  faults: new WideHash().text("faults").words(),
};

/** Whether what two versions of a row contribute by a field is the same. */
function isSameField(one: ShapedRow, other: ShapedRow, { name, path, plan }: FieldPlan): boolean {
  const a = one as unknown as Fields; // a row of any kind
  const b = other as unknown as Fields;
  if (path !== faultPath) return isSame(a[name], b[name], plan);
  // How much of it counts depends on these.
  return (
    a[name] === b[name] &&
    a["phase"] === b["phase"] &&
    (a["clock"] === null) === (b["clock"] === null)
  );
}

/** Whether what counts of two values is the same. Where it cannot be seen quickly, they are taken to differ. */
function isSame(one: unknown, other: unknown, plan: Plan): boolean {
  // Parts of rows are values, and compared by identity first.
  if (one === other) return true;
  const isUnset = one === null || one === undefined;
  if (isUnset || other === null || other === undefined) return isUnset && other == null;
  if (plan === "null") return true;
  if (typeof plan === "string") return false;
  const { length } = plan;
  for (let at = 0; at < length; at++) {
    const { name, plan: own } = plan[at] as FieldPlan; // below the length
    if (!isSame((one as Fields)[name], (other as Fields)[name], own)) return false;
  }
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

const faultPath = "faults.fault";

const none: readonly RowReference[] = [];

/** Reads a field of a row; false where it is not set and contributes nothing. */
function readPart(
  row: ShapedRow,
  plan: FieldPlan,
  {
    reader,
    field,
    listsReferences,
  }: { readonly reader: Reader } & Pick<Reader, "field" | "listsReferences">,
): boolean {
  const value = (row as unknown as Fields)[plan.name]; // a row of any kind
  if (value === null || value === undefined) return false;
  reader.hash.clear().word(plan.label);
  reader.field = field;
  reader.listsReferences = listsReferences;
  if (plan.path === faultPath) readFault(row as unknown as InjectedFault, reader);
  else readField(value, plan, reader);
  return true;
}

/** Reads a fault as it was injected: without a drawn duration, and with the partition that it makes under any name. */
function readFault({ fault, clock, phase, id }: InjectedFault, reader: Reader): void {
  const isDrawn = clock !== null && phase !== "recurring";
  for (const name of namesOf(fault)) {
    if (name === "name" || (isDrawn && name === "durationMs")) continue;
    reader.hash.text(name);
    const about = { name, path: `${faultPath}.${name}` };
    readReferring((fault as unknown as Fields)[name], about, reader);
  }
  if (fault.kind !== "partition" || phase === "recurring") return;
  // The instances in partitions of one name reach each other, whatever it is.
  refer(reader, { label: partitionLabel, kind: "partition", to: fault.name ?? id, name: "name" });
}

const partitionLabel = labelOf("faults.fault.name");

/** Reads the fields of one row, one after the other. */
interface Reader {
  readonly hash: WideHash;
  /** The references of the fields that were read. */
  readonly references: RowReference[];
  field: number;
  /** Whether references are listed, or only hashed. */
  listsReferences: boolean;
}

function refer(
  reader: Reader,
  about: Pick<RowReference, "label" | "kind" | "to"> & {
    readonly name: string;
    readonly at?: number;
  },
): void {
  const { label, kind, to, name, at } = about;
  const { hash, field } = reader;
  hash.word(tags.reference);
  if (!reader.listsReferences) return;
  const orderedLabel = at === undefined ? label : mix(label, at);
  reader.references.push({
    label,
    orderedLabel,
    kind,
    to,
    among: kindsNamed[name] ?? owned,
    field,
  });
}

const owned = rowKinds.filter((kind) => kind !== "faults");

/** What the fields name whose name says it. */
const kindsNamed: Readonly<Record<string, readonly RowKind[]>> = {
  sourceId: ["instances"],
  replicaIds: ["instances"],
  instanceId: ["instances"],
  replicaId: ["instances"],
  hiddenForReplicaId: ["instances"],
  groupId: ["groups"],
  scheduleId: ["schedules"],
  backupId: ["backups"],
  parentId: ["backups"],
  configurationId: ["configurations"],
};

function labelOf(path: string): number {
  return new WideHash().text(path).draw() | 0;
}

/** Reads the fields of a field. */
function readFields(value: object, fields: readonly FieldPlan[], reader: Reader): void {
  for (const plan of fields) readField((value as Fields)[plan.name], plan, reader);
}

/** Reads what matters of a value by its declaration; ids in it become references. */
function readField(value: unknown, { name, path, plan, label }: FieldPlan, reader: Reader): void {
  const { hash } = reader;
  if (value === null || value === undefined) {
    hash.word(tags.nothing);
    return;
  }
  switch (plan) {
    case "value":
      readValue(value, hash);
      return;
    case "null":
      hash.word(tags.something);
      return;
    case "length":
      hash.word(tags.list).word(Array.isArray(value) ? value.length : 1);
      return;
    case "place":
      refer(reader, { label, name, kind: "place", to: value as number }); // declared of ordinals only
      return;
    case "partition":
      refer(reader, { label, name, kind: "partition", to: value as string }); // declared of names only
      return;
    case "reference":
      readReferring(value, { name, path }, reader);
      return;
    case "references": {
      const ids = value as readonly string[]; // declared of lists of ids only
      hash.word(tags.list).word(ids.length);
      for (const [at, to] of ids.entries()) refer(reader, { label, name, kind: "id", to, at });
      return;
    }
    default:
      readFields(value, plan, reader);
  }
}

/** Reads a value that contains ids, or is one. */
function readReferring(
  value: unknown,
  { name, path }: Pick<FieldPlan, "name" | "path">,
  reader: Reader,
): void {
  if (typeof value === "string" && (name.endsWith("Id") || name === "of")) {
    refer(reader, { label: labelOf(path), name, kind: "id", to: value });
  } else if (typeof value === "string" && path.endsWith(".work.target")) {
    refer(reader, { label: labelOf(path), name, kind: "value", to: value });
  } else if (typeof value !== "object" || value === null || Array.isArray(value)) {
    readValue(value, reader.hash);
  } else {
    const names = namesOf(value);
    reader.hash.word(tags.fields).word(names.length);
    for (const field of names) {
      reader.hash.text(field);
      const about = { name: field, path: `${path}.${field}` };
      readReferring((value as Fields)[field], about, reader);
    }
  }
}

/** Marks of what comes next in a hash, so that no two values give the same input. */
const tags = {
  nothing: 1,
  something: 2,
  text: 3,
  integer: 4,
  fraction: 5,
  yes: 6,
  no: 7,
  list: 8,
  fields: 9,
  reference: 10,
} as const;

/** Adds a value of plain data to a hash; the order of fields does not count. */
function readValue(value: unknown, hash: WideHash): void {
  if (typeof value === "string") hash.word(tags.text).text(value);
  else if (typeof value === "number") {
    if (Number.isSafeInteger(value)) hash.word(tags.integer).number(value);
    else hash.word(tags.fraction).text(String(value));
  } else if (typeof value === "boolean") hash.word(value ? tags.yes : tags.no);
  else if (typeof value !== "object" || value === null) hash.word(tags.nothing);
  else if (Array.isArray(value)) {
    hash.word(tags.list).word(value.length);
    for (const item of value) readValue(item, hash);
  } else {
    const names = namesOf(value);
    hash.word(tags.fields).word(names.length);
    for (const name of names) {
      hash.text(name);
      readValue((value as Fields)[name], hash);
    }
  }
}

/** The names of fields in order. They are few, and sorting them in place needs no memory. */
function namesOf(value: object): readonly string[] {
  const names = Object.keys(value);
  for (let at = 1; at < names.length; at++) {
    const name = names[at] as string; // below the length
    let gap = at;
    for (; gap > 0 && (names[gap - 1] as string) > name; gap--) {
      names[gap] = names[gap - 1] as string;
    }
    names[gap] = name;
  }
  return names;
}
