import type { Backup, BackupSchedule, HaGroup, Instance } from "../domain/entities.js";
import { backupsOf, groupOf, instanceOf } from "../topology/queries.js";
import { canBackUp, takeBackup } from "./backups.js";
import type { Moment } from "./moment.js";

/** What a run of a schedule led to. */
export interface ScheduledRun {
  readonly took: "full" | "incremental" | "nothing";
  readonly reason: string | null;
}

/**
 * Takes the backup that a schedule asks for now: a full one on its day, else an incremental one on the last that was
 * completed; nothing before the first full one (§2.6), and nothing while the owner cannot be backed up.
 */
export function runSchedule(
  moment: Moment,
  schedule: BackupSchedule,
  { isFullDay }: { readonly isFullDay: boolean },
): ScheduledRun {
  const owner = ownerOf(moment, schedule);
  if (owner === undefined) return nothing("its owner is gone");
  const last = lastCompleted(moment, owner);
  if (!isFullDay && last === undefined) return nothing("there is no full backup to add to yet");
  if (!canBackUp(moment, owner)) return nothing(`its owner is ${owner.status}`);
  const took = isFullDay ? "full" : "incremental";
  takeBackup(moment, owner, {
    name: `${took} backup of ${owner.name}`.slice(0, 64),
    description: null,
    parentId: isFullDay ? null : (last?.id ?? null),
    scheduleId: schedule.id,
  });
  return { took, reason: null };
}

function nothing(reason: string): ScheduledRun {
  return { took: "nothing", reason };
}

function ownerOf(
  { context }: Moment,
  { accountId, ownerId, ownerKind }: BackupSchedule,
): Instance | HaGroup | undefined {
  return (ownerKind === "ha" ? groupOf : instanceOf)(context.topology, { accountId, id: ownerId });
}

function lastCompleted({ context }: Moment, owner: Instance | HaGroup): Backup | undefined {
  return backupsOf(context.topology, owner)
    .filter((backup) => backup.state === "completed" && backup.hiddenFor === null)
    .at(-1);
}
