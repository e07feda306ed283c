import type { StatusKind } from "./statusKind.js";

/** An instance status of the API ("Database instance status"). */
export type InstanceStatus =
  | "BUILD"
  | "ACTIVE"
  | "RESTART"
  | "DETACH_REPLICA"
  | "CONVERT_TO_HA"
  | "BACKUP"
  | "REBOOT"
  | "RESIZE"
  | "RESTART_REQUIRED"
  | "REPLICATION_ERROR"
  | "BLOCKED"
  | "SHUTDOWN"
  | "ERROR"
  | "FAILED"
  | "DELETION_PENDING";

/** All instance statuses of the API, each with what it is about. */
export const instanceStatusKinds: Readonly<Record<InstanceStatus, StatusKind>> = {
  BUILD: "building",
  ACTIVE: "active",
  RESTART: "restarting",
  DETACH_REPLICA: "detaching",
  CONVERT_TO_HA: "converting",
  BACKUP: "backup",
  REBOOT: "restarting",
  RESIZE: "resizing",
  RESTART_REQUIRED: "waiting",
  REPLICATION_ERROR: "broken",
  BLOCKED: "broken",
  SHUTDOWN: "broken",
  ERROR: "broken",
  FAILED: "broken",
  DELETION_PENDING: "ending",
};

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

/** What an instance does for clients and replicas in a state. */
export type ServiceCondition =
  /** Answers, holds its data, and can become the source of its set or group (§3.8 step b). */
  | "ready"
  /** Answers, but is in an operation that it cannot be promoted out of. */
  | "occupied"
  /** Does not answer because of an operation that ends by itself. */
  | "interrupted"
  /** Does not answer because of a failure: replicas lose it, and a group fails over. */
  | "down";

/** What a state of an instance means. A new state does not compile without an answer to each question. */
export interface InstanceStateInfo {
  /** The API's word for the state (§2.1). */
  readonly status: InstanceStatus;
  readonly service: ServiceCondition;
  /** Faults that can have put the service here, or that keep it here. */
  readonly downBy: readonly ("crash" | "hang" | "loseHost")[];
  /** True when a replica in this state has nothing wrong with its replication. */
  readonly isReplicationHealthy: boolean;
  /** True while leaving a set, a group or the account: what only this state forbids is forbidden temporarily. */
  readonly isLeaving: boolean;
}

const info = (
  status: InstanceStatus,
  service: ServiceCondition,
  rest: Partial<Omit<InstanceStateInfo, "status" | "service">> = {},
): InstanceStateInfo => ({
  status,
  service,
  downBy: [],
  isReplicationHealthy: false,
  isLeaving: false,
  ...rest,
});

/** Every state of an instance and what it means: the machine refers to it, and nothing else lists states. */
export const instanceStates: Readonly<Record<InstanceState, InstanceStateInfo>> = {
  building: info("BUILD", "interrupted"),
  active: info("ACTIVE", "ready", { isReplicationHealthy: true }),
  restarting: info("RESTART", "interrupted"),
  rebooting: info("REBOOT", "interrupted"),
  resizingFlavor: info("RESIZE", "interrupted"),
  resizingVolume: info("RESIZE", "interrupted"),
  detaching: info("DETACH_REPLICA", "occupied", { isLeaving: true }),
  // The API has no word for it. To its users a replica that is promoted is being cut from its source.
  promoting: info("DETACH_REPLICA", "occupied", { isLeaving: true }),
  converting: info("CONVERT_TO_HA", "occupied"),
  backingUp: info("BACKUP", "ready"),
  backingUpBeforeRestart: info("BACKUP", "ready"),
  backingUpWhileShutdown: info("BACKUP", "down", { downBy: ["crash"] }),
  backingUpWhileBlocked: info("BACKUP", "down", { downBy: ["hang"] }),
  restartRequired: info("RESTART_REQUIRED", "ready", { isReplicationHealthy: true }),
  replicationBroken: info("REPLICATION_ERROR", "ready"),
  replicaDown: info("REPLICATION_ERROR", "down", { downBy: ["crash", "hang"] }),
  blocked: info("BLOCKED", "down", { downBy: ["hang"] }),
  shutdown: info("SHUTDOWN", "down", { downBy: ["crash"] }),
  error: info("ERROR", "down", { downBy: ["crash", "loseHost"] }),
  failed: info("FAILED", "down"),
  deleting: info("DELETION_PENDING", "interrupted", { isLeaving: true }),
  deleted: info("DELETION_PENDING", "interrupted", { isLeaving: true }),
};

/** True when a failure keeps the instance from answering: nothing can replicate from it. */
export function isDown(state: InstanceState): boolean {
  return infoOf(state)?.service === "down";
}

/** True when a replica in this state is alive and holds data, so that it can become a source. */
export function canBePromoted(state: InstanceState): boolean {
  return infoOf(state)?.service === "ready";
}

/** True when the database answers: clients can write to a source, and a replica can replicate. */
export function isServing(state: InstanceState): boolean {
  const service = infoOf(state)?.service;
  return service === "ready" || service === "occupied";
}

/** True when the instance is being detached or deleted. */
export function isLeaving(state: InstanceState): boolean {
  return infoOf(state)?.isLeaving === true;
}

// Invariants also read rows of files, whose states can be no states at all.
function infoOf(state: InstanceState): InstanceStateInfo | undefined {
  return instanceStates[state];
}
