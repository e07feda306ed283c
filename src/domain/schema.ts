import type { CommandInputs, CommandType } from "./commands.js";
import { dictionary, list, record } from "./compositeFields.js";
import { failTaskFields, injectFaultFields } from "./faultFields.js";
import {
  boolean,
  type Field,
  integer,
  number,
  optional,
  type RecordFields,
  required,
  string,
} from "./fields.js";
import {
  acls,
  calledField,
  cidr,
  configurationId,
  copyTo,
  databases,
  datastore,
  dayOfWeek,
  flavorId,
  fullBackupRetention,
  groupId,
  host,
  hour,
  idField,
  instanceId,
  label,
  minute,
  name,
  networks,
  newInstance,
  node,
  nodeFields,
  ownerKind,
  users,
  volumeGb,
} from "./sharedFields.js";

const onInstance = input<CommandInputs["restartInstance"]>({ instanceId });
const onGroup = input<CommandInputs["restartGroup"]>({ groupId });

/** What each command takes: the one schema of the project. Docs, arbitraries and the HTTP schemas read it too. */
export const commandFields: { readonly [K in CommandType]: Field<CommandInputs[K]> } = {
  createInstance: input(newInstance),
  createReplica: input({ ...newInstance, replicaOf: instanceId }),
  renameInstance: input({ instanceId, name: required(name) }),
  restartInstance: onInstance,
  resizeFlavor: input({ instanceId, flavorId: required(flavorId) }),
  resizeVolume: input({ instanceId, volumeGb: required(volumeGb) }),
  deleteInstance: onInstance,
  detachReplica: input({ instanceId, replicaOf: optional(idField), name: optional(name) }),
  convertToHa: input({
    instanceId,
    name: required(name),
    networks: optional(networks),
    acls: optional(acls),
    label: optional(label),
  }),
  createHaGroup: input({
    name: required(name),
    datastore: optional(datastore),
    source: required(node),
    replicas: required(list({ rule: "group-size", source: "R81 [docs]", of: node, countMin: 1 })),
    networks: optional(networks),
    acls: optional(acls),
    configurationId: optional(idField),
    label: optional(label),
  }),
  deleteHaGroup: onGroup,
  addReplica: input({ groupId, ...nodeFields }),
  removeReplica: input({ groupId, instanceId }),
  restartGroup: onGroup,
  resizeGroupFlavor: input({ groupId, flavorId: required(flavorId) }),
  resizeGroupVolumes: input({ groupId, volumeGb: required(volumeGb) }),
  attachGroupConfiguration: input({ groupId, configurationId }),
  detachGroupConfiguration: onGroup,
  forceFailover: onGroup,
  disableFailover: onGroup,
  enableFailover: onGroup,
  updateProxyNodes: onGroup,
  repairGroup: onGroup,
  addAcl: input({ groupId, address: required(cidr) }),
  deleteAcl: input({ groupId, address: required(calledField) }),
  createSchedule: input({
    ownerKind: optional(ownerKind),
    ownerId: required(idField),
    dayOfWeek: optional(dayOfWeek),
    hour: optional(hour),
    minute: optional(minute),
    fullBackupRetention: optional(fullBackupRetention),
    copyTo: optional(copyTo),
    label: optional(label),
  }),
  updateSchedule: input({
    scheduleId: required(idField),
    dayOfWeek: optional(dayOfWeek),
    hour: optional(hour),
    minute: optional(minute),
    fullBackupRetention: optional(fullBackupRetention),
    copyTo: optional(copyTo),
    runNow: optional(boolean({ rule: "run-now", source: "§1.8 [docs]" })),
  }),
  deleteSchedule: input({ scheduleId: required(idField) }),
  createBackup: input({
    name: required(
      string({ rule: "backup-name", source: "§1.9 [docs]", lengthMax: "maxBackupNameLength" }),
    ),
    ownerKind: optional(ownerKind),
    ownerId: required(idField),
    description: optional(string({ rule: "backup-description", source: "§1.9 [docs]" })),
    parentId: optional(idField),
    label: optional(label),
  }),
  deleteBackup: input({ backupId: required(idField) }),
  createConfiguration: input({
    name: required(name),
    datastore: optional(datastore),
    values: required(
      dictionary({ rule: "configuration-values", source: "§1.5 [docs]", countMax: 200 }),
    ),
    label: optional(label),
  }),
  deleteConfiguration: input({ configurationId }),
  attachConfiguration: input({ instanceId, configurationId }),
  detachConfiguration: onInstance,
  createDatabases: input({ instanceId, databases: required(databases) }),
  deleteDatabase: input({ instanceId, name: required(calledField) }),
  createUsers: input({ instanceId, users: required(users) }),
  deleteUser: input({ instanceId, name: required(calledField), host: optional(host) }),
  setDataSize: input({
    instanceId,
    usedGb: required(number({ rule: "data-size", source: "§1.2 [inferred]", min: 0 })),
  }),
  setWorkload: input({
    instanceId,
    transactionsPerSecond: required(
      integer({ rule: "workload-rate", source: "§3.8 [inferred]", min: 0, max: 100_000 }),
    ),
    bytesPerTransaction: optional(
      integer({
        rule: "workload-bytes",
        source: "§3.8 [inferred]",
        min: 1,
        max: 1_000_000,
        unit: "bytes",
      }),
    ),
  }),
  failTask: input({ ...failTaskFields, label: optional(label) }),
  injectFault: input(injectFaultFields),
  clearFault: input({ faultId: required(idField) }),
};

function input<T extends object>(of: RecordFields<T>): Field<T> {
  return record<T>({ rule: "input-shape", source: "R1 R26 R40 [api]", of });
}
