import { type AnyStateMachine, setup } from "xstate";
import type { HaGroupState } from "./groupStates.js";
import { type GroupStateInfo, groupStates } from "./groupStates.js";
import type { HaGroupSignal } from "./signals.js";
import type { TaskKind } from "./tasks.js";

type Row = Partial<Record<HaGroupSignal, HaGroupState>>;

const haGroupSetup = /* @__PURE__ */ setup({
  types: {} as { events: { type: HaGroupSignal }; meta: GroupStateInfo },
  actions: {
    /** Does nothing here: the interpreter starts the task `params.kind`. */
    startTask: (_, _params: { kind: TaskKind }) => undefined,
  },
});

/**
 * States that an operator of the service can end; a user can only delete the group (§2.4). A source can be lost
 * in them.
 */
const afterDamage: Row = {
  "replication.repaired": "active",
  "source.lost": "detectingWhileBroken",
};

/**
 * What can happen next to one HA group (§2.4). Context-free like the instance's machine. Some states have work of
 * their own; others wait for their members, whose work it is: `members.ready`, or `member.failed`.
 */
export const haGroupMachine: AnyStateMachine = /* @__PURE__ */ haGroupSetup.createMachine({
  id: "haGroup",
  initial: "requested",
  states: {
    // No group is ever seen here: it enters its first real state in the moment in which it is accepted.
    requested: {
      meta: groupStates.requested,
      on: { "creation.accepted": "building", "conversion.accepted": "converting" },
    },
    building: {
      meta: groupStates.building,
      on: { "members.ready": "connecting", "member.failed": "creationFailed" },
    },
    // Addresses, proxies and the monitor come last.
    connecting: {
      ...working("connecting", "connect"),
      on: {
        "task.done": "active",
        "task.failed": "creationFailed",
        "member.failed": "creationFailed",
      },
    },
    converting: {
      ...working("converting", "convert"),
      on: { "task.done": "active", "task.failed": "creationFailed" },
    },
    active: {
      meta: groupStates.active,
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
      meta: groupStates.backingUp,
      on: {
        ...busy("backingUp"),
        "schedule.requested": "backingUp",
        "source.lost": "detectingFailure",
        "backup.finished": "active",
        "replication.broken": "replicationBroken",
      },
    },
    addingReplica: {
      meta: groupStates.addingReplica,
      on: {
        ...busy("addingReplica"),
        "members.ready": "active",
        "member.failed": "addReplicaFailed",
      },
    },
    removingReplica: {
      meta: groupStates.removingReplica,
      on: {
        ...busy("removingReplica"),
        "members.ready": "active",
        "member.failed": "removeReplicaFailed",
      },
    },
    restartRequired: {
      meta: groupStates.restartRequired,
      on: {
        ...busy("restartRequired"),
        ...allows("restartRequired", "schedule.requested", "configuration.pending"),
        "restart.requested": "rebooting",
        "source.lost": "detectingFailure",
        "replication.broken": "replicationBroken",
      },
    },
    rebooting: {
      meta: groupStates.rebooting,
      on: { ...busy("rebooting"), "members.ready": "active", "member.failed": "error" },
    },
    resizingVolume: {
      meta: groupStates.resizingVolume,
      on: {
        ...busy("resizingVolume"),
        "members.ready": "active",
        "member.failed": "volumeResizeFailed",
      },
    },
    resizingFlavor: {
      meta: groupStates.resizingFlavor,
      on: {
        ...busy("resizingFlavor"),
        "members.ready": "active",
        "member.failed": "flavorResizeFailed",
      },
    },
    // The monitor counts missed pings before it reacts: the group is still ACTIVE meanwhile (§3.8 step 1).
    detectingFailure: {
      ...working("detectingFailure", "detectFailure"),
      on: {
        ...busy("detectingFailure"),
        "task.done": "failingOver",
        // A monitor that fails leaves a group without its source.
        "task.failed": "replicationBroken",
        // A false alarm.
        "source.recovered": "active",
      },
    },
    failingOver: {
      ...working("failingOver", "failover"),
      on: {
        ...busy("failingOver"),
        "task.done": "addingReplica",
        "task.failed": "replicationBroken",
      },
    },
    // One that fails has changed nothing: the source is what it was.
    forcingFailover: {
      ...working("forcingFailover", "forceFailover"),
      on: { ...busy("forcingFailover"), "task.done": "active", "task.failed": "active" },
    },
    disablingFailover: {
      ...working("disablingFailover", "disableFailover"),
      on: {
        ...busy("disablingFailover"),
        "task.done": "failoverDisabled",
        "task.failed": "active",
      },
    },
    // A source that is lost now stays lost: no replica is promoted (H15).
    failoverDisabled: {
      meta: groupStates.failoverDisabled,
      on: { ...busy("failoverDisabled"), "failover.enabled": "enablingFailover" },
    },
    enablingFailover: {
      ...working("enablingFailover", "enableFailover"),
      on: {
        ...busy("enablingFailover"),
        "task.done": "active",
        "task.failed": "failoverDisabled",
      },
    },
    updatingProxyNodes: {
      ...working("updatingProxyNodes", "updateProxyNodes"),
      on: {
        ...busy("updatingProxyNodes"),
        "task.done": "active",
        "task.failed": "proxyNodesFailed",
      },
    },
    replicationBroken: {
      meta: groupStates.replicationBroken,
      on: {
        ...busy("replicationBroken"),
        ...afterDamage,
        "schedule.requested": "replicationBroken",
        "removeReplica.requested": "removingReplica",
      },
    },
    // The monitor counts in a group that was not well before, too, which never reads better than it is.
    detectingWhileBroken: {
      ...working("detectingWhileBroken", "detectFailure"),
      on: {
        ...busy("detectingWhileBroken"),
        "task.done": "failingOver",
        "task.failed": "replicationBroken",
        "source.recovered": "replicationBroken",
      },
    },
    // It never worked, and never will (§9 C21): a user can only delete it.
    creationFailed: { meta: groupStates.creationFailed, on: busy("creationFailed") },
    error: afterFailure("error"),
    addReplicaFailed: afterFailure("addReplicaFailed"),
    removeReplicaFailed: afterFailure("removeReplicaFailed"),
    volumeResizeFailed: afterFailure("volumeResizeFailed"),
    flavorResizeFailed: afterFailure("flavorResizeFailed"),
    proxyNodesFailed: afterFailure("proxyNodesFailed"),
    deleting: {
      meta: groupStates.deleting,
      on: {
        "acl.requested": "deleting",
        "members.ready": "deleted",
        "member.failed": "deletionFailed",
      },
    },
    deletionFailed: {
      meta: groupStates.deletionFailed,
      on: { "acl.requested": "deletionFailed", "delete.requested": "deleting" },
    },
    deleted: { type: "final", meta: groupStates.deleted },
  },
});

/** Signals that a state takes without leaving it. */
function allows(state: HaGroupState, ...signals: readonly HaGroupSignal[]): Row {
  return Object.fromEntries(signals.map((signal) => [signal, state]));
}

/**
 * While a group works, it takes changes of its ACLs and its deletion (§2.4). The loss of its source has to wait (§3.8
 * item 9): the group receives the signal when the task has ended.
 */
function busy(state: HaGroupState): Row {
  return { "acl.requested": state, "delete.requested": "deleting" };
}

function working(state: HaGroupState, kind: TaskKind) {
  return { meta: groupStates[state], entry: { type: "startTask" as const, params: { kind } } };
}

function afterFailure(state: HaGroupState) {
  return { meta: groupStates[state], on: { ...busy(state), ...afterDamage } };
}
