import type { CommandType } from "./commands.js";
import type { RateName } from "./rates.js";

const matrix = "§7 [howto]";
const inferred = "§7 [inferred]";
const staff = "§7 [docs]";

/** What a caller may do, from least to most: look; make and change; everything. */
export const roles = ["observer", "creator", "admin"] as const;

/** Role of a caller in an account (§7). */
export type Role = (typeof roles)[number];

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

/** What an operation asks of its caller, and where that is written. */
export interface OperationPolicy {
  /** The least role that may; those above it may, too. */
  readonly role: Role;
  /** The rate that it counts towards; null for what is no operation of the API. */
  readonly rate: RateName | null;
  readonly source: string;
}

/** Who may do what, and which rate it counts towards. The rule `role-allows`, the docs and the tests read this. */
export const operationPolicies: Readonly<Record<OperationName, OperationPolicy>> = {
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
  createInstance: change("createInstances"),
  createReplica: change("createInstances"),
  renameInstance: change("changeInstances"),
  detachReplica: change("changeInstances"),
  attachConfiguration: change("changeInstances"),
  detachConfiguration: change("changeInstances"),
  convertToHa: govern("instanceActions"),
  restartInstance: govern("instanceActions"),
  resizeFlavor: govern("instanceActions"),
  resizeVolume: govern("instanceActions"),
  deleteInstance: govern("deleteInstances"),
  createHaGroup: change("createGroups"),
  addReplica: change("groupActions"),
  removeReplica: govern("groupActions", inferred),
  restartGroup: govern("groupActions", inferred),
  resizeGroupFlavor: govern("groupActions", inferred),
  resizeGroupVolumes: govern("groupActions", inferred),
  attachGroupConfiguration: change("changeGroups", inferred),
  detachGroupConfiguration: change("changeGroups", inferred),
  addAcl: change("addAcls"),
  deleteAcl: govern("deleteAcls"),
  deleteHaGroup: govern("deleteGroups"),
  createSchedule: change("createSchedules"),
  updateSchedule: change("changeSchedules"),
  deleteSchedule: govern("deleteSchedules"),
  createBackup: change("createBackups"),
  deleteBackup: govern("deleteBackups"),
  createConfiguration: change("createConfigurations", inferred),
  deleteConfiguration: govern("deleteConfigurations", inferred),
  createDatabases: change("databases"),
  deleteDatabase: govern("databases"),
  createUsers: change("users"),
  deleteUser: govern("users"),
  forceFailover: operate(staff),
  disableFailover: operate(staff),
  enableFailover: operate(staff),
  updateProxyNodes: operate(staff),
  repairGroup: operate(staff),
  setDataSize: operate(),
  setWorkload: operate(),
  failTask: operate(),
  injectFault: operate(),
  clearFault: operate(),
};

/** The roles that may do something, least first. */
export function rolesFor(operation: OperationName): readonly Role[] {
  return roles.slice(roles.indexOf(operationPolicies[operation].role));
}

/** Whoever has a role may look; the rate of GET requests is one for all of them. */
function look(): OperationPolicy {
  return { role: "observer", rate: "reads", source: matrix };
}

/** Makes or changes something, and can be undone. */
function change(rate: RateName, source = matrix): OperationPolicy {
  return { role: "creator", rate, source };
}

/** Takes something away, interrupts its service, or cannot be undone. */
function govern(rate: RateName, source = matrix): OperationPolicy {
  return { role: "admin", rate, source };
}

/** No operation of the API: who has the world in hand plays its staff, its users or its misfortune. */
function operate(source = "§11 [inferred]"): OperationPolicy {
  return { role: "admin", rate: null, source };
}
