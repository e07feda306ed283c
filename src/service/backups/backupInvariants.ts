import { backupOf, instanceOf } from "../../kernel/queries.js";
import type { Invariants } from "../shared/invariant.js";
import type { Backup } from "./backup.model.js";

/** What always holds for a backup. */
export const backupInvariants: Invariants<Backup> = {
  "a backup has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.backup.taskOf[state] === (work?.task ?? null),
  "the status of a backup is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.backup.statusOf[state] === status,
  "an incremental backup has a parent of the same source": (
    { accountId, parentId, ownerId },
    { topology },
  ) => parentId === null || backupOf(topology, { accountId, id: parentId })?.ownerId === ownerId,
  "a hidden backup is gone when its replica is built": (
    { accountId, hiddenForReplicaId },
    { topology },
  ) =>
    hiddenForReplicaId === null ||
    instanceOf(topology, { accountId, id: hiddenForReplicaId })?.state === "building",
  "a backup's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its backup by id": (backup, { topology }) =>
    backupOf(topology, backup)?.ordinal === backup.ordinal,
};
