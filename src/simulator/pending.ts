import { rowAt } from "../collections/table.js";
import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { AgendaOwner } from "../domain/facts.js";
import type { TaskKind } from "../domain/statuses.js";
import type { AgendaEntry } from "../engine/agenda.js";
import type { Topology } from "../topology/state.js";

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

/** What an entry of the agenda stands for. */
export function pendingTask(
  topology: Topology,
  { owner, row, dueAt, seq }: AgendaEntry,
): PendingTask {
  const { instances, groups, backups, schedules } = topology;
  const tables = { instance: instances, group: groups, backup: backups };
  const worker =
    owner === "schedule" ? undefined : rowAt<Instance | HaGroup | Backup>(tables[owner], row);
  const id = worker?.id ?? rowAt(schedules, row)?.id;
  if (id === undefined) throw new InvariantBrokenError(`the agenda names ${owner} ${String(row)}`);
  return { kind: owner, id, task: worker?.work?.task ?? null, dueAt, seq };
}
