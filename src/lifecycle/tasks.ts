/** A documented duration, with its source. Docs are generated from it. */
export interface DurationSource {
  readonly ms: number;
  readonly source: string;
  readonly description: string;
}

/** A task of an instance. */
export type InstanceTask =
  | "build"
  | "restart"
  | "reboot"
  | "resizeFlavor"
  | "resizeVolume"
  | "detach"
  | "promote"
  | "delete";

/** A task of an HA group itself. Tasks of its members are separate, and the group waits for them. */
export type HaGroupTask =
  | "connect"
  | "convert"
  | "detectFailure"
  | "failover"
  | "forceFailover"
  | "disableFailover"
  | "enableFailover"
  | "updateProxyNodes";

/** A task of a backup. */
export type BackupTask = "startBackup" | "runBackup" | "deleteBackup";

/** A task that takes time. */
export type TaskKind = InstanceTask | HaGroupTask | BackupTask;

/** All tasks of an instance, with their documented durations (§6.2). */
export const instanceTasks: Readonly<Record<InstanceTask, DurationSource>> = {
  build: { ms: 35_000, source: "§6.2 [docs]", description: "an instance is built (BUILD)" },
  restart: {
    ms: 3_000,
    source: "§6.2 [docs]",
    description: "a source restarts because a replica is added (RESTART)",
  },
  reboot: {
    ms: 5_000,
    source: "§6.2 [inferred]",
    description: "an instance restarts on request (REBOOT)",
  },
  resizeFlavor: {
    ms: 60_000,
    source: "§6.2 [inferred]",
    description: "an instance gets another flavor (RESIZE)",
  },
  resizeVolume: { ms: 15_000, source: "§6.2 [inferred]", description: "a volume grows (RESIZE)" },
  detach: {
    ms: 5_000,
    source: "§6.2 [inferred]",
    description: "a replica is cut from its source (DETACH_REPLICA)",
  },
  promote: {
    ms: 5_000,
    source: "S11 [inferred]",
    description:
      "a replica of a plain set becomes its source, after it has applied what it lacks (DETACH_REPLICA)",
  },
  delete: {
    ms: 10_000,
    source: "§6.2 [inferred]",
    description: "an instance is deleted (DELETION_PENDING)",
  },
};

/** All tasks of an HA group, with their documented durations. */
export const haGroupTasks: Readonly<Record<HaGroupTask, DurationSource>> = {
  connect: {
    ms: 191_000,
    source: "§6.2 [howto]",
    description:
      "a new group gets its addresses, after its members (BUILD; 35 s + 74 s + 191 s = 300 s)",
  },
  convert: {
    ms: 120_000,
    source: "§6.2 [inferred]",
    description: "a replication set becomes an HA group (CONVERT_TO_HA)",
  },
  detectFailure: {
    ms: 9_000,
    source: "§3.8 [mha]",
    description: "the monitor misses four pings (still ACTIVE)",
  },
  failover: {
    ms: 11_000,
    source: "§3.8 [docs]",
    description: "a replica is promoted (HA_FAILOVER)",
  },
  forceFailover: {
    ms: 11_000,
    source: "H14 [inferred]",
    description: "a replica is promoted on request (FORCING_FAILOVER)",
  },
  disableFailover: {
    ms: 1_000,
    source: "H15 [inferred]",
    description: "failover is switched off (DISABLING_FAILOVER)",
  },
  enableFailover: {
    ms: 1_000,
    source: "H15 [inferred]",
    description: "failover is switched on (ENABLING_FAILOVER)",
  },
  updateProxyNodes: {
    ms: 5_000,
    source: "H16 [inferred]",
    description: "the proxies are reconfigured (UPDATING_PROXY_NODES)",
  },
};

/** All tasks of a backup, with their documented durations. */
export const backupTasks: Readonly<Record<BackupTask, DurationSource>> = {
  startBackup: {
    ms: 500,
    source: "§6.2 [docs]",
    description: "a backup waits for its worker (NEW)",
  },
  runBackup: { ms: 6_000, source: "§6.2 [docs]", description: "a backup runs (BUILDING)" },
  deleteBackup: {
    ms: 1_000,
    source: "§2.5 [inferred]",
    description: "the files of a backup are deleted",
  },
};

/** All tasks that take time. */
export const taskKinds = /* @__PURE__ */ Object.keys({
  ...instanceTasks,
  ...haGroupTasks,
  ...backupTasks,
}) as readonly TaskKind[];
