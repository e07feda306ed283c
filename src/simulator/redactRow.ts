import { deepFreeze } from "../collections/deepFreeze.js";
import type { Place, Work } from "../model/rows.js";
import type { ReplicationLog } from "../service/replication/dataPlane.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/** Row fields that would reveal activity of other accounts. */
interface RevealingFields extends Place {
  readonly work?: Work | null;
  readonly log?: ReplicationLog | null;
  readonly seq?: BackupSchedule["seq"] | null;
  readonly targetOrdinal?: number | null;
}

/**
 * Returns a row for an account client: a frozen copy without the numbers that count resources of all accounts. Its
 * place is the one in the account; `seq` and `cause`, which order due items of the whole world, are 0; `targetOrdinal`
 * of a fault is null, because the fault names its target by id.
 */
export function redactForAccount<Row extends Place>(row: Row): Row {
  const { work, log, seq, targetOrdinal }: RevealingFields = row;
  return deepFreeze({
    ...row,
    ordinal: row.accountOrdinal,
    ...(work ? { work: unordered(work) } : {}),
    ...(log ? { log: redactLog(log) } : {}),
    ...(seq === undefined ? {} : { seq: seq === null ? null : 0, cause: 0 }),
    ...(targetOrdinal === undefined ? {} : { targetOrdinal: null, clockOf: null }),
  });
}

function redactLog(log: ReplicationLog): ReplicationLog {
  const { semiSynchrony } = log;
  if (semiSynchrony?.due === null || semiSynchrony === null) return log;
  const due = unordered(semiSynchrony.due);
  return deepFreeze({ ...log, semiSynchrony: deepFreeze({ ...semiSynchrony, due }) });
}

function unordered<Due extends { readonly seq: number; readonly cause: number }>(due: Due): Due {
  return deepFreeze({ ...due, seq: 0, cause: 0 });
}
