import type {
  BackupSignal,
  BackupState,
  BackupStatus,
  HaGroupSignal,
  HaGroupState,
  HaGroupStatus,
  InstanceSignal,
  InstanceState,
  InstanceStatus,
} from "replication-simulator/lifecycle";

/*
 * What the service is documented to do, written down from its documents and from nothing in src: the tests of
 * this folder hold the machines to it, cell by cell, in both directions.
 */

/** A row of a transition table: its number, the states it leaves, what they receive, the state they enter. */
export type Row<State extends string, Signal extends string> = readonly [
  row: string,
  from: readonly State[],
  signal: Signal,
  to: State | "itself",
];

/** Every status of an instance that the API knows, but for the two of version upgrades (§2.1). */
export const instanceStatuses: readonly InstanceStatus[] = [
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
];

/** Every status of an HA group that the API knows (§2.4): 25, of which one is spelled with a hyphen. */
export const groupStatuses: readonly HaGroupStatus[] = [
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
];

const operable: readonly InstanceState[] = [
  "active",
  "restartRequired",
  "shutdown",
  "blocked",
  "replicationBroken",
  "replicaDown",
];
const resizable: readonly InstanceState[] = ["active", "restartRequired", "shutdown", "blocked"];
const atWork: readonly InstanceState[] = [
  "restarting",
  "rebooting",
  "resizingFlavor",
  "resizingVolume",
  "detaching",
  "promoting",
];
const promotable: readonly InstanceState[] = ["active", "restartRequired", "replicationBroken"];
const backups: readonly InstanceState[] = [
  "backingUp",
  "backingUpBeforeRestart",
  "backingUpWhileShutdown",
  "backingUpWhileBlocked",
];
const lost: readonly InstanceState[] = ["error", "failed"];

/** §2.2: T2 to T24, then what takes no time and leads nowhere else (§2.3). */
export const instanceTransitions: readonly Row<InstanceState, InstanceSignal>[] = [
  ["T2", ["building"], "task.done", "active"],
  ["T3", ["building"], "task.failed", "error"],
  ["T4", ["building"], "preparation.failed", "failed"],
  ["T5 C29", ["active", "restartRequired"], "replica.added", "restarting"],
  ["T6", ["restarting"], "task.done", "active"],
  ["T7", ["restarting"], "task.failed", "shutdown"],
  ["T9", operable, "detach.requested", "detaching"],
  ["T10", ["detaching"], "task.done", "active"],
  ["T11", ["detaching"], "task.failed", "error"],
  // Not documented: an operator's switchover.
  ["S11", promotable, "promotion.requested", "promoting"],
  ["S11", ["promoting"], "task.done", "active"],
  ["S11", ["promoting"], "task.failed", "active"],
  ["S11", ["promoting"], "promotion.abandoned", "replicationBroken"],
  ["S11 T21", ["promoting"], "service.crashed", "shutdown"],
  ["T12", operable, "restart.requested", "rebooting"],
  ["T13", ["rebooting"], "task.done", "active"],
  ["T13", ["rebooting"], "task.failed", "shutdown"],
  ["T14", resizable, "flavorResize.requested", "resizingFlavor"],
  ["T14", resizable, "volumeResize.requested", "resizingVolume"],
  ["T14", ["resizingFlavor", "resizingVolume"], "task.done", "active"],
  ["T15", ["resizingFlavor", "resizingVolume"], "task.failed", "error"],
  ["T16", ["active"], "backup.requested", "backingUp"],
  ["T16", ["restartRequired"], "backup.requested", "backingUpBeforeRestart"],
  ["T16", ["shutdown"], "backup.requested", "backingUpWhileShutdown"],
  ["T16", ["blocked"], "backup.requested", "backingUpWhileBlocked"],
  ["T16", ["backingUp"], "backup.finished", "active"],
  ["T16", ["backingUpBeforeRestart"], "backup.finished", "restartRequired"],
  ["T16", ["backingUpWhileShutdown"], "backup.finished", "shutdown"],
  ["T16", ["backingUpWhileBlocked"], "backup.finished", "blocked"],
  ["T17", ["active"], "configuration.applied", "itself"],
  ["T17", ["active", "restartRequired"], "configuration.pending", "restartRequired"],
  ["T18", ["active"], "conversion.started", "converting"],
  ["T18", ["converting"], "conversion.finished", "active"],
  ["T19", ["active", "restartRequired"], "replication.broken", "replicationBroken"],
  ["T20", ["replicationBroken"], "replication.repaired", "active"],
  [
    "T21",
    ["active", "restartRequired", "replicationBroken", "blocked", "restarting", "rebooting"],
    "service.crashed",
    "shutdown",
  ],
  // A crash ends the work that it strikes; a resize or a detach that fails leads to ERROR (T11, T15).
  ["T21 T11 T15", ["resizingFlavor", "resizingVolume", "detaching"], "service.crashed", "error"],
  [
    "T21",
    ["converting", "backingUp", "backingUpBeforeRestart", "backingUpWhileBlocked"],
    "service.crashed",
    "shutdown",
  ],
  // Not documented: with its host an instance loses its data, and what is left of it is a row to delete.
  [
    "T21 S6",
    [
      "active",
      "restartRequired",
      "replicationBroken",
      "replicaDown",
      "blocked",
      "shutdown",
      "restarting",
      "rebooting",
      "resizingFlavor",
      "resizingVolume",
      "detaching",
      "promoting",
      "converting",
      "backingUp",
      "backingUpBeforeRestart",
      "backingUpWhileBlocked",
      "backingUpWhileShutdown",
    ],
    "host.lost",
    "error",
  ],
  ["T21", ["active", "restartRequired", "replicationBroken"], "service.hung", "blocked"],
  ["T21", ["shutdown", "blocked", "replicaDown"], "service.recovered", "active"],
  ["T21", ["backingUpWhileShutdown", "backingUpWhileBlocked"], "service.recovered", "backingUp"],
  // To its group a replica that does not answer is one that does not replicate.
  ["§3.8 item 11", ["shutdown", "blocked"], "member.lost", "replicaDown"],
  ["T22", [...operable, ...atWork, ...lost, "converting"], "delete.requested", "deleting"],
  ["T22 §2.3", ["deleting"], "delete.requested", "itself"],
  ["T23", ["deleting"], "task.done", "deleted"],
  ["T23", ["deleting"], "task.failed", "error"],
  [
    "H13",
    [...operable, ...atWork, ...backups, ...lost, "converting", "building"],
    "group.deleted",
    "deleting",
  ],
  [
    "§2.3 rename",
    ["building", ...operable, ...atWork, ...backups, ...lost, "converting"],
    "rename.requested",
    "itself",
  ],
  [
    "§2.3 add schedule",
    [...operable, ...atWork, ...backups, "converting"],
    "schedule.requested",
    "itself",
  ],
  ["§2.3 create db/user", ["active", "restartRequired"], "write.requested", "itself"],
];

