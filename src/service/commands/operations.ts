import type { CommandType } from "../../model/commandTypes.js";
import { look, type OperationPolicy, type Role, roles } from "../../model/operationPolicy.js";
import { commands } from "./commands.js";

/** An operation that only reads. */
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

/** All operations of an account: reads and commands. */
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

/** Roles and rates of all operations. The rule `role-allows`, the docs and the tests read this table. */
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

/** Returns the roles that allow an operation, least privileged first. */
export function rolesFor(operation: OperationName): readonly Role[] {
  return roles.slice(roles.indexOf(operationPolicies[operation].role));
}
