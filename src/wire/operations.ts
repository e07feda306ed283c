import type { Operation, Unsupported } from "./operation.js";
import { instanceActions, instanceOperations } from "./operations/instances.js";

/** Every operation of the API, once: the route table. */
export const operations: readonly Operation[] = [...instanceOperations, ...instanceActions];

/** Operations of the service that the simulator does not have: they are answered with 501. */
export const unsupported: readonly Unsupported[] = [
  { method: "POST", path: "/instances/{instanceId}/action", action: "save_logs" },
  { method: "POST", path: "/instances/{instanceId}/action", action: "upgrade" },
  { method: "POST", path: "/ha/{haId}/action", action: "upgrade" },
  { method: "GET", path: "/instances/{instanceId}/root" },
  { method: "POST", path: "/instances/{instanceId}/root" },
  { method: "POST", path: "/backups/{backupId}/action", action: "copy-backup" },
];
