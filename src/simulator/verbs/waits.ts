import type { Backup, HaGroup, Instance } from "../../domain/entities.js";
import type { BackupStatus, HaGroupStatus, InstanceStatus } from "../../domain/statuses.js";
import { lifecycleTables } from "../../lifecycle/compile.js";
import { statusesOf, unknownToWait, type WaitOptions, waited } from "../waiting.js";
import { FaultVerbs } from "./faults.js";

/** Waiting, in virtual time, which is that of all accounts: whatever is due on the way happens, whoever waits. */
export class WaitVerbs extends FaultVerbs {
  /**
   * Moves virtual time on until an instance or an HA group of this account has a status.
   * @param options - `withinMs`: virtual time, in ms, after which nobody waits any more; default a day
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws UnknownIdError `instance-exists` when there is neither, or no longer
   * @throws TimeBoundError `status-in-time` when the status does not come within the time, or cannot come any more;
   * `steps-max`
   */
  waitFor(
    id: string,
    status: InstanceStatus | HaGroupStatus,
    options: WaitOptions = {},
  ): Instance | HaGroup {
    const { instance, group } = lifecycleTables();
    return waited<Instance | HaGroup>(
      this.ground,
      {
        id,
        status,
        accountId: this.accountId,
        statuses: statusesOf(instance, group),
        find: () => this.view.instance(id) ?? this.view.group(id),
        unknown: () => unknownToWait("instance-exists", "there is no instance and no HA group", id),
      },
      options,
    );
  }

  /**
   * Moves virtual time on until a backup of this account has a status.
   * @param options - `withinMs`: virtual time, in ms, after which nobody waits any more; default a day
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws UnknownIdError `backup-exists` when there is none, or no longer
   * @throws TimeBoundError `status-in-time`, `steps-max`
   */
  waitForBackup(id: string, status: BackupStatus, options: WaitOptions = {}): Backup {
    return waited<Backup>(
      this.ground,
      {
        id,
        status,
        accountId: this.accountId,
        statuses: statusesOf(lifecycleTables().backup),
        find: () => this.view.backup(id),
        unknown: () => unknownToWait("backup-exists", "there is no backup", id),
      },
      options,
    );
  }
}
