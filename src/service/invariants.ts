import { ordinalOf } from "../collections/idIndex.js";
import { rowsOf } from "../collections/table.js";
import { isStream } from "../kernel/derivedIndexes.js";
import { labelledKinds, labelledRow, labelsOf, placeOfLabel } from "../kernel/labels.js";
import { type LifecycleTables, transitionTables } from "../lifecycle/compile.js";
import { documentedLimits, type Limits } from "../model/limits.js";
import { type OwnedKind, ownedKinds, type Topology, type TopologyData } from "../model/topology.js";
import { backupInvariants } from "./backups/backupInvariants.js";
import { failoverInvariants } from "./failover/failoverInvariants.js";
import {
  brokenFaultIndexes,
  faultIndexInvariant,
  faultInvariants,
} from "./faults/faultInvariants.js";
import { haGroupInvariants } from "./haGroups/haGroupInvariants.js";
import { instanceInvariants } from "./instances/instanceInvariants.js";
import { dataInvariants } from "./replication/dataInvariants.js";
import { replicationInvariants } from "./replication/replicationInvariants.js";
import { scheduleInvariants } from "./schedules/scheduleInvariants.js";
import type { Checked, Invariants } from "./shared/invariant.js";

/** What the invariants are checked against; everything has a default. */
export interface InvariantContext {
  /** Default: the documented ones. */
  readonly limits?: Pick<Limits, "maxReplicasPerSource" | "maxInstancesPerAccount">;
  /** Present time: nothing may be due before it. */
  readonly now?: number;
  /** Default: the library's own machines. */
  readonly lifecycle?: LifecycleTables;
}

/** The names of all invariants, in the order in which they are checked. */
export const invariantNames: readonly string[] = [
  ...Object.keys(replicationInvariants),
  ...Object.keys(instanceInvariants),
  ...Object.keys(dataInvariants),
  ...Object.keys(haGroupInvariants),
  ...Object.keys(failoverInvariants),
  ...Object.keys(backupInvariants),
  ...Object.keys(scheduleInvariants),
  ...Object.keys(faultInvariants),
  faultIndexInvariant,
  "an index lists exactly the rows of its account",
  "an account counts its rows",
  "the logs and links are counted",
  "no two rows have a key in common",
  "a label leads to its row",
];

/**
 * Every statement about the topology that does not hold, as `name: id`. Empty is what it always must be. O(n).
 */
export function brokenInvariants(
  data: TopologyData,
  context: InvariantContext = {},
): readonly string[] {
  // What a simulator gives out is a topology.
  const topology = data as Topology;
  const checked: Checked = {
    topology,
    limits: context.limits ?? documentedLimits,
    now: context.now ?? Number.MAX_SAFE_INTEGER,
    lifecycle: context.lifecycle ?? transitionTables(),
  };
  // Without a present time nothing can be said about the future.
  const toCome: Checked = { ...checked, now: context.now ?? 0 };
  return [
    ...brokenBy(rowsOf(topology.instances), replicationInvariants, checked),
    ...brokenBy(rowsOf(topology.instances), instanceInvariants, checked),
    ...brokenBy(rowsOf(topology.instances), dataInvariants, checked),
    ...brokenBy(rowsOf(topology.groups), haGroupInvariants, checked),
    ...brokenBy(rowsOf(topology.groups), failoverInvariants, checked),
    ...brokenBy(rowsOf(topology.backups), backupInvariants, checked),
    ...brokenBy(rowsOf(topology.schedules), scheduleInvariants, toCome),
    ...brokenBy(rowsOf(topology.faults), faultInvariants, toCome),
    ...brokenFaultIndexes(topology),
    ...brokenIndexes(topology),
    ...brokenCount(topology),
    ...brokenLineage(topology),
  ];
}

function* brokenBy<Row extends { readonly id: string }>(
  rows: Iterable<Row>,
  invariants: Invariants<Row>,
  checked: Checked,
): Generator<string> {
  for (const row of rows) {
    for (const [name, holds] of Object.entries(invariants)) {
      if (!holds(row, checked)) yield `${name}: ${row.id}`;
    }
  }
}

function* brokenCount({ instances, streams }: Topology): Generator<string> {
  const found = [...rowsOf(instances)].filter(isStream).length;
  if (found !== streams) yield `the logs and links are counted: ${String(found)}`;
}

function* brokenIndexes(topology: Topology): Generator<string> {
  const counts = new Map<OwnedKind, number>(ownedKinds.map((kind) => [kind, 0]));
  const created = new Map<OwnedKind, number>(counts);
  let faults = 0;
  for (const account of rowsOf(topology.accounts)) {
    if (ordinalOf(topology.accountIndex, account.id) !== account.ordinal) {
      yield `an index lists exactly the rows of its account: ${account.id}`;
    }
    faults += account.created.faults;
    for (const kind of ownedKinds) {
      counts.set(kind, (counts.get(kind) ?? 0) + account[kind].count);
      created.set(kind, (created.get(kind) ?? 0) + account.created[kind]);
    }
  }
  if (faults !== topology.faults.size) yield "an account counts its rows: faults";
  for (const kind of ownedKinds) {
    if (counts.get(kind) !== topology[kind].count) {
      yield `an index lists exactly the rows of its account: ${kind}`;
    }
    if (created.get(kind) !== topology[kind].size) yield `an account counts its rows: ${kind}`;
  }
}

function* brokenLineage(topology: Topology): Generator<string> {
  const keys = new Set<string>();
  for (const kind of labelledKinds) {
    const rows: Iterable<LineageRow> = rowsOf<LineageRow>(topology[kind]);
    for (const { key, label, id, accountId, ordinal } of rows) {
      if (keys.has(key)) yield `no two rows have a key in common: ${id}`;
      keys.add(key);
      if (label === null) continue;
      const place = placeOfLabel(topology, { accountId, label });
      if (place?.kind !== kind || place.ordinal !== ordinal)
        yield `a label leads to its row: ${id}`;
    }
  }
  for (const account of rowsOf(topology.accounts)) {
    for (const [label, place] of labelsOf(account)) {
      const row = place === null ? undefined : labelledRow(topology, place);
      if (row !== undefined && row.label !== label) yield `a label leads to its row: ${row.id}`;
    }
  }
}

interface LineageRow {
  readonly key: string;
  readonly label: string | null;
  readonly id: string;
  readonly accountId: string;
  readonly ordinal: number;
}
