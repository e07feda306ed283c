/** All tasks of an instance. */
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

/** A task of an instance. */
export type InstanceTask = (typeof instanceTasks)[number];

/** All tasks of an HA group itself. */
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

/** A task of an HA group itself. Tasks of its members are separate, and the group waits for them. */
export type HaGroupTask = (typeof haGroupTasks)[number];

/** All tasks of a backup. */
export const backupTasks = ["startBackup", "runBackup", "deleteBackup"] as const;

/** A task of a backup. */
export type BackupTask = (typeof backupTasks)[number];

/** All tasks that take time. */
export const taskKinds = [...instanceTasks, ...haGroupTasks, ...backupTasks] as const;

/** A task that takes time. */
export type TaskKind = (typeof taskKinds)[number];
