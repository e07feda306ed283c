/** All backup statuses of the API. */
export const backupStatuses = ["NEW", "BUILDING", "COMPLETED", "FAILED", "DELETE_FAILED"] as const;

/** A backup status of the API. */
export type BackupStatus = (typeof backupStatuses)[number];

/** Lifecycle state of a backup. The API has no status for a running deletion: the backup keeps its status. */
export type BackupState =
  | "queued"
  | "running"
  | "completed"
  | "failed"
  | "deleting"
  | "deletingFailed"
  | "deletingAgain"
  | "deleteFailed"
  | "deleted";
