import { backupOf, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { isFormed } from "../../lifecycle/groupStates.js";
import type { OperationError } from "../../model/rows.js";
import { dropHiddenBackup, failRunningBackup } from "../backups/startBackup.js";
import { groupOfMember, onMemberTaskFailed } from "../haGroups/groupMembers.js";
import type { Instance } from "../instances/instance.model.js";

/**
 * Crashes the service of an instance (T21, T24, C35). Everything that depends on it fails: its backup, the replicas
 * that are built from it, and the waiting operation of its group.
 */
export function crash(moment: Transaction, instance: Instance): void {
  goDown(moment, instance, {
    signal: "service.crashed",
    message: `instance ${instance.id} crashed`,
  });
}

/** Loses the host of an instance and its data: a crash without recovery. */
export function loseHost(moment: Transaction, instance: Instance): void {
  const message = `the host of instance ${instance.id} is lost, and its data with it`;
  goDown(moment, instance, { signal: "host.lost", message });
}

function goDown(
  moment: Transaction,
  instance: Instance,
  {
    signal,
    message,
  }: { readonly signal: "service.crashed" | "host.lost"; readonly message: string },
): void {
  const { work } = instance;
  const fault: OperationError | undefined = work
    ? { task: work.task, message, createdAt: moment.now }
    : undefined;
  moment.stepInstance(instance, signal, fault === undefined ? {} : { lastError: fault });
  failReplicasBeingBuilt(moment, instance, message);
  if (visibleBackup(moment, instance)) failRunningBackup(moment, instance, message);
  notifyGroup(moment, instance, fault);
}

/** Makes the service of an instance unresponsive (T21). No task fails: an instance can only hang when it has none. */
export function hang(moment: Transaction, instance: Instance): void {
  moment.stepInstance(instance, "service.hung");
  notifyGroup(moment, instance, undefined);
}

/** Recovers a service, and the replication of its replicas (T21). */
export function recover(moment: Transaction, instance: Instance): void {
  moment.stepInstance(instance, "service.recovered");
}

/** Stops the replication of a replica with an error, or resumes it. Its group shows the same (T19, T20, H12). */
export function replicationSignal(
  moment: Transaction,
  replica: Instance,
  signal: "replication.broken" | "replication.repaired",
): void {
  moment.stepInstance(replica, signal);
}

/** Hidden backups belong to replicas that are being built, and end with them. */
function visibleBackup({ context }: Transaction, { accountId, backupId }: Instance): boolean {
  return (
    backupId !== null &&
    backupOf(context.topology, { accountId, id: backupId })?.hiddenForReplicaId === null
  );
}

/**
 * Fails the builds of replicas whose snapshot is still being read, or whose source was restarting for them (T7, T8).
 */
function failReplicasBeingBuilt(moment: Transaction, source: Instance, message: string): void {
  const { topology } = moment.context;
  for (const replica of replicasOf(topology, source)) {
    const { work, accountId } = replica;
    if (work?.task !== "build") continue;
    const id = String(work.target);
    const snapshot = backupOf(topology, { accountId, id });
    const isRead = snapshot?.state === "queued" || snapshot?.state === "running";
    const isAwaited = source.work?.task === "restart" && source.work.cause === work.cause;
    if (!isRead && !isAwaited) continue;
    dropHiddenBackup(moment, replica);
    const fault: OperationError = { task: "build", message, createdAt: moment.now };
    moment.stepInstance(replica, "task.failed", { lastError: fault });
  }
}

/** Notifies the group that a member's task has failed. The group inspects the state of its members itself. */
function notifyGroup(
  moment: Transaction,
  member: Instance,
  fault: OperationError | undefined,
): void {
  const group = groupOfMember(moment, member);
  if (group === undefined || (fault === undefined && isFormed(group.state))) return;
  onMemberTaskFailed(
    moment,
    group,
    member,
    // Before a group first works, all its members must exist.
    fault ?? {
      task: "build",
      message: `member ${member.id} went down`,
      createdAt: moment.now,
    },
  );
}
