import { type AnyStateMachine, setup } from "xstate";
import type { BackupState, BackupStatus } from "./backupStates.js";
import type { BackupSignal } from "./signals.js";
import type { TaskKind } from "./tasks.js";

const backupSetup = /* @__PURE__ */ setup({
  types: {} as { events: { type: BackupSignal }; meta: { status: BackupStatus } },
  actions: {
    /** Does nothing here: the interpreter starts the task `params.kind`. */
    startTask: (_, _params: { kind: TaskKind }) => undefined,
  },
});

/** What can happen next to one backup (§2.5). The source that is backed up can be lost while it is read. */
export const backupMachine: AnyStateMachine = /* @__PURE__ */ backupSetup.createMachine({
  id: "backup",
  initial: "queued",
  states: {
    queued: {
      meta: { status: "NEW" },
      entry: { type: "startTask", params: { kind: "startBackup" } },
      on: { "task.done": "running", "task.failed": "failed", "source.lost": "failed" },
    },
    running: {
      meta: { status: "BUILDING" },
      entry: { type: "startTask", params: { kind: "runBackup" } },
      on: { "task.done": "completed", "task.failed": "failed", "source.lost": "failed" },
    },
    completed: { meta: { status: "COMPLETED" }, on: { "delete.requested": "deleting" } },
    failed: { meta: { status: "FAILED" }, on: { "delete.requested": "deletingFailed" } },
    // The API has no word for it: a backup reads as it did before while its files are deleted.
    deleting: deletion("deleting", "COMPLETED"),
    deletingFailed: deletion("deletingFailed", "FAILED"),
    deletingAgain: deletion("deletingAgain", "DELETE_FAILED"),
    deleteFailed: {
      meta: { status: "DELETE_FAILED" },
      on: { "delete.requested": "deletingAgain" },
    },
    deleted: { type: "final", meta: { status: "COMPLETED" } },
  },
});

/** Asking again is taken and changes nothing. */
function deletion(
  state: "deleting" | "deletingFailed" | "deletingAgain",
  status: BackupStatus,
): {
  readonly meta: { readonly status: BackupStatus };
  readonly entry: { readonly type: "startTask"; readonly params: { readonly kind: TaskKind } };
  readonly on: Readonly<Partial<Record<BackupSignal, BackupState>>>;
} {
  return {
    meta: { status },
    entry: { type: "startTask", params: { kind: "deleteBackup" } },
    on: { "task.done": "deleted", "task.failed": "deleteFailed", "delete.requested": state },
  };
}
