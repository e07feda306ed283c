import type { Backup } from "../../domain/entities.js";
import { InvariantBrokenError } from "../../domain/errors.js";
import { scheduleOf } from "../../topology/queries.js";
import { endBackup, failReplicaOf, removeWithDescendants, retain } from "../backups.js";
import type { Moment } from "../moment.js";
import { faultOf, plannedFailure } from "./failure.js";

/** Ends a backup's work: it is picked up, it is complete, or its files are gone. */
export function settleBackup(moment: Moment, backup: Backup): void {
  const { work } = backup;
  if (work === null) throw new InvariantBrokenError(`${backup.id} has no work to end`);
  const failure = plannedFailure(moment, backup, [backup.instanceId, backup.ownerId]);
  const fault = failure && faultOf(moment, work, failure.message);
  if (work.task === "deleteBackup") {
    if (fault !== undefined) moment.tryBackup(backup, "task.failed", { fault });
    else removeWithDescendants(moment, backup);
    return;
  }
  if (work.task === "startBackup" && fault === undefined) {
    moment.tryBackup(backup, "task.done");
    return;
  }
  endBackup(moment, backup, { fault });
  if (fault !== undefined) failReplicaOf(moment, backup, fault);
  else keep(moment, backup);
}

/** Full backups of a schedule push out the oldest ones. */
function keep(moment: Moment, backup: Backup): void {
  const { scheduleId, parentId, accountId } = backup;
  if (scheduleId === null || parentId !== null) return;
  const schedule = scheduleOf(moment.context.topology, { accountId, id: scheduleId });
  if (schedule !== undefined) retain(moment, backup, schedule.fullBackupRetention);
}
