import { commands } from "./commands.js";
import type { CommandType } from "./commandTypes.js";
import { look, type OperationPolicy, type Role, roles } from "./operationPolicy.js";

/** An operation that only looks. */
export type ReadOperation =
  | "getInstance"
  | "listInstances"
  | "listReplicas"
  | "getGroup"
  | "listGroups"
  | "listAcls"
  | "getSchedule"
  | "listSchedules"
  | "getBackup"
  | "listBackups"
  | "getConfiguration"
  | "listConfigurations"
  | "listDatabases"
  | "listUsers"
  | "listFailovers"
  | "getReplicationStatus"
  | "listFlavors"
  | "getFlavor"
  | "listDatastores";

/** Everything that a caller can ask of an account: what looks, and what is a command. */
export type OperationName = ReadOperation | CommandType;

const reads: Readonly<Record<ReadOperation, OperationPolicy>> = {
  getInstance: look(),
  listInstances: look(),
  listReplicas: look(),
  getGroup: look(),
  listGroups: look(),
  listAcls: look(),
  getSchedule: look(),
  listSchedules: look(),
  getBackup: look(),
  listBackups: look(),
  getConfiguration: look(),
  listConfigurations: look(),
  listDatabases: look(),
  listUsers: look(),
  getReplicationStatus: { role: "observer", rate: null, source: "§8 [inferred]" },
  listFailovers: { role: "observer", rate: null, source: "§3.8 item 10 [hist]" },
  listFlavors: look(),
  getFlavor: look(),
  listDatastores: look(),
};

/** Who may do what, and which rate it counts towards. The rule `role-allows`, the docs and the tests read this. */
export const operationPolicies: Readonly<Record<OperationName, OperationPolicy>> = {
  ...reads,
  ...commandPolicies(),
};

function commandPolicies(): Readonly<Record<CommandType, OperationPolicy>> {
  return Object.fromEntries(
    Object.entries(commands).map(([type, { role, rate, source }]) => [
      type,
      { role, rate, source },
    ]),
    // One entry for each command.
  ) as Record<CommandType, OperationPolicy>;
}

/** The roles that may do something, least first. */
export function rolesFor(operation: OperationName): readonly Role[] {
  return roles.slice(roles.indexOf(operationPolicies[operation].role));
}
