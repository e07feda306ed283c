import type { StatusKind } from "./statusKind.js";

/** An HA group status of the API. `DELETION-ERROR` is spelt with a hyphen. */
export type HaGroupStatus =
  | "BUILD"
  | "ACTIVE"
  | "BACKUP"
  | "ADDING_REPLICA"
  | "REMOVING_REPLICA"
  | "RESTART_REQUIRED"
  | "REBOOT"
  | "DELETING"
  | "DELETED"
  | "RESIZING_VOLUME"
  | "RESIZING_FLAVOR"
  | "FORCING_FAILOVER"
  | "DISABLING_FAILOVER"
  | "ENABLING_FAILOVER"
  | "FAILOVER_DISABLED"
  | "UPDATING_PROXY_NODES"
  | "ERROR"
  | "ADD_REPLICA_FAIL"
  | "REMOVE_REPLICA_ERROR"
  | "DELETION-ERROR"
  | "UPDATE_PROXY_NODES_ERROR"
  | "REPLICATION_ERROR"
  | "HA_FAILOVER"
  | "RESIZE_FLAVOR_ERROR"
  | "VOLUME_RESIZE_ERROR";

/** All HA group statuses of the API, each with what it is about. */
export const haGroupStatusKinds: Readonly<Record<HaGroupStatus, StatusKind>> = {
  BUILD: "building",
  ACTIVE: "active",
  BACKUP: "backup",
  ADDING_REPLICA: "building",
  REMOVING_REPLICA: "detaching",
  RESTART_REQUIRED: "waiting",
  REBOOT: "restarting",
  DELETING: "ending",
  DELETED: "ending",
  RESIZING_VOLUME: "resizing",
  RESIZING_FLAVOR: "resizing",
  FORCING_FAILOVER: "converting",
  DISABLING_FAILOVER: "converting",
  ENABLING_FAILOVER: "converting",
  FAILOVER_DISABLED: "waiting",
  UPDATING_PROXY_NODES: "resizing",
  ERROR: "broken",
  ADD_REPLICA_FAIL: "broken",
  REMOVE_REPLICA_ERROR: "broken",
  "DELETION-ERROR": "broken",
  UPDATE_PROXY_NODES_ERROR: "broken",
  REPLICATION_ERROR: "broken",
  HA_FAILOVER: "converting",
  RESIZE_FLAVOR_ERROR: "broken",
  VOLUME_RESIZE_ERROR: "broken",
};

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

/** What a state of an HA group means. A new state does not compile without an answer to each question. */
export interface GroupStateInfo {
  /** The API's word for the state (§2.1). */
  readonly status: HaGroupStatus;
  /** True when the group has worked once and is not on its way out: only then there is something to supervise. */
  readonly isFormed: boolean;
  /** True when the group may have no source: it never had one, or is losing its members. */
  readonly mayLackSource: boolean;
}

// Marked as without side effects: a bundle that needs only the statuses leaves out the states.
const forming = /* @__NO_SIDE_EFFECTS__ */ (status: HaGroupStatus): GroupStateInfo => ({
  status,
  isFormed: false,
  mayLackSource: false,
});
const formed = /* @__NO_SIDE_EFFECTS__ */ (status: HaGroupStatus): GroupStateInfo => ({
  ...forming(status),
  isFormed: true,
});
const ending = /* @__NO_SIDE_EFFECTS__ */ (status: HaGroupStatus): GroupStateInfo => ({
  ...forming(status),
  mayLackSource: true,
});

/** Every state of an HA group and what it means: the machine refers to it, and nothing else lists states. */
export const groupStates: Readonly<Record<HaGroupState, GroupStateInfo>> = {
  requested: forming("BUILD"),
  building: forming("BUILD"),
  connecting: forming("BUILD"),
  converting: forming("BUILD"),
  active: formed("ACTIVE"),
  backingUp: formed("BACKUP"),
  addingReplica: formed("ADDING_REPLICA"),
  removingReplica: formed("REMOVING_REPLICA"),
  restartRequired: formed("RESTART_REQUIRED"),
  rebooting: formed("REBOOT"),
  resizingVolume: formed("RESIZING_VOLUME"),
  resizingFlavor: formed("RESIZING_FLAVOR"),
  detectingFailure: formed("ACTIVE"),
  detectingWhileBroken: formed("REPLICATION_ERROR"),
  failingOver: formed("HA_FAILOVER"),
  forcingFailover: formed("FORCING_FAILOVER"),
  disablingFailover: formed("DISABLING_FAILOVER"),
  failoverDisabled: formed("FAILOVER_DISABLED"),
  enablingFailover: formed("ENABLING_FAILOVER"),
  updatingProxyNodes: formed("UPDATING_PROXY_NODES"),
  replicationBroken: formed("REPLICATION_ERROR"),
  creationFailed: ending("ERROR"),
  error: formed("ERROR"),
  addReplicaFailed: formed("ADD_REPLICA_FAIL"),
  removeReplicaFailed: formed("REMOVE_REPLICA_ERROR"),
  volumeResizeFailed: formed("VOLUME_RESIZE_ERROR"),
  flavorResizeFailed: formed("RESIZE_FLAVOR_ERROR"),
  proxyNodesFailed: formed("UPDATE_PROXY_NODES_ERROR"),
  deleting: ending("DELETING"),
  deletionFailed: ending("DELETION-ERROR"),
  deleted: forming("DELETED"),
};

/** True when the group has worked once and is not on its way out. */
export function isFormed(state: HaGroupState): boolean {
  return infoOf(state)?.isFormed === true;
}

/** True when the group may have no source. */
export function mayLackSource(state: HaGroupState): boolean {
  return infoOf(state)?.mayLackSource === true;
}

// Invariants also read rows of files, whose states can be no states at all.
function infoOf(state: HaGroupState): GroupStateInfo | undefined {
  return groupStates[state];
}
