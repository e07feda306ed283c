import type { WriteLog } from "../domain/dataPlane.js";
import type { BackupSchedule, Place, Work } from "../domain/entities.js";

/** What rows may have beside their place that tells of the rest of the world. */
interface Telling extends Place {
  readonly work?: Work | null;
  readonly writes?: WriteLog | null;
  readonly seq?: BackupSchedule["seq"] | null;
  readonly on?: number | null;
}

/**
 * A row as a tenant sees it: a frozen copy without the numbers that count the things of all accounts. Its place is
 * the one in the account; `seq` and `cause`, which order what is due in the whole world, read 0; what a fault stands `on`
 * reads null, as the fault itself names it by its id.
 */
export function asSeen<Row extends Place>(row: Row): Row {
  const { work, writes, seq, on }: Telling = row;
  return Object.freeze({
    ...row,
    ordinal: row.accountOrdinal,
    ...(work ? { work: unordered(work) } : {}),
    ...(writes ? { writes: writesSeen(writes) } : {}),
    ...(seq === undefined ? {} : { seq: seq === null ? null : 0, cause: 0 }),
    ...(on === undefined ? {} : { on: null }),
  });
}

function writesSeen(writes: WriteLog): WriteLog {
  const { semiSynchrony } = writes;
  if (semiSynchrony?.due === null || semiSynchrony === null) return writes;
  const due = unordered(semiSynchrony.due);
  return Object.freeze({ ...writes, semiSynchrony: Object.freeze({ ...semiSynchrony, due }) });
}

function unordered<Due extends { readonly seq: number; readonly cause: number }>(due: Due): Due {
  return Object.freeze({ ...due, seq: 0, cause: 0 });
}
