import { type AnyStateMachine, setup } from "xstate";
import type { InstanceState } from "./instanceStates.js";
import { type InstanceStateInfo, instanceStates } from "./instanceStates.js";
import type { InstanceSignal } from "./signals.js";
import type { TaskKind } from "./tasks.js";

type Row = Partial<Record<InstanceSignal, InstanceState>>;

const instanceSetup = /* @__PURE__ */ setup({
  types: {} as { events: { type: InstanceSignal }; meta: InstanceStateInfo },
  actions: {
    /** Does nothing here: the interpreter starts the task `params.kind`. */
    startTask: (_, _params: { kind: TaskKind }) => undefined,
  },
});

/** Faults that can strike any service that runs (§11, T19, T21, C35). */
const canBreak: Row = {
  "service.crashed": "shutdown",
  "host.lost": "error",
  "service.hung": "blocked",
  "replication.broken": "replicationBroken",
};

/** A member is deleted with its group, whatever it is doing. */
const canBeDeleted: Row = { "delete.requested": "deleting", "group.deleted": "deleting" };

/** What an administrator may ask of a service that runs or could run again (§2.3). */
const canBeOperated: Row = {
  "restart.requested": "rebooting",
  "detach.requested": "detaching",
  ...canBeDeleted,
};

/** A replica that has data can become the source of its set. */
const canBePromoted: Row = { "promotion.requested": "promoting" };

const canBeResized: Row = {
  "flavorResize.requested": "resizingFlavor",
  "volumeResize.requested": "resizingVolume",
};

/**
 * What can happen next to one instance, and nothing else: whether it may is the rule book's business, how long
 * it takes the latency profile's. No context, no guards, no delays, so that every cell can be compiled.
 * `meta` says what a state means, the API's word for it included; an entry action names the work that the state
 * waits for.
 */
