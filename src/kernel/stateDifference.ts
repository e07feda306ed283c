import { differingRows } from "../collections/tableDiff.js";
import { InvariantViolationError } from "../model/errors.js";
import { ownedKinds, type Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import { stripSequenceNumbers } from "./causalTree.js";

/** A field with different values in two worlds; undefined where a world does not have it. */
export interface FieldDifference {
  readonly left: unknown;
  readonly right: unknown;
}

/** A row that both worlds have, with its differing fields. */
export type ChangedRow = KindDifference<unknown>["changed"][number];

/** Rows of one kind that differ between two worlds, matched by lineage. */
export interface KindDifference<Row> {
  readonly onlyLeft: readonly Row[];
  readonly onlyRight: readonly Row[];
  readonly changed: readonly {
    /** Lineage key of both rows. */
    readonly key: string;
    /** Id in the left world; worlds with other seeds draw other ids. */
    readonly id: string;
    readonly name: string;
    readonly fields: Readonly<Record<string, { readonly left: unknown; readonly right: unknown }>>;
  }[];
}

/** Differences between the states of two worlds. */
export interface StateDifference {
  readonly instances: KindDifference<Instance>;
  readonly groups: KindDifference<HaGroup>;
  readonly schedules: KindDifference<BackupSchedule>;
  readonly backups: KindDifference<Backup>;
  readonly configurations: KindDifference<Configuration>;
}

interface AnyRow {
  readonly key: string;
  readonly id: string;
  readonly name?: string;
}

/**
 * Returns the differences between the current states of two worlds. O(rows that differ) if they share their past, else
 * O(n).
 */
export function stateDifference(left: Topology, right: Topology): StateDifference {
  const found: Record<string, KindDifference<AnyRow>> = {};
  for (const kind of ownedKinds)
    found[kind] = kindDifference(differingRows<AnyRow>(left[kind], right[kind]));
  // Each kind was compared in its own table.
  return found as unknown as StateDifference;
}

function kindDifference(
  cells: Iterable<{ readonly left: AnyRow | undefined; readonly right: AnyRow | undefined }>,
): KindDifference<AnyRow> {
  const [lefts, rights] = [new Map<string, AnyRow>(), new Map<string, AnyRow>()];
  for (const { left, right } of cells) {
    if (left !== undefined) enter(lefts, left);
    if (right !== undefined) enter(rights, right);
  }
  const changed: ChangedRow[] = [];
  for (const [key, left] of lefts) {
    const right = rights.get(key);
    if (right === undefined) continue;
    const { id, name = id } = left;
    const fields = fieldDifferences(left, right);
    if (Object.keys(fields).length > 0) changed.push({ key, id, name, fields });
  }
  return {
    onlyLeft: [...lefts.values()].filter(({ key }) => !rights.has(key)),
    onlyRight: [...rights.values()].filter(({ key }) => !lefts.has(key)),
    changed,
  };
}

function enter(rows: Map<string, AnyRow>, row: AnyRow): void {
  const known = rows.get(row.key);
  if (known !== undefined) {
    throw new InvariantViolationError(`${known.id} and ${row.id} have the same key ${row.key}`);
  }
  rows.set(row.key, row);
}

/** Returns the fields of two records that differ. */
export function fieldDifferences(
  left: object,
  right: object,
): Readonly<Record<string, FieldDifference>> {
  const [lefts, rights] = [plain(left), plain(right)];
  const fields: Record<string, FieldDifference> = {};
  for (const field of new Set([...Object.keys(lefts), ...Object.keys(rights)])) {
    const [one, other] = [lefts[field], rights[field]];
    if (JSON.stringify(one) !== JSON.stringify(other)) fields[field] = { left: one, right: other };
  }
  return fields;
}

function plain(row: object): Readonly<Record<string, unknown>> {
  return JSON.parse(stripSequenceNumbers(row)) as Readonly<Record<string, unknown>>;
}
