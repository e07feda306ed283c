import { type AnyStateMachine, setup } from "xstate";
import type { BackupSignal, BackupStatus, TaskKind } from "../domain/statuses.js";

const backupSetup = /* @__PURE__ */ setup({
  types: {} as { events: { type: BackupSignal }; meta: { status: BackupStatus } },
  actions: {
    /** Does nothing here: whoever runs the machine starts the work that `params.kind` names. */
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
    failed: { meta: { status: "FAILED" }, on: { "delete.requested": "deleting" } },
    // The API has no word for it: the backup still reads COMPLETED while its files are deleted.
    deleting: {
      meta: { status: "COMPLETED" },
      entry: { type: "startTask", params: { kind: "deleteBackup" } },
      on: { "task.done": "deleted", "task.failed": "deleteFailed", "delete.requested": "deleting" },
    },
    deleteFailed: { meta: { status: "DELETE_FAILED" }, on: { "delete.requested": "deleting" } },
    deleted: { type: "final", meta: { status: "COMPLETED" } },
  },
});
