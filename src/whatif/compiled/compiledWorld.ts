import { ordinalOf } from "../../collections/idIndex.js";
import { rowAt } from "../../collections/table.js";
import { accountOf } from "../../kernel/queries.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import type { Backup } from "../../service/backups/backup.model.js";
import type { InjectedFault } from "../../service/faults/fault.model.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { type ListedRow, listRows } from "../../simulator/shape.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { NotCompilableError } from "./notCompilable.js";

/** A world that stands for all worlds with the same list of rows. */
export interface CompiledWorld {
  readonly sim: ReplicationSimulator;
  readonly names: NameTable;
  readonly rows: readonly WorldRow[];
  /** The part that is equal in all worlds of the state. */
  readonly text: string;
}

/** A row of a world, with what its draws and its clock depend on. */
export interface WorldRow extends ListedRow {
  readonly value: RowValue;
  readonly key: string;
  /** Tasks started, or strikes of a clock. */
  readonly count: number;
  /** Time at which it is due; for a stopped clock, the remaining time; 0 without a clock. */
  readonly time: number;
  /** Order among what is due; null where nothing is. */
  readonly seq: number | null;
}

/** A row, with its kind. */
export type RowValue =
  | { readonly kind: "instances"; readonly row: Instance }
  | { readonly kind: "groups"; readonly row: HaGroup }
  | { readonly kind: "backups"; readonly row: Backup }
  | { readonly kind: "faults"; readonly row: InjectedFault };

/**
 * Reads a world. `watched` are instances that a measure is about alone.
 * @param before - the world that it comes from: only rows that differ are read
 */
export function readWorld(
  { sim, names }: Pick<CompiledWorld, "sim" | "names">,
  watched: readonly string[],
  before?: CompiledWorld,
): CompiledWorld {
  const listed = listRows(names.topology, before?.rows);
  const rows = listed.map((row) => ({ ...row, ...stateOf(row, names) }));
  const place = (id: string | undefined): number => rows.findIndex((row) => row.id === id);
  const things = names.things.map(({ name, isFixture, id, clientsAt, groupId, born }) => {
    const members = born.map(place).filter((at) => at >= 0);
    const parts = [place(clientsAt), place(groupId), members.sort((a, b) => a - b)];
    // What a step has created is found by its name as well.
    return isFixture ? parts : [name, place(id), ...parts];
  });
  const named = JSON.stringify([things, watched.map(place)]);
  return { sim, names, rows, text: [named, ...rows.map(({ text }) => text)].join("\n") };
}

/** Returns the number of births that the account has counted under this key. */
export function madeBefore({ sim, names }: CompiledWorld, counted: string): number {
  const account = accountOf(names.topology, sim.accountId);
  return account === undefined ? 0 : (ordinalOf(account.made, counted) ?? 0);
}

function stateOf(
  { kind, ordinal }: ListedRow,
  { topology }: NameTable,
): Pick<WorldRow, "value" | "key" | "count" | "time" | "seq"> {
  if (kind === "faults") {
    const row = rowAt(topology.faults, ordinal);
    if (row !== undefined) {
      const { key, activations: count } = row;
      return { value: { kind, row }, key, count, ...clockOf(row) };
    }
  } else if (kind === "instances" || kind === "groups" || kind === "backups") {
    const row = rowAt<Instance | HaGroup | Backup>(topology[kind], ordinal);
    if (row !== undefined) {
      const { key, tasksStarted: count, work } = row;
      const value = { kind, row } as RowValue; // the row of this table
      return { value, key, count, time: work?.dueAt ?? 0, seq: work?.seq ?? null };
    }
  }
  throw new NotCompilableError(`${kind} depend on more than states and clocks`);
}

function clockOf({ clock, dueAt, seq }: InjectedFault): Pick<WorldRow, "time" | "seq"> {
  if (dueAt !== null) return { time: dueAt, seq };
  return { time: clock === null ? 0 : clock.totalMs - clock.ranMs, seq: null };
}
