import type { DueItem } from "../kernel/eventQueue.js";
import type { TaskKind } from "../lifecycle/tasks.js";
import { InvariantViolationError } from "../model/errors.js";

/** A due item: a running task, the next run of a schedule, a change of semi-synchronous status, a fault. */
export interface PendingTask {
  /** Kind of the owner of the item. */
  readonly kind: "instance" | "group" | "backup" | "schedule" | "acknowledgement" | "fault";
  readonly id: string;
  /** The task; null for an item that is not one. */
  readonly task: TaskKind | null;
  /** Virtual time, ms since the epoch. */
  readonly dueAt: number;
  readonly seq: number;
}

/** Returns a due item for callers. */
export function pendingTask(due: DueItem): PendingTask {
  const { owner, row, dueAt, seq } = due;
  return { kind: owner, id: row.id, task: taskOf(due), dueAt, seq };
}

function taskOf(due: DueItem): TaskKind | null {
  if (due.owner === "schedule" || due.owner === "acknowledgement" || due.owner === "fault") {
    return null;
  }
  const { id, work } = due.row;
  if (work === null) throw new InvariantViolationError(`${id} has no pending task`);
  return work.task;
}
