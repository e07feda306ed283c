import { backupStatuses, haGroupStatuses, instanceStatuses } from "../lifecycle/statuses.js";
import type { JsonSchema } from "./json.js";

/** The words that the API has for the condition of an instance, an HA group and a backup. */
export const statusSchemas: Readonly<
  Record<"InstanceStatus" | "GroupState" | "BackupStatus", JsonSchema>
> = {
  InstanceStatus: { type: "string", enum: instanceStatuses },
  GroupState: { type: "string", enum: haGroupStatuses },
  BackupStatus: { type: "string", enum: backupStatuses },
};
