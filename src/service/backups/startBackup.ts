import { type Birth, birthOf } from "../../kernel/lineage.js";
import {
  backupOf,
  backupsOf,
  descendantsOf,
  groupOf,
  instanceOf,
  linkedInstance,
} from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { FactOf } from "../../model/facts.js";
import type { OperationError } from "../../model/rows.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { appliedPosition, receivedPosition } from "../replication/positions.js";
import { freshId } from "../shared/lookups.js";
import type { Backup } from "./backup.model.js";
import { membersToRead } from "./backupRules.js";
import { copyMs } from "./copyDuration.js";

/** Parameters of a new backup. */
export interface BackupRequest {
  readonly name: string;
  readonly description?: string | null;
  readonly parentId?: string | null;
  readonly scheduleId?: string | null;
  readonly birth: Birth;
}

/** Starts a backup of an instance or a group. Its owner is in BACKUP until the backup ends (T16, H10). */
export function startBackup(
  moment: Transaction,
  owner: Instance | HaGroup,
  wish: BackupRequest,
): void {
  const isGroup = "networks" in owner;
  const node = isGroup ? freshestReplica(moment, owner) : owner;
  const group = isGroup ? owner : null;
  moment.emit(newBackup(moment, { owner, node, group, wish, hiddenForReplicaId: null }));
  moment.stepInstance(node, "backup.requested");
  if (group !== null) moment.stepGroup(group, "backup.started");
}

/**
 * Starts the hidden backup that a replica is built from. It shows no status, because the source restarts and keeps
 * serving meanwhile (R22, C1, C2).
 */
export function hiddenBackup(
  moment: Transaction,
  { source, replica }: { readonly source: Instance; readonly replica: Instance },
): FactOf<"BackupCreated"> {
  const wish = {
    name: `replica ${replica.id}`,
    birth: birthOf(replica.key, "hidden backup"),
  };
  return newBackup(moment, {
    owner: source,
    node: source,
    group: null,
    wish,
    hiddenForReplicaId: replica.id,
  });
}

/**
 * Starts copying: a full backup copies the data that the instance has now, an incremental one what has changed since
 * its parent.
 */
export function runBackup(moment: Transaction, backup: Backup): void {
  const { accountId, instanceId, parentId, key } = backup;
  const node = instanceOf(moment.context.topology, { accountId, id: instanceId });
  const dataGb = node === undefined ? 0 : sizeGbOf(node.usedGb, parentId === null);
  moment.tryBackup(backup, "task.done", {
    extraMs: copyMs(moment, key, { latency: "backupPerGb", dataGb }),
  });
}

/** Returns whether a group can be backed up now: one of its replicas must be able to run the backup. */
export function canBackUp(moment: Transaction, owner: Instance | HaGroup): boolean {
  const { lifecycle } = moment.context;
  if (owner.backupId !== null) return false;
  if (!("networks" in owner)) {
    return lifecycle.instance.transitions[owner.state]["backup.requested"] !== undefined;
  }
  return (
    lifecycle.group.transitions[owner.state]["backup.started"] !== undefined &&
    membersReady(moment, owner).length > 0
  );
}

/** Ends a backup that has completed or failed, and frees its owner (§2.5). */
export function endBackup(
  moment: Transaction,
  backup: Backup,
  { lastError: fault }: { readonly lastError: OperationError | undefined },
): void {
  const { topology } = moment.context;
  const { id, ordinal, accountId, ownerId, ownerKind } = backup;
  const node = instanceOf(topology, { accountId, id: backup.instanceId });
  const group = ownerKind === "ha" ? groupOf(topology, { accountId, id: ownerId }) : undefined;
  if (node === undefined)
    throw new InvariantViolationError(`backup ${id} has no member that runs it`);
  if (fault === undefined) moment.tryBackup(backup, "task.done");
  else moment.tryBackup(backup, "source.lost", { lastError: fault });
  const isFull = backup.parentId === null;
  moment.emit({
    type: "BackupEnded",
    id,
    row: ordinal,
    sizeGb: fault === undefined ? sizeGbOf(node.usedGb, isFull) : null,
    dataGb: fault === undefined ? node.usedGb : 0,
    instanceRow: node.ordinal,
    groupRow: group?.ordinal ?? null,
  });
  if (backup.hiddenForReplicaId !== null) return;
  moment.tryInstance(node, "backup.finished");
  if (group !== undefined) moment.tryGroup(group, "backup.finished");
}

/** Fails the running backup of an instance that is lost (v2.16 in §2.5). */
export function failRunningBackup(moment: Transaction, instance: Instance, why: string): void {
  const { topology } = moment.context;
  if (instance.backupId === null) return;
  const backup = backupOf(topology, { accountId: instance.accountId, id: instance.backupId });
  if (backup === undefined || (backup.state !== "queued" && backup.state !== "running")) return;
  const fault: OperationError = { task: "runBackup", message: why, createdAt: moment.now };
  endBackup(moment, backup, { lastError: fault });
  failReplicaOf(moment, backup, fault);
}

/** Fails the build of a replica whose hidden backup has failed (T8). */
export function failReplicaOf(moment: Transaction, backup: Backup, fault: OperationError): void {
  const { hiddenForReplicaId, accountId } = backup;
  if (hiddenForReplicaId === null) return;
  const replica = instanceOf(moment.context.topology, { accountId, id: hiddenForReplicaId });
  if (replica?.work?.task === "build")
    moment.tryInstance(replica, "task.failed", { lastError: fault });
  removeBackup(moment, backup);
}