/** §2.3: which command an instance takes in which status. `+` is taken, `.` is 422 unprocessableEntity. */
const statusTable = `
| status            | rename | be source | detach | restart | flavor | volume | backup | configure | convert | delete | schedule | write |
| BUILD             |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   .    |    .     |   .   |
| ACTIVE            |   +    |     +     |   +    |    +    |   +    |   +    |   +    |     +     |    +    |   +    |    +     |   +   |
| RESTART           |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| REBOOT            |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| RESIZE            |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| DETACH_REPLICA    |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| CONVERT_TO_HA     |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| BACKUP            |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   .    |    +     |   .   |
| RESTART_REQUIRED  |   +    |     +     |   +    |    +    |   +    |   +    |   +    |     .     |    .    |   +    |    +     |   +   |
| SHUTDOWN          |   +    |     .     |   +    |    +    |   +    |   +    |   +    |     .     |    .    |   +    |    +     |   .   |
| BLOCKED           |   +    |     .     |   +    |    +    |   +    |   +    |   +    |     .     |    .    |   +    |    +     |   .   |
| REPLICATION_ERROR |   +    |     .     |   +    |    +    |   .    |   .    |   .    |     .     |    .    |   +    |    +     |   .   |
| ERROR             |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    .     |   .   |
| FAILED            |   +    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    .     |   .   |
| DELETION_PENDING  |   .    |     .     |   .    |    .    |   .    |   .    |   .    |     .     |    .    |   +    |    .     |   .   |
`;

/** What each column of §2.3 sounds like to the lifecycle. */
const receivedAs = {
  rename: "rename.requested",
  "be source": "replica.added",
  detach: "detach.requested",
  restart: "restart.requested",
  flavor: "flavorResize.requested",
  volume: "volumeResize.requested",
  backup: "backup.requested",
  configure: "configuration.applied",
  convert: "conversion.started",
  delete: "delete.requested",
  schedule: "schedule.requested",
  write: "write.requested",
} as const satisfies Readonly<Record<string, InstanceSignal>>;

