import { birthByCommand } from "../../kernel/lineage.js";
import { backupsOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { Implementations } from "../commands/implementation.js";
import { requireBackup, requireGroup, requireInstance } from "../shared/lookups.js";
import { backupViolation, createBackupRules, deleteBackupRules } from "./backupRules.js";
import { startBackup } from "./startBackup.js";

/** Commands on backups. */
export const backupImplementations = {
  createBackup: {
    rules: createBackupRules,
    decide: createBackup,
  },
  deleteBackup: {
    rules: deleteBackupRules,
    decide: deleteBackup,
  },
} satisfies Implementations;

/** Starts a backup on demand. */
function createBackup(moment: Transaction, command: CommandOf<"createBackup">): void {
  const { ownerKind = "instance", ownerId, name, description, parentId, label } = command;
  const owner =
    ownerKind === "ha"
      ? requireGroup(moment, ownerId)
      : requireInstance(moment, { instanceId: ownerId });
  startBackup(moment, owner, {
    name,
    description: description ?? null,
    parentId: parentId ?? (command.incremental === true ? lastUsable(moment, owner) : null),
    birth: birthByCommand(moment, { label, kind: "backup", parentKey: owner.key, name }),
  });
}

/** Returns the newest backup of an owner that can be the parent of an incremental backup without an explicit parent. */
function lastUsable(
  { context }: Transaction,
  { id, accountId }: { readonly id: string; readonly accountId: string },
): string | null {
  const { topology } = context;
  const usable = backupsOf(topology, { accountId, id }).filter(
    (backup) =>
      backup.hiddenForReplicaId === null && backupViolation(topology, backup) === undefined,
  );
  return usable.at(-1)?.id ?? null;
}

/** Starts the deletion of a backup's files. When it is done, the backup and its incremental backups are removed. */
function deleteBackup(moment: Transaction, { backupId }: CommandOf<"deleteBackup">): void {
  moment.tryBackup(requireBackup(moment, backupId), "delete.requested");
}
