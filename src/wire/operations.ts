import type { Operation, UnsupportedOperation } from "./operation.js";
import { backupOperations } from "./operations/backups.js";
import { catalogOperations } from "./operations/catalog.js";
import { configurationOperations } from "./operations/configurations.js";
import { databaseOperations } from "./operations/databases.js";
import { groupActions, groupOperations } from "./operations/groups.js";
import { instanceActions, instanceOperations } from "./operations/instances.js";

/** Every operation of the API, once: the route table. */
export const operations: readonly Operation[] = [
  ...instanceOperations,
  ...instanceActions,
  ...databaseOperations,
  ...groupOperations,
  ...groupActions,
  ...backupOperations,
  ...configurationOperations,
  ...catalogOperations,
];

/** Operations of the service that the simulator does not have: they are answered with 501. */
export const unsupported: readonly UnsupportedOperation[] = [
  { method: "POST", path: "/instances/{instanceId}/action", action: "save_logs" },
  { method: "POST", path: "/instances/{instanceId}/action", action: "upgrade" },
  { method: "POST", path: "/ha/{haId}/action", action: "upgrade" },
  { method: "GET", path: "/instances/{instanceId}/root" },
  { method: "POST", path: "/instances/{instanceId}/root" },
  { method: "DELETE", path: "/instances/{instanceId}/root" },
  { method: "POST", path: "/backups/{backupId}/action", action: "copy-backup" },
  { method: "GET", path: "/instances/{instanceId}/configuration" },
  { method: "PUT", path: "/instances/{instanceId}/users" },
  { method: "GET", path: "/instances/{instanceId}/users/{name}" },
  { method: "PUT", path: "/instances/{instanceId}/users/{name}" },
  { method: "GET", path: "/instances/{instanceId}/users/{name}/databases" },
  { method: "PUT", path: "/instances/{instanceId}/users/{name}/databases" },
  { method: "DELETE", path: "/instances/{instanceId}/users/{name}/databases/{databaseName}" },
  { method: "GET", path: "/datastores/{datastoreId}/versions/{versionId}/parameters" },
  {
    method: "GET",
    path: "/datastores/{datastoreId}/versions/{versionId}/parameters/{parameterName}",
  },
];