export const instanceMachine: AnyStateMachine = /* @__PURE__ */ instanceSetup.createMachine({
  id: "instance",
  initial: "building",
  states: {
    building: {
      meta: instanceStates.building,
      entry: { type: "startTask", params: { kind: "build" } },
      on: {
        "task.done": "active",
        "task.failed": "error",
        "preparation.failed": "failed",
        "rename.requested": "building",
        // Only its group can give up an instance that is not built yet.
        "group.deleted": "deleting",
      },
    },
    active: {
      meta: instanceStates.active,
      on: {
        ...canBreak,
        ...canBeOperated,
        ...canBePromoted,
        ...canBeResized,
        ...allows("active", "rename.requested", "schedule.requested", "write.requested"),
        "replica.added": "restarting",
        "backup.requested": "backingUp",
        "conversion.started": "converting",
        "configuration.applied": "active",
        "configuration.pending": "restartRequired",
      },
    },
    restarting: {
      meta: instanceStates.restarting,
      entry: { type: "startTask", params: { kind: "restart" } },
      on: {
        ...allows("restarting", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "shutdown",
        "service.crashed": "shutdown",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    rebooting: {
      meta: instanceStates.rebooting,
      entry: { type: "startTask", params: { kind: "reboot" } },
      on: {
        ...allows("rebooting", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "shutdown",
        "service.crashed": "shutdown",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    resizingFlavor: {
      meta: instanceStates.resizingFlavor,
      entry: { type: "startTask", params: { kind: "resizeFlavor" } },
      on: {
        ...allows("resizingFlavor", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "error",
        "service.crashed": "error",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    resizingVolume: {
      meta: instanceStates.resizingVolume,
      entry: { type: "startTask", params: { kind: "resizeVolume" } },
      on: {
        ...allows("resizingVolume", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "error",
        "service.crashed": "error",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    detaching: {
      meta: instanceStates.detaching,
      entry: { type: "startTask", params: { kind: "detach" } },
      on: {
        ...allows("detaching", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "error",
        "service.crashed": "error",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    // Whatever ends it early leaves a replica that follows the source that it followed.
    promoting: {
      meta: instanceStates.promoting,
      entry: { type: "startTask", params: { kind: "promote" } },
      on: {
        ...allows("promoting", "rename.requested", "schedule.requested"),
        "task.done": "active",
        "task.failed": "active",
        "promotion.abandoned": "replicationBroken",
        "service.crashed": "shutdown",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    // No work of its own: the conversion is the group's, and the group says when it is over.
    converting: {
      meta: instanceStates.converting,
      on: {
        ...allows("converting", "rename.requested", "schedule.requested"),
        "conversion.finished": "active",
        "service.crashed": "shutdown",
        "host.lost": "error",
        ...canBeDeleted,
      },
    },
    // The work is the backup's own; the instance waits for its end.
    backingUp: backupFrom("active"),
    backingUpBeforeRestart: backupFrom("restartRequired"),
    backingUpWhileShutdown: backupFrom("shutdown"),
    backingUpWhileBlocked: backupFrom("blocked"),
    restartRequired: {
      meta: instanceStates.restartRequired,
      on: {
        ...canBreak,
        ...canBeOperated,
        ...canBePromoted,
        ...canBeResized,
        ...allows("restartRequired", "rename.requested", "schedule.requested", "write.requested"),
        "replica.added": "restarting",
        "backup.requested": "backingUpBeforeRestart",
        "configuration.pending": "restartRequired",
      },
    },
    replicationBroken: {
      meta: instanceStates.replicationBroken,
      on: {
        ...canBeOperated,
        ...canBePromoted,
        ...allows("replicationBroken", "rename.requested", "schedule.requested"),
        "replication.repaired": "active",
        "service.crashed": "shutdown",
        "host.lost": "error",
        "service.hung": "blocked",
      },
    },
    // A replica of a group that does not answer: the group only sees that no replica follows its source (§3.8 item 11).
    replicaDown: {
      meta: instanceStates.replicaDown,
      on: {
        ...canBeOperated,
        ...allows("replicaDown", "rename.requested", "schedule.requested"),
        "service.recovered": "active",
        "host.lost": "error",
      },
    },
    blocked: {
      meta: instanceStates.blocked,
      on: {
        ...canBeOperated,
        ...canBeResized,
        ...allows("blocked", "rename.requested", "schedule.requested"),
        "backup.requested": "backingUpWhileBlocked",
        "service.recovered": "active",
        "service.crashed": "shutdown",
        "host.lost": "error",
        "member.lost": "replicaDown",
      },
    },
    shutdown: {
      meta: instanceStates.shutdown,
      on: {
        ...canBeOperated,
        ...canBeResized,
        ...allows("shutdown", "rename.requested", "schedule.requested"),
        "backup.requested": "backingUpWhileShutdown",
        "service.recovered": "active",
        "host.lost": "error",
        "member.lost": "replicaDown",
      },
    },
    error: {
      meta: instanceStates.error,
      on: {
        "rename.requested": "error",
        ...canBeDeleted,
      },
    },
    failed: {
      meta: instanceStates.failed,
      on: {
        "rename.requested": "failed",
        ...canBeDeleted,
      },
    },
    deleting: {
      meta: instanceStates.deleting,
      entry: { type: "startTask", params: { kind: "delete" } },
      on: {
        "task.done": "deleted",
        "task.failed": "error",
        // Asking again is taken and changes nothing (§2.3).
        "delete.requested": "deleting",
      },
    },
    deleted: { type: "final", meta: instanceStates.deleted },
  },
});

/** Signals that a state takes without leaving it. */
function allows(state: InstanceState, ...signals: readonly InstanceSignal[]): Row {
  return Object.fromEntries(signals.map((signal) => [signal, state]));
}

/** A backup reads and does not restart: the instance comes back to where it was, however the backup ends (T16). */
function backupFrom(state: "active" | "restartRequired" | "shutdown" | "blocked") {
  const self: InstanceState = (
    {
      active: "backingUp",
      restartRequired: "backingUpBeforeRestart",
      shutdown: "backingUpWhileShutdown",
      blocked: "backingUpWhileBlocked",
    } as const
  )[state];
  return {
    meta: instanceStates[self],
    on: {
      ...allows(self, "rename.requested", "schedule.requested"),
      "backup.finished": state,
      "host.lost": "error" as const,
      "group.deleted": "deleting" as const,
      ...(state === "shutdown" ? {} : { "service.crashed": "shutdown" as const }),
      // The backup goes on, of a service that runs again.
      ...(state === "shutdown" || state === "blocked"
        ? { "service.recovered": "backingUp" as const }
        : {}),
    },
  };
}
