import type { DatastoreInput } from "./catalog.js";
import type { OwnerKind } from "./entities.js";
import type { LabelInput } from "./labels.js";

/** A set of parameters for a datastore version. */
export interface CreateConfigurationInput extends LabelInput {
  readonly name: string;
  /** What its user says of it. */
  readonly description?: string;
  /** Defaults to the catalog's. */
  readonly datastore?: DatastoreInput;
  /** Parameter by name. Those that the catalog does not call dynamic take effect at a restart. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** Names one configuration. */
export interface ConfigurationIdInput {
  readonly configurationId: string;
}

/** A backup of an instance or a group, on demand. */
export interface CreateBackupInput extends LabelInput {
  readonly name: string;
  /** What `ownerId` names; default `instance`. */
  readonly ownerKind?: OwnerKind;
  /** Id of the instance or the HA group to back up. */
  readonly ownerId: string;
  readonly description?: string;
  /** A completed backup of the same source that this one adds to. */
  readonly parentId?: string;
  /**
   * Adds to the last backup of the same source that can be added to; a full one where there is none. Says nothing beside
   * a `parentId`.
   */
  readonly incremental?: boolean;
}

/** Names one backup. */
export interface BackupIdInput {
  readonly backupId: string;
}

/** A backup schedule; day, hour and minute are drawn where they are left out. */
export interface CreateScheduleInput extends LabelInput {
  /** What `ownerId` names; default `instance`. */
  readonly ownerKind?: OwnerKind;
  /** Id of the instance or the HA group to back up. */
  readonly ownerId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek?: number;
  /** 0 to 23, UTC. */
  readonly hour?: number;
  /** 0 to 59. */
  readonly minute?: number;
  /** Full backups to keep. */
  readonly fullBackupRetention?: number;
  /** Regions that get a copy. */
  readonly copyTo?: readonly string[];
}

/** Other times or another retention for a schedule. */
export interface UpdateScheduleInput {
  readonly scheduleId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek?: number;
  /** 0 to 23, UTC. */
  readonly hour?: number;
  /** 0 to 59. */
  readonly minute?: number;
  /** Full backups to keep. */
  readonly fullBackupRetention?: number;
  /** Regions that get a copy. */
  readonly copyTo?: readonly string[];
  /** Takes a backup at once, too. */
  readonly runNow?: boolean;
}

/** Names one schedule. */
export interface ScheduleIdInput {
  readonly scheduleId: string;
}
