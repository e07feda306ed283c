import { ordinalOf } from "../collections/idIndex.js";
import { rowsOf } from "../collections/table.js";
import type { Backup, BackupSchedule, HaGroup, Instance } from "../domain/entities.js";
import { documentedLimits, type Limits } from "../domain/limits.js";
import { type LifecycleTables, transitionTables } from "../lifecycle/compile.js";
import { isFormed, mayLackSource } from "../lifecycle/groupStates.js";
import { isDown } from "../lifecycle/instanceStates.js";
import { dataInvariants } from "./dataInvariants.js";
import { isStream } from "./derivedIndexes.js";
import { brokenFaultIndexes, faultIndexInvariant, faultInvariants } from "./faultInvariants.js";
import { faultOnPart } from "./faults.js";
import { labelledKinds, labelledRow, labelsOf, placeOfLabel } from "./labels.js";
import { isLostToMonitor } from "./partitions.js";
import { backupOf, configurationOf, groupOf, instanceOf, scheduleOf } from "./queries.js";
import { type OwnedKind, ownedKinds, type Topology, type TopologyData } from "./state.js";

/** What the invariants are checked against; everything has a default. */
export interface InvariantContext {
  /** Default: the documented ones. */
  readonly limits?: Pick<Limits, "maxReplicasPerSource" | "maxInstancesPerAccount">;
  /** Present time: nothing may be due before it. */
  readonly now?: number;
  /** Default: the library's own machines. */
  readonly lifecycle?: LifecycleTables;
}

interface Checked {
  readonly topology: Topology;
  readonly limits: Pick<Limits, "maxReplicasPerSource" | "maxInstancesPerAccount">;
  readonly now: number;
  readonly lifecycle: LifecycleTables;
}

type Check<Row> = (row: Row, checked: Checked) => boolean;

/** What must always hold for an instance, by name. */
const instanceInvariants: Readonly<Record<string, Check<Instance>>> = {
  "both ends of a link agree": (instance, { topology }) =>
    instance.replicaIds.every((id) => sibling(topology, instance, id)?.sourceId === instance.id) &&
    (instance.sourceId === null ||
      sibling(topology, instance, instance.sourceId)?.replicaIds.includes(instance.id) === true),
  "a source is not a replica": ({ sourceId, replicaIds }) =>
    sourceId === null || replicaIds.length === 0,
  "no replica is linked twice": ({ replicaIds }) => new Set(replicaIds).size === replicaIds.length,
  "a source has no more replicas than the limit": ({ replicaIds }, { limits }) =>
    replicaIds.length <= limits.maxReplicasPerSource,
  "a replica has its source's datastore": (instance, { topology }) => {
    const source =
      instance.sourceId === null ? undefined : sibling(topology, instance, instance.sourceId);
    return (
      source === undefined ||
      (source.datastoreType === instance.datastoreType &&
        source.datastoreVersion === instance.datastoreVersion)
    );
  },
  "no replica reads ACTIVE while its source is lost": (instance, { topology }) => {
    if (instance.sourceId === null || instance.status !== "ACTIVE") return true;
    const source = sibling(topology, instance, instance.sourceId);
    return source === undefined || !isDown(source.state);
  },
  "a source that is being deleted by itself has no replicas": ({ state, replicaIds, groupId }) =>
    state !== "deleting" || groupId !== null || replicaIds.length === 0,
  "what occupies an instance is a backup of it": (instance, { topology }) => {
    if (instance.backupId === null) return true;
    const backup = backupOf(topology, { accountId: instance.accountId, id: instance.backupId });
    return backup?.instanceId === instance.id && backup.work !== null;
  },
  "an instance in BACKUP is occupied by a backup": ({ status, backupId }) =>
    status !== "BACKUP" || backupId !== null,
  "an instance is cut off exactly while a fault stands on its network": (instance, { topology }) =>
    (instance.partitionId === null) === (faultOnPart(topology, "network", instance) === undefined),
  "a configuration that is attached exists": ({ accountId, configurationId }, { topology }) =>
    configurationId === null ||
    configurationOf(topology, { accountId, id: configurationId }) !== undefined,
  "a member is listed by its group": (instance, { topology }) => {
    if (instance.groupId === null) return true;
    const group = groupOf(topology, { accountId: instance.accountId, id: instance.groupId });
    return (
      group !== undefined &&
      (group.sourceId === instance.id) !== group.replicaIds.includes(instance.id)
    );
  },
  "only members are converting": ({ state, groupId }) => state !== "converting" || groupId !== null,
  "a schedule and its instance point at each other": (instance, { topology }) =>
    instance.scheduleId === null ||
    scheduleOf(topology, { accountId: instance.accountId, id: instance.scheduleId })?.ownerId ===
      instance.id,
  "an instance has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.instance.taskOf[state] === (work?.task ?? null),
  "the status of an instance is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.instance.statusOf[state] === status,
  "a deleted instance is gone": ({ state }) => state !== "deleted",
  "an instance's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its instance by id": (instance, { topology }) =>
    sibling(topology, instance, instance.id)?.ordinal === instance.ordinal,
};