/** A command of §2.3, named as its column. */
export type TableCommand = keyof typeof receivedAs;

const cells: readonly (readonly string[])[] = statusTable
  .trim()
  .split("\n")
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const [head = [], ...lines] = cells;

/** §2.3, column by column: the signal of a command, and the statuses in which it is taken. */
export const statusRules: readonly {
  readonly command: TableCommand;
  readonly signal: InstanceSignal;
  readonly takenIn: readonly InstanceStatus[];
}[] = (Object.keys(receivedAs) as TableCommand[]).map((command) => ({
  command,
  signal: receivedAs[command],
  takenIn: lines
    .filter((line) => line[head.indexOf(command)] === "+")
    .map(([status]) => status as InstanceStatus),
}));

const groupAtWork: readonly HaGroupState[] = [
  "addingReplica",
  "removingReplica",
  "rebooting",
  "resizingVolume",
  "resizingFlavor",
  "detectingFailure",
  "detectingWhileBroken",
  "failingOver",
  "forcingFailover",
  "disablingFailover",
  "enablingFailover",
  "updatingProxyNodes",
];
const groupAfterFailure: readonly HaGroupState[] = [
  "error",
  "addReplicaFailed",
  "removeReplicaFailed",
  "volumeResizeFailed",
  "flavorResizeFailed",
  "proxyNodesFailed",
];
const groupServing: readonly HaGroupState[] = [
  "active",
  "backingUp",
  "restartRequired",
  "replicationBroken",
];

/** §2.4: H1 to H16. What a group's members do is their own work; the group is notified when all are done. */
export const groupTransitions: readonly Row<HaGroupState, HaGroupSignal>[] = [
  ["H1", ["requested"], "creation.accepted", "building"],
  ["H1", ["requested"], "conversion.accepted", "converting"],
  ["H2", ["building"], "members.ready", "connecting"],
  ["H2", ["connecting", "converting"], "task.done", "active"],
  ["H3", ["connecting", "converting"], "task.failed", "creationFailed"],
  ["H3", ["building", "connecting"], "member.failed", "creationFailed"],
  ["H4", ["active"], "addReplica.requested", "addingReplica"],
  ["H4", ["addingReplica"], "members.ready", "active"],
  ["H4", ["addingReplica"], "member.failed", "addReplicaFailed"],
  ["H5 §2.4", ["active", "replicationBroken"], "removeReplica.requested", "removingReplica"],
  ["H5", ["removingReplica"], "members.ready", "active"],
  ["H5", ["removingReplica"], "member.failed", "removeReplicaFailed"],
  ["H6", ["active"], "volumeResize.requested", "resizingVolume"],
  ["H6", ["resizingVolume"], "members.ready", "active"],
  ["H6", ["resizingVolume"], "member.failed", "volumeResizeFailed"],
  ["H7", ["active"], "flavorResize.requested", "resizingFlavor"],
  ["H7", ["resizingFlavor"], "members.ready", "active"],
  ["H7", ["resizingFlavor"], "member.failed", "flavorResizeFailed"],
  ["H8", ["active", "restartRequired"], "restart.requested", "rebooting"],
  ["H8", ["rebooting"], "members.ready", "active"],
  ["H8", ["rebooting"], "member.failed", "error"],
  ["H9", ["active"], "configuration.applied", "itself"],
  ["H9", ["active", "restartRequired"], "configuration.pending", "restartRequired"],
  ["H10", ["active"], "backup.started", "backingUp"],
  ["H10", ["backingUp"], "backup.finished", "active"],
  // Suppressed while the group works and while failover is off (§3.8 item 9). Damage that an operation left is no work:
  // a group with a living replica gets a source again.
  ["H11 §3.8", ["active", "backingUp", "restartRequired"], "source.lost", "detectingFailure"],
  ["H11 §3.8", ["replicationBroken", ...groupAfterFailure], "source.lost", "detectingWhileBroken"],
  ["H11", ["detectingFailure", "detectingWhileBroken"], "task.done", "failingOver"],
  // A monitor that fails leaves the group without its source.
  ["H11", ["detectingFailure", "detectingWhileBroken"], "task.failed", "replicationBroken"],
  // A false alarm.
  ["H11", ["detectingFailure"], "source.recovered", "active"],
  ["H11", ["detectingWhileBroken"], "source.recovered", "replicationBroken"],
  ["H11 C33", ["failingOver"], "task.done", "addingReplica"],
  ["§3.8 step e", ["failingOver"], "task.failed", "replicationBroken"],
  ["H12", ["active", "backingUp", "restartRequired"], "replication.broken", "replicationBroken"],
  ["H12", ["replicationBroken", ...groupAfterFailure], "replication.repaired", "active"],
  [
    "H13 §2.4",
    [
      ...groupServing,
      ...groupAtWork,
      ...groupAfterFailure,
      "creationFailed",
      "failoverDisabled",
      "deletionFailed",
    ],
    "delete.requested",
    "deleting",
  ],
  ["H13", ["deleting"], "members.ready", "deleted"],
  ["H13", ["deleting"], "member.failed", "deletionFailed"],
  ["H14", ["active"], "failover.forced", "forcingFailover"],
  ["H14", ["forcingFailover"], "task.done", "active"],
  // One that fails has changed nothing.
  ["H14", ["forcingFailover"], "task.failed", "active"],
  ["H15", ["active"], "failover.disabled", "disablingFailover"],
  ["H15", ["disablingFailover"], "task.done", "failoverDisabled"],
  ["H15", ["disablingFailover"], "task.failed", "active"],
  ["H15", ["failoverDisabled"], "failover.enabled", "enablingFailover"],
  ["H15", ["enablingFailover"], "task.done", "active"],
  ["H15", ["enablingFailover"], "task.failed", "failoverDisabled"],
  ["H16", ["active"], "proxies.changed", "updatingProxyNodes"],
  ["H16", ["updatingProxyNodes"], "task.done", "active"],
  ["H16", ["updatingProxyNodes"], "task.failed", "proxyNodesFailed"],
  // R91: ACLs change in every status but BUILD.
  [
    "R91 §2.4",
    [
      ...groupServing,
      ...groupAtWork,
      ...groupAfterFailure,
      "creationFailed",
      "failoverDisabled",
      "deleting",
      "deletionFailed",
    ],
    "acl.requested",
    "itself",
  ],
  ["§2.3 add schedule", groupServing, "schedule.requested", "itself"],
];

