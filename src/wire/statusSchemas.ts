import { backupStatuses } from "../lifecycle/backupStates.js";
import { haGroupStatusKinds } from "../lifecycle/groupStates.js";
import { instanceStatusKinds } from "../lifecycle/instanceStates.js";
import type { JsonSchema } from "./json.js";

/** The words that the API has for the condition of an instance, an HA group and a backup. */
export const statusSchemas: Readonly<
  Record<"InstanceStatus" | "GroupState" | "BackupStatus", JsonSchema>
> = {
  InstanceStatus: { type: "string", enum: Object.keys(instanceStatusKinds) },
  GroupState: { type: "string", enum: Object.keys(haGroupStatusKinds) },
  BackupStatus: { type: "string", enum: backupStatuses },
};
