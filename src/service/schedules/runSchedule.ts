import type { Birth } from "../../kernel/lineage.js";
import { backupsOf, groupOf, instanceOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Backup } from "../backups/backup.model.js";
import { backupViolation } from "../backups/backupRules.js";
import { canBackUp, startBackup } from "../backups/startBackup.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import type { BackupSchedule } from "./schedule.model.js";

/** Outcome of a schedule's run. */
export interface ScheduledRun {
  readonly took: "full" | "incremental" | "nothing";
  readonly reason: string | null;
}

/**
 * Takes the backup that a schedule requires now: a full one on its day, or if there is no parent, otherwise an
 * incremental one on the last completed backup (§2.6). Takes none while the owner cannot be backed up.
 */
export function runSchedule(
  moment: Transaction,
  schedule: BackupSchedule,
  { isFullDay, birth }: { readonly isFullDay: boolean; readonly birth: Birth },
): ScheduledRun {
  const owner = ownerOf(moment, schedule);
  if (owner === undefined) return emptyPlaceholder("its owner is gone");
  if (!moment.context.policy.objectStorageAccess)
    return emptyPlaceholder("object storage is out of reach");
  if (!canBackUp(moment, owner)) return emptyPlaceholder(`its owner is ${owner.status}`);
  const parent = isFullDay ? undefined : lastCompleted(moment, owner);
  const took = parent === undefined ? "full" : "incremental";
  startBackup(moment, owner, {
    name: nameOf(took, owner, moment.context.limits.maxBackupNameLength),
    parentId: parent?.id ?? null,
    scheduleId: schedule.id,
    birth,
  });
  return { took, reason: null };
}

/** Cut to the maximum length between characters, not inside one. */
function nameOf(took: string, { name }: Instance | HaGroup, lengthMax: number): string {
  return Array.from(`${took} backup of ${name}`).slice(0, lengthMax).join("");
}

function emptyPlaceholder(reason: string): ScheduledRun {
  return { took: "nothing", reason };
}

function ownerOf(
  { context }: Transaction,
  { accountId, ownerId, ownerKind }: BackupSchedule,
): Instance | HaGroup | undefined {
  return (ownerKind === "ha" ? groupOf : instanceOf)(context.topology, { accountId, id: ownerId });
}

function lastCompleted({ context }: Transaction, owner: Instance | HaGroup): Backup | undefined {
  const { topology } = context;
  return backupsOf(topology, owner).findLast(
    (backup) =>
      backup.hiddenForReplicaId === null && backupViolation(topology, backup) === undefined,
  );
}
