import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { AgendaOwner } from "../domain/facts.js";
import type { TaskKind } from "../domain/statuses.js";
import type { Due } from "../engine/agenda.js";

/** Something due: work under way, or the next run of a schedule. */
export interface PendingTask {
  readonly kind: AgendaOwner;
  readonly id: string;
  /** The work, or null for a schedule's run. */
  readonly task: TaskKind | null;
  /** Virtual time, ms since the epoch. */
  readonly dueAt: number;
  readonly seq: number;
}

/** What is due, for whoever looks at it. */
export function pendingTask({ owner, row, dueAt, seq }: Due): PendingTask {
  return { kind: owner, id: row.id, task: owner === "schedule" ? null : taskOf(row), dueAt, seq };
}

function taskOf({ id, work }: Instance | HaGroup | Backup): TaskKind {
  if (work === null) throw new InvariantBrokenError(`${id} has nothing due`);
  return work.task;
}
