/** Every word of the API for the condition of an instance. */
export const instanceStatuses = [
  "BUILD",
  "ACTIVE",
  "RESTART",
  "DETACH_REPLICA",
  "CONVERT_TO_HA",
  "BACKUP",
  "REBOOT",
  "RESIZE",
  "RESTART_REQUIRED",
  "REPLICATION_ERROR",
  "BLOCKED",
  "SHUTDOWN",
  "ERROR",
  "FAILED",
  "DELETION_PENDING",
] as const;

/** Word of the API for the condition of an instance ("Database instance status"). */
export type InstanceStatus = (typeof instanceStatuses)[number];

/** Every word of the API for the condition of an HA group. */
export const haGroupStatuses = [
  "BUILD",
  "ACTIVE",
  "BACKUP",
  "ADDING_REPLICA",
  "REMOVING_REPLICA",
  "RESTART_REQUIRED",
  "REBOOT",
  "DELETING",
  "DELETED",
  "RESIZING_VOLUME",
  "RESIZING_FLAVOR",
  "FORCING_FAILOVER",
  "DISABLING_FAILOVER",
  "ENABLING_FAILOVER",
  "FAILOVER_DISABLED",
  "UPDATING_PROXY_NODES",
  "ERROR",
  "ADD_REPLICA_FAIL",
  "REMOVE_REPLICA_ERROR",
  "DELETION-ERROR",
  "UPDATE_PROXY_NODES_ERROR",
  "REPLICATION_ERROR",
  "HA_FAILOVER",
  "RESIZE_FLAVOR_ERROR",
  "VOLUME_RESIZE_ERROR",
] as const;

/** Word of the API for the condition of an HA group. `DELETION-ERROR` really has a hyphen. */
export type HaGroupStatus = (typeof haGroupStatuses)[number];

/** State of an instance's lifecycle. Finer than its status: four ways of being in BACKUP, two in RESIZE. */
export type InstanceState =
  | "building"
  | "active"
  | "restarting"
  | "rebooting"
  | "resizingFlavor"
  | "resizingVolume"
  | "detaching"
  | "promoting"
  | "converting"
  | "backingUp"
  | "backingUpBeforeRestart"
  | "backingUpWhileShutdown"
  | "backingUpWhileBlocked"
  | "restartRequired"
  | "replicationBroken"
  | "replicaDown"
  | "blocked"
  | "shutdown"
  | "error"
  | "failed"
  | "deleting"
  | "deleted";

/** State of an HA group's lifecycle. */
export type HaGroupState =
  | "requested"
  | "building"
  | "connecting"
  | "converting"
  | "active"
  | "backingUp"
  | "addingReplica"
  | "removingReplica"
  | "restartRequired"
  | "rebooting"
  | "resizingVolume"
  | "resizingFlavor"
  | "detectingFailure"
  | "detectingWhileBroken"
  | "failingOver"
  | "forcingFailover"
  | "disablingFailover"
  | "failoverDisabled"
  | "enablingFailover"
  | "updatingProxyNodes"
  | "replicationBroken"
  | "creationFailed"
  | "error"
  | "addReplicaFailed"
  | "removeReplicaFailed"
  | "volumeResizeFailed"
  | "flavorResizeFailed"
  | "proxyNodesFailed"
  | "deleting"
  | "deletionFailed"
  | "deleted";

/** What an instance's lifecycle can hear. */
export type InstanceSignal =
  | "task.done"
  | "task.failed"
  | "preparation.failed"
  | "replica.added"
  | "detach.requested"
  | "promotion.requested"
  | "promotion.abandoned"
  | "restart.requested"
  | "flavorResize.requested"
  | "volumeResize.requested"
  | "backup.requested"
  | "backup.finished"
  | "conversion.started"
  | "conversion.finished"
  | "configuration.applied"
  | "configuration.pending"
  | "rename.requested"
  | "schedule.requested"
  | "write.requested"
  | "delete.requested"
  | "group.deleted"
  | "service.crashed"
  | "host.lost"
  | "service.hung"
  | "service.recovered"
  | "member.lost"
  | "replication.broken"
  | "replication.repaired";

/** What an HA group's lifecycle can hear. */
export type HaGroupSignal =
  | "task.done"
  | "task.failed"
  | "creation.accepted"
  | "conversion.accepted"
  | "members.ready"
  | "member.failed"
  | "addReplica.requested"
  | "removeReplica.requested"
  | "restart.requested"
  | "flavorResize.requested"
  | "volumeResize.requested"
  | "backup.started"
  | "backup.finished"
  | "configuration.applied"
  | "configuration.pending"
  | "acl.requested"
  | "schedule.requested"
  | "delete.requested"
  | "source.lost"
  | "source.recovered"
  | "failover.forced"
  | "failover.disabled"
  | "failover.enabled"
  | "proxies.changed"
  | "replication.broken"
  | "replication.repaired";

/** Every word of the API for the condition of a backup. */
export const backupStatuses = ["NEW", "BUILDING", "COMPLETED", "FAILED", "DELETE_FAILED"] as const;

/** Word of the API for the condition of a backup. */
export type BackupStatus = (typeof backupStatuses)[number];

/** State of a backup's lifecycle. The API has no word for a deletion under way: the backup reads as it did before. */
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

/** What a backup's lifecycle can hear. */
export type BackupSignal = "task.done" | "task.failed" | "source.lost" | "delete.requested";

/** Every kind of work of an instance. */
export const instanceTasks = [
  "build",
  "restart",
  "reboot",
  "resizeFlavor",
  "resizeVolume",
  "detach",
  "promote",
  "delete",
] as const;

/** Work of an instance. */
export type InstanceTask = (typeof instanceTasks)[number];

/** Every kind of work of an HA group itself. */
export const haGroupTasks = [
  "connect",
  "convert",
  "detectFailure",
  "failover",
  "forceFailover",
  "disableFailover",
  "enableFailover",
  "updateProxyNodes",
] as const;

/** Work of an HA group itself; what its members do is their own work, and the group waits for it. */
export type HaGroupTask = (typeof haGroupTasks)[number];

/** Every kind of work of a backup. */
export const backupTasks = ["startBackup", "runBackup", "deleteBackup"] as const;

/** Work of a backup. */
export type BackupTask = (typeof backupTasks)[number];

/** Every kind of work that takes time. */
export const taskKinds = [...instanceTasks, ...haGroupTasks, ...backupTasks] as const;

/** Kinds of work that take time. */
export type TaskKind = (typeof taskKinds)[number];
