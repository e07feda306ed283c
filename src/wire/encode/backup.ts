import { datastoreOf, flavorOf } from "../../model/catalog.js";
import { maxTime } from "../../model/time.js";
import type { Backup } from "../../service/backups/backup.model.js";
import type { BackupSchedule } from "../../service/schedules/schedule.model.js";
import { timestamp, type WireContext } from "../context.js";
import { type JsonObject, omitUndefined } from "../json.js";

/** A backup. What it does not have yet is null here: its samples say so (§1.9). */
export function backupBody(backup: Backup, context: WireContext): JsonObject {
  const { id, accountId, ownerKind, ownerId, sizeGb, datastoreType, datastoreVersion } = backup;
  const { catalog } = context.view;
  const wanted = { type: datastoreType, version: datastoreVersion };
  return {
    id,
    name: backup.name,
    description: backup.description,
    status: context.dialect.statusWords.backup(backup.status),
    created: timestamp(backup.createdAt, context),
    updated: timestamp(backup.updatedAt, context),
    size: sizeGb,
    instance_id: ownerKind === "ha" ? null : ownerId,
    source: { type: ownerKind, id: ownerId },
    parent_id: backup.parentId,
    locationRef: sizeGb === null ? null : locationOf({ id, accountId }, context),
    datastore: { ...wanted, version_id: datastoreOf(catalog, wanted)?.versionId ?? null },
    type: backup.parentId === null ? "InnoBackupEx" : "InnoBackupExIncremental",
    is_automated: backup.scheduleId !== null,
    flavor_ram: flavorOf(catalog, backup.flavorId)?.ramMb ?? null,
    volume_size: backup.volumeGb,
  };
}

/** A schedule as its creation answers (§1.8). */
export function createdSchedule(schedule: BackupSchedule, context: WireContext): JsonObject {
  return omitUndefined({
    ...scheduleBody(schedule, context),
    full_backup_retention: schedule.fullBackupRetention,
    running: isRunning(schedule, context),
    source: sourceOf(schedule),
  });
}

/**
 * A schedule as it is read. The samples leave out what its creation showed: here it is shown where it says more than
 * its absence, so that nothing is lost and a plain schedule reads as the samples do.
 */
export function scheduleBody(schedule: BackupSchedule, context: WireContext): JsonObject {
  const { id, dayOfWeek, hour, minute, ownerKind, ownerId, fullBackupRetention } = schedule;
  const { lastScheduledAt, copyTo } = schedule;
  return omitUndefined({
    id,
    action: "backup",
    day_of_week: dayOfWeek,
    hour,
    minute,
    day_of_month: null,
    month: null,
    instance_id: ownerKind === "instance" ? ownerId : undefined,
    source: ownerKind === "ha" ? sourceOf(schedule) : undefined,
    full_backup_retention:
      fullBackupRetention === context.view.limits.minFullBackupRetention
        ? undefined
        : fullBackupRetention,
    copy_to: copyTo ?? undefined,
    running: isRunning(schedule, context) ? true : undefined,
    // After the last moment that a timestamp can say, nothing runs any more.
    next_run: schedule.nextRunAt > maxTime ? null : timestamp(schedule.nextRunAt, context),
    last_scheduled: lastScheduledAt === null ? null : timestamp(lastScheduledAt, context),
    created: timestamp(schedule.createdAt, context),
    updated: timestamp(schedule.updatedAt, context),
  });
}

function sourceOf({ ownerKind, ownerId }: BackupSchedule): JsonObject {
  return { type: ownerKind, id: ownerId };
}

/** Whether a backup that the schedule asked for is being taken now. */
function isRunning({ id, ownerKind, ownerId }: BackupSchedule, { view }: WireContext): boolean {
  const owner = ownerKind === "ha" ? view.group(ownerId) : view.instance(ownerId);
  const { backupId = null } = owner ?? {};
  return backupId !== null && view.backup(backupId)?.scheduleId === id;
}

function locationOf(
  { id, accountId }: Pick<Backup, "id" | "accountId">,
  { region }: WireContext,
): string {
  const host = `storage101.${region.toLowerCase()}1.clouddrive.com`;
  return `https://${host}/v1/MossoCloudFS_${encodeURIComponent(accountId)}/z_CLOUDDB_BACKUPS/${id}.xbstream.gz`;
}
