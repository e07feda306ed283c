import { groupOf, instanceOf, scheduleOf } from "../../kernel/queries.js";
import type { Invariants } from "../shared/invariant.js";
import type { BackupSchedule } from "./schedule.model.js";

/** What always holds for a backup schedule. */
export const scheduleInvariants: Invariants<BackupSchedule> = {
  "a schedule belongs to something that exists and knows it": (schedule, { topology }) => {
    const { accountId, ownerId, ownerKind, id } = schedule;
    const owner = (ownerKind === "ha" ? groupOf : instanceOf)(topology, { accountId, id: ownerId });
    return owner?.scheduleId === id;
  },
  "a schedule fires in the future, after it last fired": (
    { nextRunAt, lastScheduledAt },
    { now },
  ) => nextRunAt >= now && (lastScheduledAt === null || lastScheduledAt < nextRunAt),
  "an account finds its schedule by id": (schedule, { topology }) =>
    scheduleOf(topology, schedule)?.ordinal === schedule.ordinal,
};
