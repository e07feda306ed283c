import type { BackupSchedule, Place, Work } from "../domain/entities.js";

/** What rows may have beside their place that tells of the rest of the world. */
interface Telling extends Place {
  readonly work?: Work | null;
  readonly seq?: BackupSchedule["seq"];
}

/**
 * A row as a tenant sees it: a frozen copy without the numbers that count the things of all accounts. Its place is
 * the one in the account; `seq` and `cause`, which order the work of the whole world, read 0.
 */
export function asSeen<Row extends Place>(row: Row): Row {
  const { work, seq }: Telling = row;
  return Object.freeze({
    ...row,
    ordinal: row.accountOrdinal,
    ...(work ? { work: Object.freeze({ ...work, seq: 0, cause: 0 }) } : {}),
    ...(seq === undefined ? {} : { seq: 0 }),
  });
}
