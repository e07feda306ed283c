import type { HaGroupState, HaGroupStatus } from "../../lifecycle/groupStates.js";
import type { LifecycleRow } from "../../model/rows.js";
import type { PlaceInput } from "../placement/placement.model.js";

/** A network that an HA group is reached through. */
export type Network = HaGroup["networks"][number];

/** Whether a commit on the source waits for the acknowledgement of a replica. */
export type ReplicationMode = HaGroup["replicationMode"];

/** One entry of a group's failover log (§3.8 item 10). */
export type Failover = HaGroup["failovers"][number];

/** A planned replica of a new group. */
export type PlannedReplica = HaGroup["pendingReplicaNames"][number];

/** A replication set under automatic failover. */
export interface HaGroup extends LifecycleRow {
  readonly name: string;
  /** Lifecycle state: more detailed than the status. */
  readonly state: HaGroupState;
  /** As the API spells it. */
  readonly status: HaGroupStatus;
  /** The flavor of every member. */
  readonly flavorId: string;
  /** Size of every member's volume, in GB. */
  readonly volumeGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** During a failover, the lost source. Null only if a group was never formed, or is being deleted. */
  readonly sourceId: string | null;
  /** Members that are replicas, in order of membership. */
  readonly replicaIds: readonly string[];
  /** Replicas that are built as soon as there is a source. */
  readonly pendingReplicaNames: readonly (PlaceInput & {
    /** Null uses the id. */
    readonly name: string | null;
    readonly label: string | null;
  })[];
  /** Always includes `servicenet`. */
  readonly networks: readonly ("public" | "servicenet")[];
  /** Allowed IPv4 ranges in CIDR form. An empty array allows none. */
  readonly acls: readonly string[];
  /** `semi-synchronous` once the group is ACTIVE (R71). */
  readonly replicationMode: "asynchronous" | "semi-synchronous";
  /** The last 100 failovers, oldest first; the journal has all of them. */
  readonly failovers: readonly {
    readonly id: string;
    readonly groupId: string;
    /** After an automatic failover this instance is deleted, so that its id soon becomes unknown. */
    readonly oldSourceId: string;
    /** The replica that was promoted. */
    readonly newSourceId: string;
    /** Virtual time of the promotion, ms since the epoch. */
    readonly at: number;
    /** Whether an operator requested it, so that the old source stayed as a replica (H14). */
    readonly isForced: boolean;
    /** Transactions that were acknowledged to clients and that the new source does not have. */
    readonly lostTransactions: number;
  }[];
  /** Its backup schedule, or null. */
  readonly scheduleId: string | null;
  /** The running backup of it; one at a time. */
  readonly backupId: string | null;
  /** The configuration that is attached to every member, or null for the default one. */
  readonly configurationId: string | null;
}
