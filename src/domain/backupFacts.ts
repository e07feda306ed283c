import type {
  Backup,
  BackupSchedule,
  Configuration,
  Counted,
  OperationError,
  Work,
} from "./entities.js";
import type { BackupState, BackupStatus } from "./statuses.js";

/** A schedule exists; `carriedFrom` names the schedule that a conversion to HA turned into it. */
export interface ScheduleCreated extends Counted {
  readonly type: "ScheduleCreated";
  readonly schedule: BackupSchedule;
  readonly ownerRow: number;
  readonly carriedFrom: string | null;
}

/** Some fields of a schedule have other values now. */
export interface ScheduleChanged {
  readonly type: "ScheduleChanged";
  readonly id: string;
  readonly row: number;
  readonly changes: Partial<
    Pick<
      BackupSchedule,
      | "dayOfWeek"
      | "hour"
      | "minute"
      | "fullBackupRetention"
      | "copyTo"
      | "nextRunAt"
      | "lastScheduledAt"
      | "seq"
      | "cause"
    >
  >;
}

/** A schedule is gone. */
export interface ScheduleRemoved {
  readonly type: "ScheduleRemoved";
  readonly id: string;
  readonly row: number;
  readonly accountId: string;
  readonly ownerKind: BackupSchedule["ownerKind"];
  readonly ownerRow: number;
}

/** The hour of a schedule came; what was made of it, and when it comes next. */
export interface ScheduleFired {
  readonly type: "ScheduleFired";
  readonly id: string;
  readonly row: number;
  /** The moment that it was due. */
  readonly slot: number;
  /** When it comes next, in virtual ms since the epoch. */
  readonly nextRunAt: number;
  readonly seq: number;
  /** What was begun. */
  readonly backup: "full" | "incremental" | "nothing";
  /** Why nothing was backed up, or null. */
  readonly reason: string | null;
}

/** A backup was asked for, and occupies its source until it ends. */
export interface BackupCreated extends Counted {
  readonly type: "BackupCreated";
  readonly backup: Backup;
  readonly instanceRow: number;
  readonly groupRow: number | null;
}

/** A backup entered a state of its lifecycle. */
export interface BackupStateEntered {
  readonly type: "BackupStateEntered";
  readonly id: string;
  readonly row: number;
  readonly from: BackupState;
  readonly state: BackupState;
  readonly statusBefore: BackupStatus;
  readonly status: BackupStatus;
  readonly work: Work | null;
  readonly lastError: OperationError | null;
}

/** A backup ended, well or not, and its source is free again. */
export interface BackupEnded {
  readonly type: "BackupEnded";
  readonly id: string;
  readonly row: number;
  readonly sizeGb: number | null;
  readonly dataGb: number;
  readonly instanceRow: number;
  readonly groupRow: number | null;
}

/** A backup is gone. */
export interface BackupRemoved {
  readonly type: "BackupRemoved";
  readonly id: string;
  readonly row: number;
  readonly accountId: string;
}

/** A configuration exists. */
export interface ConfigurationCreated extends Counted {
  readonly type: "ConfigurationCreated";
  readonly configuration: Configuration;
}

/** A configuration is gone. */
export interface ConfigurationRemoved {
  readonly type: "ConfigurationRemoved";
  readonly id: string;
  readonly row: number;
  readonly accountId: string;
}
