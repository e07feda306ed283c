import { scheduleOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import { faultOf, injectedFailureFor } from "../faults/injectedFailure.js";
import type { Backup } from "./backup.model.js";
import {
  applyRetention,
  endBackup,
  failReplicaOf,
  removeWithDescendants,
  runBackup,
} from "./startBackup.js";

/** Completes the task of a backup: it starts running, has completed, or its files are deleted. */
export function completeBackupTask(moment: Transaction, backup: Backup): void {
  const { work } = backup;
  if (work === null)
    throw new InvariantViolationError(`backup ${backup.id} has no task to complete`);
  const failure = injectedFailureFor(moment, backup, [backup.instanceId, backup.ownerId]);
  const fault = failure && faultOf(moment, work, failure.message);
  if (work.task === "deleteBackup") {
    if (fault !== undefined) moment.tryBackup(backup, "task.failed", { lastError: fault });
    else removeWithDescendants(moment, backup);
    return;
  }
  if (work.task === "startBackup" && fault === undefined) {
    runBackup(moment, backup);
    return;
  }
  endBackup(moment, backup, { lastError: fault });
  if (fault !== undefined) failReplicaOf(moment, backup, fault);
  else keep(moment, backup);
}

/** Keeps a completed backup, and applies the retention of its schedule. */
function keep(moment: Transaction, backup: Backup): void {
  const { scheduleId, parentId, accountId } = backup;
  if (scheduleId === null || parentId !== null) return;
  const schedule = scheduleOf(moment.context.topology, { accountId, id: scheduleId });
  if (schedule !== undefined) applyRetention(moment, backup, schedule.fullBackupRetention);
}
