import type { Account, Mutable, OwnedKind, Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/*
 * Copies of rows, to be written into. Field by field: V8 gives the copy that a spread makes of a frozen object, or of
 * one that gets more fields, a shape of its own, which costs twenty times as much and makes all who read it slower.
 */

/** A row of a kind of thing. */
type RowOf<K extends OwnedKind> = Topology[K]["root"][number] extends infer Cell
  ? Exclude<Cell, null | readonly unknown[]>
  : never;

/** How the rows of each kind are copied. */
export const copies: { readonly [K in OwnedKind]: (row: RowOf<K>) => RowOf<K> } = {
  instances: copyOfInstance,
  groups: copyOfGroup,
  schedules: copyOfSchedule,
  backups: copyOfBackup,
  configurations: copyOfConfiguration,
};

/** A copy of a row of a kind. */
export function copyRow<Row extends object>(kind: OwnedKind, row: Row): Row {
  // The row is of the kind; TypeScript cannot join the two halves of the table.
  return (copies[kind] as unknown as (row: Row) => Row)(row);
}

/** A copy of an account's row. */
export function copyOfAccount(account: Account): Account {
  return {
    ordinal: account.ordinal,
    id: account.id,
    instances: account.instances,
    groups: account.groups,
    schedules: account.schedules,
    backups: account.backups,
    configurations: account.configurations,
    labels: account.labels,
    made: account.made,
    created: account.created,
  };
}

/** A copy of a fault's row. */
export function copyOfFault(row: InjectedFault): InjectedFault {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    fault: row.fault,
    phase: row.phase,
    injectedAt: row.injectedAt,
    dueAt: row.dueAt,
    seq: row.seq,
    endsAt: row.endsAt,
    cause: row.cause,
    targetOrdinal: row.targetOrdinal,
    activations: row.activations,
    clock: row.clock,
    clockOf: row.clockOf,
    partOf: row.partOf,
    remaining: row.remaining,
  };
}

/** A copy of how many things of each kind an account ever had. */
export function copyOfCounts(created: Account["created"]): Mutable<Account["created"]> {
  return {
    instances: created.instances,
    groups: created.groups,
    schedules: created.schedules,
    backups: created.backups,
    configurations: created.configurations,
    faults: created.faults,
  };
}

function copyOfInstance(row: Instance): Instance {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    name: row.name,
    state: row.state,
    status: row.status,
    flavorId: row.flavorId,
    volumeGb: row.volumeGb,
    usedGb: row.usedGb,
    datastoreType: row.datastoreType,
    datastoreVersion: row.datastoreVersion,
    sourceId: row.sourceId,
    replicaIds: row.replicaIds,
    groupId: row.groupId,
    scheduleId: row.scheduleId,
    backupId: row.backupId,
    configurationId: row.configurationId,
    zone: row.zone,
    rack: row.rack,
    partitionId: row.partitionId,
    log: row.log,
    link: row.link,
    databases: row.databases,
    users: row.users,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    work: row.work,
    tasksStarted: row.tasksStarted,
    lastError: row.lastError,
  };
}

function copyOfGroup(row: HaGroup): HaGroup {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    name: row.name,
    state: row.state,
    status: row.status,
    flavorId: row.flavorId,
    volumeGb: row.volumeGb,
    datastoreType: row.datastoreType,
    datastoreVersion: row.datastoreVersion,
    sourceId: row.sourceId,
    replicaIds: row.replicaIds,
    pendingReplicaNames: row.pendingReplicaNames,
    networks: row.networks,
    acls: row.acls,
    replicationMode: row.replicationMode,
    failovers: row.failovers,
    scheduleId: row.scheduleId,
    backupId: row.backupId,
    configurationId: row.configurationId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    work: row.work,
    tasksStarted: row.tasksStarted,
    lastError: row.lastError,
  };
}

function copyOfSchedule(row: BackupSchedule): BackupSchedule {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    ownerKind: row.ownerKind,
    ownerId: row.ownerId,
    dayOfWeek: row.dayOfWeek,
    hour: row.hour,
    minute: row.minute,
    fullBackupRetention: row.fullBackupRetention,
    copyTo: row.copyTo,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    nextRunAt: row.nextRunAt,
    lastScheduledAt: row.lastScheduledAt,
    seq: row.seq,
    cause: row.cause,
  };
}

function copyOfBackup(row: Backup): Backup {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    name: row.name,
    description: row.description,
    state: row.state,
    status: row.status,
    ownerKind: row.ownerKind,
    ownerId: row.ownerId,
    instanceId: row.instanceId,
    parentId: row.parentId,
    scheduleId: row.scheduleId,
    hiddenForReplicaId: row.hiddenForReplicaId,
    sizeGb: row.sizeGb,
    dataGb: row.dataGb,
    logPosition: row.logPosition,
    datastoreType: row.datastoreType,
    datastoreVersion: row.datastoreVersion,
    flavorId: row.flavorId,
    volumeGb: row.volumeGb,
    databases: row.databases,
    users: row.users,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    work: row.work,
    tasksStarted: row.tasksStarted,
    lastError: row.lastError,
  };
}

function copyOfConfiguration(row: Configuration): Configuration {
  return {
    ordinal: row.ordinal,
    accountOrdinal: row.accountOrdinal,
    id: row.id,
    accountId: row.accountId,
    key: row.key,
    label: row.label,
    name: row.name,
    description: row.description,
    datastoreType: row.datastoreType,
    datastoreVersion: row.datastoreVersion,
    values: row.values,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
