import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { AgendaOwner } from "../domain/facts.js";
import type { TaskKind } from "../domain/statuses.js";
import type { Due } from "../engine/agenda.js";

/** Something due: work under way, the next run of a schedule, or a change of a source's semi-synchronous status. */
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
export function pendingTask(due: Due): PendingTask {
  const { owner, row, dueAt, seq } = due;
  const isWork = due.owner !== "schedule" && due.owner !== "acknowledgement";
  return { kind: owner, id: row.id, task: isWork ? taskOf(due.row) : null, dueAt, seq };
}

function taskOf({ id, work }: Instance | HaGroup | Backup): TaskKind {
  if (work === null) throw new InvariantBrokenError(`${id} has nothing due`);
  return work.task;
}
