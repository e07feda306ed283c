import type { InstanceState, InstanceStatus } from "../../lifecycle/instanceStates.js";
import type { LifecycleRow } from "../../model/rows.js";
import type { ReplicationLink, ReplicationLog } from "../replication/dataPlane.model.js";

/** A database inside an instance. */
export type Database = Instance["databases"][number];

/** A user of the databases of an instance. The password is validated and not stored. */
export type DatabaseUser = Instance["users"][number];

/** One managed database: a stand-alone instance, a source, or a replica; possibly a member of an HA group. */
export interface Instance extends LifecycleRow {
  /** Set by the user, who may change it; names need not be unique. */
  readonly name: string;
  /** Lifecycle state: more detailed than the status. */
  readonly state: InstanceState;
  /** As the API spells it. */
  readonly status: InstanceStatus;
  readonly flavorId: string;
  /** Size of the volume, in GB. */
  readonly volumeGb: number;
  /** Data on the volume, in GB. */
  readonly usedGb: number;
  /** `mysql`, `percona` or `mariadb`, with the documented catalog. */
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** The source this replica follows, or null. */
  readonly sourceId: string | null;
  /** The replicas that follow this source, in order of creation. */
  readonly replicaIds: readonly string[];
  /** The HA group that it is a member of, or null. */
  readonly groupId: string | null;
  /** Its backup schedule, or null. Members of a group have none: it is the group's. */
  readonly scheduleId: string | null;
  /** The running backup of it, hidden ones included; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached, or null for the default one. */
  readonly configurationId: string | null;
  /** Its log; null until a workload is set, and for replicas. */
  readonly log: ReplicationLog | null;
  /** The zone that it stands in: no part of the API, and the same for its whole life. */
  readonly zone: `zone-${number}`;
  /** The rack that it stands in. */
  readonly rack: `rack-${number}`;
  /**
   * The partition that cuts it off from the network, by its name, or null. Instances of one partition reach
   * each other. Replicas and monitors outside do not reach it, and its clients do.
   */
  readonly partitionId: string | null;
  /** Progress of this replica; null while its source has no log and the connection has no fault. */
  readonly link: ReplicationLink | null;
  readonly databases: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly collate: string;
  }[];
  readonly users: readonly {
    readonly name: string;
    /** IPv4 address, or `%` for any host. */
    readonly host: string;
    /** Names of the databases that the user may use. */
    readonly databases: readonly string[];
  }[];
}