/** Removes the hidden backup of a replica when its build has ended, successfully or not (R22). */
export function dropHiddenBackup(moment: Transaction, { accountId, work }: Instance): void {
  const id = work?.target;
  if (typeof id !== "string") return;
  const { topology } = moment.context;
  const backup = backupOf(topology, { accountId, id });
  if (backup === undefined) return;
  if (backup.state === "queued" || backup.state === "running") {
    const fault = {
      task: "runBackup",
      message: "cancelled: no replica needs this backup any more",
      createdAt: moment.now,
    } as const;
    endBackup(moment, backup, { lastError: fault });
  }
  removeBackup(moment, backup);
}

/**
 * After a full backup of a schedule, removes the oldest full backups beyond its retention and their incremental backups
 * (§2.6).
 */
export function applyRetention(moment: Transaction, completed: Backup, retention: number): void {
  const { topology } = moment.context;
  const own = backupsOf(topology, { accountId: completed.accountId, id: completed.ownerId });
  const fulls = own.filter(
    (backup) =>
      backup.scheduleId === completed.scheduleId &&
      backup.parentId === null &&
      backup.state === "completed",
  );
  const surplus = fulls.length - retention;
  for (const full of fulls.slice(0, Math.max(0, surplus))) {
    removeWithDescendants(moment, full);
  }
}

/** Removes a backup and all backups that are based on it, directly or not (§2.5). */
export function removeWithDescendants(moment: Transaction, backup: Backup): void {
  for (const gone of [backup, ...descendantsOf(moment.context.topology, backup)]) {
    removeBackup(moment, gone);
  }
}

/** Emits the fact that removes a backup. */
export function removeBackup(moment: Transaction, { id, ordinal, accountId }: Backup): void {
  moment.emit({ type: "BackupRemoved", id, row: ordinal, accountId });
}

/** Returns the replica of a group with the least lag. Ties are broken by the order of membership (R107). */
function freshestReplica(moment: Transaction, group: HaGroup): Instance {
  const [first, ...others] = membersReady(moment, group);
  if (first === undefined)
    throw new InvariantViolationError(`HA group ${group.id} has no member to back up`);
  const { topology } = moment.context;
  const receivedBy = (member: Instance) => receivedPosition(topology, member, moment.now).bytes;
  return others.reduce((best, one) => (receivedBy(one) > receivedBy(best) ? one : best), first);
}

function membersReady({ context }: Transaction, group: HaGroup): readonly Instance[] {
  const { topology, lifecycle } = context;
  return membersToRead(topology, group).filter(
    ({ state }) => lifecycle.instance.transitions[state]["backup.requested"] !== undefined,
  );
}

/**
 * Returns the compressed size: a full backup is about as large as the data, an incremental one a tenth of it, in steps
 * of 10 MB ([inferred]).
 */
function sizeGbOf(usedGb: number, isFull: boolean): number {
  return Math.max(1, Math.ceil(usedGb * (isFull ? 100 : 10))) / 100;
}

/**
 * Returns where the data of an instance stand in a log: at the end of its own, or as far as it has applied its
 * source's. Null without a log.
 */
function logPositionOf({ context, now }: Transaction, node: Instance): Backup["logPosition"] {
  const { topology } = context;
  const { id, sourceId } = node;
  const writer = sourceId === null ? node : linkedInstance(topology, node, sourceId);
  if (writer.log === null) return null;
  return { instanceId: sourceId ?? id, ...appliedPosition(topology, node, now) };
}

function newBackup(
  moment: Transaction,
  parts: {
    readonly owner: Instance | HaGroup;
    readonly node: Instance;
    readonly group: HaGroup | null;
    readonly wish: BackupRequest;
    readonly hiddenForReplicaId: string | null;
  },
): FactOf<"BackupCreated"> {
  const { owner, node, group, wish, hiddenForReplicaId } = parts;
  const { initial, statusOf } = moment.context.lifecycle.backup;
  const place = moment.nextPlace("backups");
  const { key, label, counted } = wish.birth;
  return {
    type: "BackupCreated",
    backup: {
      ordinal: place.ordinal,
      accountOrdinal: place.accountOrdinal,
      id: freshId(moment, "backup", { place, key }),
      accountId: owner.accountId,
      key,
      label,
      name: wish.name,
      description: wish.description ?? null,
      state: initial,
      status: statusOf[initial],
      ownerKind: group === null ? "instance" : "ha",
      ownerId: owner.id,
      instanceId: node.id,
      parentId: wish.parentId ?? null,
      scheduleId: wish.scheduleId ?? null,
      hiddenForReplicaId,
      sizeGb: null,
      dataGb: 0,
      logPosition: logPositionOf(moment, node),
      datastoreType: node.datastoreType,
      datastoreVersion: node.datastoreVersion,
      flavorId: node.flavorId,
      volumeGb: node.volumeGb,
      databases: node.databases,
      users: node.users,
      createdAt: moment.now,
      updatedAt: moment.now,
      work: moment.work("startBackup", { key, tasksStarted: 0 }),
      tasksStarted: 1,
      lastError: null,
    },
    instanceRow: node.ordinal,
    groupRow: group?.ordinal ?? null,
    counted,
  };
}