/** §2.4, last paragraph: in which statuses a group takes a command. */
export const groupTakesIn: Readonly<Partial<Record<HaGroupSignal, readonly HaGroupStatus[]>>> = {
  "addReplica.requested": ["ACTIVE"],
  "removeReplica.requested": ["ACTIVE", "REPLICATION_ERROR"],
  "flavorResize.requested": ["ACTIVE"],
  "volumeResize.requested": ["ACTIVE"],
  "restart.requested": ["ACTIVE", "RESTART_REQUIRED"],
  "configuration.applied": ["ACTIVE"],
  "backup.started": ["ACTIVE"],
  "failover.forced": ["ACTIVE"],
  "failover.disabled": ["ACTIVE"],
  "failover.enabled": ["FAILOVER_DISABLED"],
  "proxies.changed": ["ACTIVE"],
  "acl.requested": groupStatuses.filter((status) => status !== "BUILD" && status !== "DELETED"),
  "delete.requested": groupStatuses.filter(
    (status) => status !== "BUILD" && status !== "DELETING" && status !== "DELETED",
  ),
};

/** §2.5: the transitions of a backup. */
export const backupTransitions: readonly Row<BackupState, BackupSignal>[] = [
  ["§2.5", ["queued"], "task.done", "running"],
  ["§2.5", ["running"], "task.done", "completed"],
  ["§2.5", ["queued", "running"], "task.failed", "failed"],
  ["§2.5 the source is lost", ["queued", "running"], "source.lost", "failed"],
  ["§2.5", ["completed"], "delete.requested", "deleting"],
  ["§2.5", ["failed"], "delete.requested", "deletingFailed"],
  ["§2.5", ["deleteFailed"], "delete.requested", "deletingAgain"],
  [
    "§2.5 asked again",
    ["deleting", "deletingFailed", "deletingAgain"],
    "delete.requested",
    "itself",
  ],
  ["§2.5", ["deleting", "deletingFailed", "deletingAgain"], "task.done", "deleted"],
  ["§2.5", ["deleting", "deletingFailed", "deletingAgain"], "task.failed", "deleteFailed"],
];

/** §2.5: the words for a backup; there is none for one that is being deleted. */
export const backupStatusOf: Readonly<Record<BackupState, BackupStatus>> = {
  queued: "NEW",
  running: "BUILDING",
  completed: "COMPLETED",
  failed: "FAILED",
  deleting: "COMPLETED",
  deletingFailed: "FAILED",
  deletingAgain: "DELETE_FAILED",
  deleteFailed: "DELETE_FAILED",
  deleted: "COMPLETED",
};
