import type { AccountRow } from "../../model/rows.js";

/** What a backup schedule or a backup belongs to: the API says `instance` or `ha`. */
export type OwnerKind = BackupSchedule["ownerKind"];

/** An automated backup: its owner, times and retention. */
export interface BackupSchedule extends AccountRow {
  readonly ownerKind: "instance" | "ha";
  /** The instance or the HA group that is backed up. */
  readonly ownerId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek: number;
  /** UTC. */
  readonly hour: number;
  /** UTC. */
  readonly minute: number;
  /** Full backups to keep; older ones are deleted with the backups that are based on them. */
  readonly fullBackupRetention: number;
  /** Regions that get a copy, sorted; null when none was requested. */
  readonly copyTo: readonly string[] | null;
  /** Virtual time of the next backup, ms since the epoch. */
  readonly nextRunAt: number;
  /** Time of its last run, in virtual ms since the epoch; null before the first. */
  readonly lastScheduledAt: number | null;
  /** Order among items due at the same time. */
  readonly seq: number;
  /** Number of the journal entry that created it or last moved its run. */
  readonly cause: number;
}
