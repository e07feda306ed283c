import type { Backup, HaGroup, Instance } from "../../domain/entities.js";
import type { BackupStatus, HaGroupStatus, InstanceStatus } from "../../domain/statuses.js";
import { transitionTables } from "../../lifecycle/compile.js";
import { canReachStatus } from "../../lifecycle/reachability.js";
import {
  runUntilStatus,
  statusesOf,
  type WaitOptions,
  waitTargetNotFound,
} from "../waitForStatus.js";
import { FaultVerbs } from "./faults.js";

/** Waiting in virtual time, which all accounts share: all tasks that are due meanwhile complete, in every account. */
export class WaitVerbs extends FaultVerbs {
  /**
   * Moves virtual time on until an instance or an HA group of this account has a status. Ends at once when it can have
   * it no more, as ACTIVE after ERROR, and says what its last operation failed with.
   * @param options - `withinMs`: timeout in ms of virtual time; default a day
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws NotFoundError `instance-exists` when there is neither, or no longer
   * @throws TimeLimitError `status-in-time` when the status does not come within the time, or cannot come any more;
   * `steps-max`
   */
  waitFor(
    id: string,
    status: InstanceStatus | HaGroupStatus,
    options: WaitOptions = {},
  ): Instance | HaGroup {
    const { instance, group } = transitionTables();
    return runUntilStatus<Instance | HaGroup>(
      this.ground,
      {
        id,
        status,
        accountId: this.accountId,
        statuses: statusesOf(instance, group),
        canReach: (row, wanted) =>
          "networks" in row
            ? canReachStatus(group, row.state, wanted)
            : canReachStatus(instance, row.state, wanted),
        find: () => this.view.instance(id) ?? this.view.group(id),
        unknown: () => waitTargetNotFound("instance-exists", "instance or HA group", id),
      },
      options,
    );
  }

  /**
   * Moves virtual time on until a backup of this account has a status.
   * @param options - `withinMs`: timeout in ms of virtual time; default a day
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws NotFoundError `backup-exists` when there is none, or no longer
   * @throws TimeLimitError `status-in-time` as in `waitFor`; `steps-max`
   */
  waitForBackup(id: string, status: BackupStatus, options: WaitOptions = {}): Backup {
    const { backup } = transitionTables();
    return runUntilStatus<Backup>(
      this.ground,
      {
        id,
        status,
        accountId: this.accountId,
        statuses: statusesOf(backup),
        canReach: ({ state }, wanted) => canReachStatus(backup, state, wanted),
        find: () => this.view.backup(id),
        unknown: () => waitTargetNotFound("backup-exists", "backup", id),
      },
      options,
    );
  }
}
