import { type AnyStateMachine, setup } from "xstate";
import type { HaGroupSignal, HaGroupState, HaGroupStatus, TaskKind } from "../domain/statuses.js";

type Row = Partial<Record<HaGroupSignal, HaGroupState>>;

const haGroupSetup = /* @__PURE__ */ setup({
  types: {} as { events: { type: HaGroupSignal }; meta: { status: HaGroupStatus } },
  actions: {
    /** Does nothing here: whoever runs the machine starts the work that `params.kind` names. */
    startTask: (_, _params: { kind: TaskKind }) => undefined,
  },
});

/** States that a support engineer can end; a user can only delete the group (§2.4). */
const canBeRepaired: Row = { "replication.repaired": "active", "delete.requested": "deleting" };

/**
 * What can happen next to one HA group (§2.4). Context-free like the instance's machine; what a state of work
 * does to the members is the engine's business.
 */
export const haGroupMachine: AnyStateMachine = /* @__PURE__ */ haGroupSetup.createMachine({
  id: "haGroup",
  initial: "building",
  states: {
    building: {
      meta: { status: "BUILD" },
      entry: { type: "startTask", params: { kind: "createGroup" } },
      on: { "task.done": "active", "task.failed": "error" },
    },
    converting: {
      meta: { status: "BUILD" },
      entry: { type: "startTask", params: { kind: "convert" } },
      on: { "task.done": "active", "task.failed": "error" },
    },
    active: {
      meta: { status: "ACTIVE" },
      on: {
        ...allows("active", "acl.requested", "schedule.requested", "configuration.applied"),
        "addReplica.requested": "addingReplica",
        "removeReplica.requested": "removingReplica",
        "restart.requested": "rebooting",
        "flavorResize.requested": "resizingFlavor",
        "volumeResize.requested": "resizingVolume",
        "configuration.pending": "restartRequired",
        "backup.started": "backingUp",
        "source.lost": "detectingFailure",
        "failover.forced": "forcingFailover",
        "failover.disabled": "disablingFailover",
        "proxies.changed": "updatingProxyNodes",
        "replication.broken": "replicationBroken",
        "delete.requested": "deleting",
      },
    },
    backingUp: {
      meta: { status: "BACKUP" },
      on: {
        ...allows("backingUp", "acl.requested", "schedule.requested"),
        "backup.finished": "active",
        "source.lost": "detectingFailure",
        "delete.requested": "deleting",
      },
    },
    addingReplica: {
      ...working("ADDING_REPLICA", "addReplica"),
      on: { ...busy("addingReplica"), "task.done": "active", "task.failed": "addReplicaFailed" },
    },
    removingReplica: {
      ...working("REMOVING_REPLICA", "removeReplica"),
      on: {
        ...busy("removingReplica"),
        "task.done": "active",
        "task.failed": "removeReplicaFailed",
      },
    },
    restartRequired: {
      meta: { status: "RESTART_REQUIRED" },
      on: {
        ...allows(
          "restartRequired",
          "acl.requested",
          "schedule.requested",
          "configuration.pending",
        ),
        "restart.requested": "rebooting",
        "source.lost": "detectingFailure",
        "delete.requested": "deleting",
      },
    },
    rebooting: {
      ...working("REBOOT", "restartGroup"),
      on: { ...busy("rebooting"), "task.done": "active", "task.failed": "error" },
    },
    resizingVolume: {
      ...working("RESIZING_VOLUME", "resizeGroupVolumes"),
      on: { ...busy("resizingVolume"), "task.done": "active", "task.failed": "volumeResizeFailed" },
    },
    resizingFlavor: {
      ...working("RESIZING_FLAVOR", "resizeGroupFlavor"),
      on: { ...busy("resizingFlavor"), "task.done": "active", "task.failed": "flavorResizeFailed" },
    },
    // The monitor counts missed pings before it acts: the group still reads ACTIVE meanwhile (§3.8 step 1).
    detectingFailure: {
      ...working("ACTIVE", "detectFailure"),
      on: { ...busy("detectingFailure"), "task.done": "failingOver", "source.recovered": "active" },
    },
    failingOver: {
      ...working("HA_FAILOVER", "failover"),
      on: {
        ...busy("failingOver"),
        "task.done": "addingReplica",
        "task.failed": "replicationBroken",
      },
    },
    forcingFailover: {
      ...working("FORCING_FAILOVER", "forceFailover"),
      on: { ...busy("forcingFailover"), "task.done": "active", "task.failed": "replicationBroken" },
    },
    disablingFailover: {
      ...working("DISABLING_FAILOVER", "disableFailover"),
      on: {
        ...busy("disablingFailover"),
        "task.done": "failoverDisabled",
        "task.failed": "active",
      },
    },
    failoverDisabled: {
      meta: { status: "FAILOVER_DISABLED" },
      on: { ...busy("failoverDisabled"), "failover.enabled": "enablingFailover" },
    },
    enablingFailover: {
      ...working("ENABLING_FAILOVER", "enableFailover"),
      on: { ...busy("enablingFailover"), "task.done": "active", "task.failed": "failoverDisabled" },
    },
    updatingProxyNodes: {
      ...working("UPDATING_PROXY_NODES", "updateProxyNodes"),
      on: {
        ...busy("updatingProxyNodes"),
        "task.done": "active",
        "task.failed": "proxyNodesFailed",
      },
    },
    replicationBroken: {
      meta: { status: "REPLICATION_ERROR" },
      on: {
        ...allows("replicationBroken", "acl.requested", "schedule.requested"),
        ...canBeRepaired,
        "removeReplica.requested": "removingReplica",
        "source.lost": "detectingFailure",
      },
    },
    error: { meta: { status: "ERROR" }, on: { ...canBeRepaired, "acl.requested": "error" } },
    addReplicaFailed: afterFailure("addReplicaFailed", "ADD_REPLICA_FAIL"),
    removeReplicaFailed: afterFailure("removeReplicaFailed", "REMOVE_REPLICA_ERROR"),
    volumeResizeFailed: afterFailure("volumeResizeFailed", "VOLUME_RESIZE_ERROR"),
    flavorResizeFailed: afterFailure("flavorResizeFailed", "RESIZE_FLAVOR_ERROR"),
    proxyNodesFailed: afterFailure("proxyNodesFailed", "UPDATE_PROXY_NODES_ERROR"),
    deleting: {
      ...working("DELETING", "deleteGroup"),
      on: { "acl.requested": "deleting", "task.done": "deleted", "task.failed": "deletionFailed" },
    },
    deletionFailed: {
      meta: { status: "DELETION-ERROR" },
      on: { "acl.requested": "deletionFailed", "delete.requested": "deleting" },
    },
    deleted: { type: "final", meta: { status: "DELETED" } },
  },
});

/** Signals that a state takes without leaving it. */
function allows(state: HaGroupState, ...signals: readonly HaGroupSignal[]): Row {
  return Object.fromEntries(signals.map((signal) => [signal, state]));
}

/** While a group works, it takes changes of its ACLs and its deletion, and nothing else (§2.4). */
function busy(state: HaGroupState): Row {
  return { ...allows(state, "acl.requested"), "delete.requested": "deleting" };
}

function working(status: HaGroupStatus, kind: TaskKind) {
  return { meta: { status }, entry: { type: "startTask" as const, params: { kind } } };
}

function afterFailure(state: HaGroupState, status: HaGroupStatus) {
  return {
    meta: { status },
    on: {
      ...canBeRepaired,
      ...allows(state, "acl.requested"),
      "source.lost": "detectingFailure" as const,
    },
  };
}
