import { add, existing, remove } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about backup schedules. */
export type ScheduleFact = FactOf<
  "ScheduleCreated" | "ScheduleChanged" | "ScheduleRemoved" | "ScheduleFired"
>;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveSchedule(topology: Mutable<Topology>, fact: ScheduleFact, at: number): void {
  switch (fact.type) {
    case "ScheduleCreated": {
      const { schedule } = fact;
      add(topology, "schedules", schedule, fact);
      ownerRow(topology, schedule.ownerKind, fact.ownerRow).scheduleId = schedule.id;
      return;
    }
    case "ScheduleChanged": {
      const row = existing(topology.schedules, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "ScheduleRemoved": {
      remove(topology, "schedules", fact);
      ownerRow(topology, fact.ownerKind, fact.ownerRow).scheduleId = null;
      return;
    }
    case "ScheduleFired": {
      const row = existing(topology.schedules, fact.row);
      row.lastScheduledAt = fact.slot;
      row.nextRunAt = fact.nextRunAt;
      row.seq = fact.seq;
      return;
    }
  }
}

function ownerRow(
  topology: Mutable<Topology>,
  kind: "instance" | "ha",
  ordinal: number,
): { scheduleId: string | null } {
  return kind === "instance"
    ? existing(topology.instances, ordinal)
    : existing(topology.groups, ordinal);
}
