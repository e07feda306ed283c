import type { BackupStatus } from "../../lifecycle/backupStates.js";
import { transitionTables } from "../../lifecycle/compile.js";
import type { HaGroupStatus } from "../../lifecycle/groupStates.js";
import { type InstanceStatus, isDown } from "../../lifecycle/instanceStates.js";
import { canReachStatus } from "../../lifecycle/reachability.js";
import { type Backup } from "../../service/backups/backup.model.js";
import { type HaGroup } from "../../service/haGroups/haGroup.model.js";
import { type Instance } from "../../service/instances/instance.model.js";
import type { PartOf } from "../clientKernel.js";
import { runUntilStatus, statusesOf, waitTargetNotFound } from "../waitForStatus.js";

/** Waiting in virtual time, which all accounts share: tasks that are due meanwhile complete in every account. */
export interface WaitMethods {
  /**
   * Advances virtual time until an instance or an HA group of this account has a status. Fails at once if it can no
   * longer have that status, as ACTIVE after ERROR, with the error of its last operation.
   *
   * @example
   * ```ts
   * const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * console.log(sim.waitFor(id, "ACTIVE", { withinMs: 60_000 }).status); // ACTIVE
   * ```
   * @param id - id of an instance or an HA group
   * @param status - status of the API, such as `ACTIVE`
   * @param options - `withinMs`: timeout in ms of virtual time; default a day
   * @returns the row at that time
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws NotFoundError `instance-exists` when there is neither, or no longer
   * @throws TimeLimitError `status-in-time` when the status does not come within the time, or cannot come any more;
   * `steps-max`
   */
  waitFor(
    id: string,
    status: InstanceStatus | HaGroupStatus,
    options?: { readonly withinMs?: number },
  ): Instance | HaGroup;

  /**
   * Advances virtual time until a backup of this account has a status.
   *
   * @example
   * ```ts
   * const { id } = sim.createBackup({ ownerId: source.id, name: "nightly" });
   * console.log(sim.waitForBackup(id, "COMPLETED").sizeGb !== null); // true
   * ```
   * @param id - id of a backup
   * @param status - status of the API, such as `COMPLETED`
   * @param options - `withinMs`: timeout in ms of virtual time; default a day
   * @returns the backup at that time
   * @throws InvalidInputError `known-status`, `wait-options`
   * @throws NotFoundError `backup-exists` when there is none, or no longer
   * @throws TimeLimitError `status-in-time` as in `waitFor`; `steps-max`
   */
  waitForBackup(id: string, status: BackupStatus, options?: { readonly withinMs?: number }): Backup;
}

/** The implementation, given the kernel of a client. */
export const waitMethods: PartOf<WaitMethods> = {
  waitFor: (client, id, status, options = {}) => {
    const { instance, group } = transitionTables();
    return runUntilStatus<Instance | HaGroup>(
      client.worldRef,
      {
        id,
        status,
        accountId: client.accountId,
        statuses: statusesOf(instance, group),
        canReach: (row, wanted) =>
          "networks" in row
            ? canReachStatus(group, row.state, wanted)
            : canReachStatus(instance, row.state, wanted),
        find: () => client.view.instance(id) ?? client.view.group(id),
        obstacle: (row) => {
          const source =
            "networks" in row || row.sourceId === null
              ? undefined
              : client.view.instance(row.sourceId);
          return source !== undefined && isDown(source.state)
            ? `its source ${source.id} is ${source.status}`
            : undefined;
        },
        unknown: () => waitTargetNotFound("instance-exists", "instance or HA group", id),
      },
      options,
    );
  },
  waitForBackup: (client, id, status, options = {}) => {
    const { backup } = transitionTables();
    return runUntilStatus<Backup>(
      client.worldRef,
      {
        id,
        status,
        accountId: client.accountId,
        statuses: statusesOf(backup),
        canReach: ({ state }, wanted) => canReachStatus(backup, state, wanted),
        find: () => client.view.backup(id),
        unknown: () => waitTargetNotFound("backup-exists", "backup", id),
      },
      options,
    );
  },
};