/** What must always hold for a group. */
const groupInvariants: Readonly<Record<string, Check<HaGroup>>> = {
  "a group that works has exactly one source": (group, { topology }) =>
    mayLackSource(group.state) ||
    (group.sourceId !== null && sibling(topology, group, group.sourceId)?.groupId === group.id),
  "the replicas of a group follow its source": (group, { topology }) =>
    group.replicaIds.every((id) => {
      const member = sibling(topology, group, id);
      return member?.groupId === group.id && member.sourceId === group.sourceId;
    }),
  "a group at rest has no member that is lost": (group, { topology }) =>
    group.state !== "active" ||
    memberIds(group).every((id) => {
      const member = sibling(topology, group, id);
      return (
        member !== undefined && member.state !== "replicationBroken" && !isLostToMonitor(member)
      );
    }),
  "a group looks for another source only while its own is lost": (group, { topology }) => {
    if (group.work?.task !== "detectFailure" || group.sourceId === null) return true;
    const source = sibling(topology, group, group.sourceId);
    return source !== undefined && isLostToMonitor(source);
  },
  "a source that was lost never comes back": (group, { topology }) =>
    group.failovers.every(({ oldSourceId, isForced }) => {
      const lost = isForced ? undefined : sibling(topology, group, oldSourceId);
      // It is unknown, or on its way out; a deletion that fails leaves it to its owner.
      return lost === undefined || (lost.groupId === null && lost.state !== "active");
    }),
  "a group has no more replicas than the limit": ({ replicaIds }, { limits }) =>
    replicaIds.length <= limits.maxReplicasPerSource,
  "members share flavor, volume size and datastore": (group, { topology }) =>
    memberIds(group).every((id) => {
      const member = sibling(topology, group, id);
      return (
        member?.flavorId === group.flavorId &&
        member.volumeGb === group.volumeGb &&
        member.datastoreType === group.datastoreType &&
        member.datastoreVersion === group.datastoreVersion
      );
    }),
  "a group in BACKUP is occupied by a backup": ({ status, backupId }) =>
    status !== "BACKUP" || backupId !== null,
  "once a group is formed, no member has a schedule": (group, { topology }) =>
    group.state === "converting" ||
    memberIds(group).every((id) => sibling(topology, group, id)?.scheduleId === null),
  "replication in a formed group is semi-synchronous": ({ state, replicationMode }) =>
    !isFormed(state) || replicationMode === "semi-synchronous",
  "a schedule and its group point at each other": (group, { topology }) =>
    group.scheduleId === null ||
    scheduleOf(topology, { accountId: group.accountId, id: group.scheduleId })?.ownerId ===
      group.id,
  "a group has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.group.taskOf[state] === (work?.task ?? null),
  "the status of a group is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.group.statusOf[state] === status,
  "a group's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its group by id": (group, { topology }) =>
    groupOf(topology, group)?.ordinal === group.ordinal,
};

/** What must always hold for a backup. */
const backupInvariants: Readonly<Record<string, Check<Backup>>> = {
  "a backup has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.backup.taskOf[state] === (work?.task ?? null),
  "the status of a backup is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.backup.statusOf[state] === status,
  "an incremental backup has a parent of the same source": (
    { accountId, parentId, ownerId },
    { topology },
  ) => parentId === null || backupOf(topology, { accountId, id: parentId })?.ownerId === ownerId,
  "a hidden backup is gone when its replica is built": (
    { accountId, hiddenForReplicaId },
    { topology },
  ) =>
    hiddenForReplicaId === null ||
    instanceOf(topology, { accountId, id: hiddenForReplicaId })?.state === "building",
  "a backup's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its backup by id": (backup, { topology }) =>
    backupOf(topology, backup)?.ordinal === backup.ordinal,
};

/** What must always hold for a schedule. */
const scheduleInvariants: Readonly<Record<string, Check<BackupSchedule>>> = {
  "a schedule belongs to something that exists and knows it": (schedule, { topology }) => {
    const { accountId, ownerId, ownerKind, id } = schedule;
    const owner = (ownerKind === "ha" ? groupOf : instanceOf)(topology, { accountId, id: ownerId });
    return owner?.scheduleId === id;
  },
  "a schedule fires in the future, after it last fired": (
    { nextRunAt, lastScheduledAt },
    { now },
  ) => nextRunAt >= now && (lastScheduledAt === null || lastScheduledAt < nextRunAt),
  "an account finds its schedule by id": (schedule, { topology }) =>
    scheduleOf(topology, schedule)?.ordinal === schedule.ordinal,
};

/** The names of all invariants, in the order in which they are checked. */
export const invariantNames: readonly string[] = [
  ...Object.keys(instanceInvariants),
  ...Object.keys(dataInvariants),
  ...Object.keys(groupInvariants),
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
    ...brokenBy(rowsOf(topology.instances), instanceInvariants, checked),
    ...brokenBy(rowsOf(topology.instances), dataInvariants, checked),
    ...brokenBy(rowsOf(topology.groups), groupInvariants, checked),
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
  invariants: Readonly<Record<string, Check<Row>>>,
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

function sibling(
  topology: Topology,
  { accountId }: Instance | HaGroup,
  id: string,
): Instance | undefined {
  return instanceOf(topology, { accountId, id });
}

function memberIds(group: HaGroup): readonly string[] {
  return group.sourceId === null ? group.replicaIds : [group.sourceId, ...group.replicaIds];
}
