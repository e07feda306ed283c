/** All instance statuses of the API. */
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

/** An instance status of the API ("Database instance status"). */
export type InstanceStatus = (typeof instanceStatuses)[number];

/** All HA group statuses of the API. */
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

/** An HA group status of the API. `DELETION-ERROR` is spelt with a hyphen. */
export type HaGroupStatus = (typeof haGroupStatuses)[number];

/** Lifecycle state of an instance. More detailed than the status: BACKUP has four states, RESIZE two. */
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

/** Lifecycle state of an HA group. */
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

/** Signals of the instance lifecycle. */
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

/** Signals of the HA group lifecycle. */
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

/** Signals of the backup lifecycle. */
export type BackupSignal = "task.done" | "task.failed" | "source.lost" | "delete.requested";
