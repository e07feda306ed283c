import type { BackupStatus, HaGroupStatus, InstanceStatus } from "../domain/statuses.js";
import type { JsonSchema } from "./json.js";

/** The words that the API has for the condition of an instance, an HA group and a backup. */
export const statusSchemas: Readonly<
  Record<"InstanceStatus" | "GroupState" | "BackupStatus", JsonSchema>
> = {
  InstanceStatus: {
    type: "string",
    enum: words<InstanceStatus>({
      BUILD: 1,
      ACTIVE: 1,
      RESTART: 1,
      DETACH_REPLICA: 1,
      CONVERT_TO_HA: 1,
      BACKUP: 1,
      REBOOT: 1,
      RESIZE: 1,
      RESTART_REQUIRED: 1,
      REPLICATION_ERROR: 1,
      BLOCKED: 1,
      SHUTDOWN: 1,
      ERROR: 1,
      FAILED: 1,
      DELETION_PENDING: 1,
    }),
  },
  GroupState: {
    type: "string",
    enum: words<HaGroupStatus>({
      BUILD: 1,
      ACTIVE: 1,
      BACKUP: 1,
      ADDING_REPLICA: 1,
      REMOVING_REPLICA: 1,
      RESTART_REQUIRED: 1,
      REBOOT: 1,
      DELETING: 1,
      DELETED: 1,
      RESIZING_VOLUME: 1,
      RESIZING_FLAVOR: 1,
      FORCING_FAILOVER: 1,
      DISABLING_FAILOVER: 1,
      ENABLING_FAILOVER: 1,
      FAILOVER_DISABLED: 1,
      UPDATING_PROXY_NODES: 1,
      ERROR: 1,
      ADD_REPLICA_FAIL: 1,
      REMOVE_REPLICA_ERROR: 1,
      "DELETION-ERROR": 1,
      UPDATE_PROXY_NODES_ERROR: 1,
      REPLICATION_ERROR: 1,
      HA_FAILOVER: 1,
      RESIZE_FLAVOR_ERROR: 1,
      VOLUME_RESIZE_ERROR: 1,
    }),
  },
  BackupStatus: {
    type: "string",
    enum: words<BackupStatus>({ NEW: 1, BUILDING: 1, COMPLETED: 1, FAILED: 1, DELETE_FAILED: 1 }),
  },
};

/** Every word of a union, so that a new one cannot be forgotten. */
function words<Word extends string>(all: Readonly<Record<Word, 1>>): readonly string[] {
  return Object.keys(all);
}
