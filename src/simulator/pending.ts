import { InvariantViolationError } from "../domain/errors.js";
import type { AgendaOwner } from "../domain/facts.js";
import type { TaskKind } from "../domain/statuses.js";
import type { DueItem } from "../engine/eventQueue.js";

/** Something due: work under way, the next run of a schedule, a change of semi-synchronous status, the turn of a fault. */
export interface PendingTask {
  readonly kind: AgendaOwner;
  readonly id: string;
  /** The work, or null for what is none. */
  readonly task: TaskKind | null;
  /** Virtual time, ms since the epoch. */
  readonly dueAt: number;
  readonly seq: number;
}

/** What is due, for whoever looks at it. */
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
