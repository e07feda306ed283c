import type { BackupState, BackupStatus } from "../../lifecycle/backupStates.js";
import type { LifecycleRow } from "../../model/rows.js";

/** A copy of the data of an instance or a group at one time. It remains when its owner is deleted. */
export interface Backup extends LifecycleRow {
  readonly name: string;
  readonly description: string | null;
  /** Lifecycle state: more detailed than the status. */
  readonly state: BackupState;
  /** As the API spells it. */
  readonly status: BackupStatus;
  readonly ownerKind: "instance" | "ha";
  /** The instance or HA group of the backup; may be deleted. */
  readonly ownerId: string;
  /** The instance that it is read from: in a group, its most current replica. */
  readonly instanceId: string;
  /** The parent of an incremental backup; null for a full one. */
  readonly parentId: string | null;
  /** The schedule that created it, or null. */
  readonly scheduleId: string | null;
  /** Id of the replica that this hidden backup was taken for; no listing shows it (R22). Null for visible backups. */
  readonly hiddenForReplicaId: string | null;
  /** GB; null until it is completed. */
  readonly sizeGb: number | null;
  /** Data of its owner at completion, in GB: what a restored instance starts with. */
  readonly dataGb: number;
  /**
   * Where its data stand in a log: what had been applied when it was started. A restored instance continues the log
   * from there. Null if there was no log.
   */
  readonly logPosition: {
    /** The instance that wrote the log: the one that is backed up, or its source. */
    readonly instanceId: string;
    /** Transactions since the start of the log. */
    readonly transactions: number;
    /** Bytes since the start of the log. */
    readonly bytes: number;
  } | null;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** Flavor of its owner. */
  readonly flavorId: string;
  /** Volume size of its owner, in GB. */
  readonly volumeGb: number;
  /** Databases of a restored instance. */
  readonly databases: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly collate: string;
  }[];
  /** Users of these databases, without their passwords. */
  readonly users: readonly {
    readonly name: string;
    /** IPv4 address, or `%` for any host. */
    readonly host: string;
    /** Names of the databases that the user may use. */
    readonly databases: readonly string[];
  }[];
}
