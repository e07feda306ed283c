import type { Instance, OperationError } from "../domain/entities.js";
import { isFormed } from "../lifecycle/groupStates.js";
import { backupOf, replicasOf } from "../topology/queries.js";
import { dropHiddenBackup, failRunningBackup } from "./backups.js";
import { groupOfMember, onMemberTaskFailed } from "./groupMembers.js";
import type { Transaction } from "./transaction.js";

/**
 * The service of an instance dies (T21, T24, C35). What it was doing fails with it: its backup, the replicas that need
 * it to be built, and the operation of its group that waited for it.
 */
export function crash(moment: Transaction, instance: Instance): void {
  goDown(moment, instance, {
    signal: "service.crashed",
    message: `instance ${instance.id} crashed`,
  });
}

/** The host of an instance is lost with all that it holds: as a crash, and for good. */
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
  tellGroup(moment, instance, fault);
}

/** The service of an instance answers no more (T21). Nothing under way fails: it can only hang when nothing is. */
export function hang(moment: Transaction, instance: Instance): void {
  moment.stepInstance(instance, "service.hung");
  tellGroup(moment, instance, undefined);
}

/** A service is back, and with it the replication of those who follow it (T21). */
export function recover(moment: Transaction, instance: Instance): void {
  moment.stepInstance(instance, "service.recovered");
}

/** Replication of a replica stops with an error, or runs again; its group mirrors it (T19, T20, H12). */
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

/** A replica whose snapshot is still being read, or whose source was just restarting for it, cannot be built (T7, T8). */
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

/** A group hears that work of a member failed. How its members are it sees for itself. */
function tellGroup(moment: Transaction, member: Instance, fault: OperationError | undefined): void {
  const group = groupOfMember(moment, member);
  if (group === undefined || (fault === undefined && isFormed(group.state))) return;
  onMemberTaskFailed(
    moment,
    group,
    member,
    // Before a group has worked for the first time, every member must be there.
    fault ?? {
      task: "build",
      message: `member ${member.id} went down`,
      createdAt: moment.now,
    },
  );
}
