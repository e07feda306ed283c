import type { ConfigurationIdInput } from "../backupInputs.js";
import type { DatastoreInput } from "../catalog.js";
import { list } from "../compositeFields.js";
import type { Network } from "../entities.js";
import { optional, required } from "../fields.js";
import type { GroupIdInput, InstanceIdInput, NodeInput } from "../inputParts.js";
import type { LabelInput } from "../labels.js";
import { change, govern, inferred, operate, staff } from "../operationPolicy.js";
import {
  acls,
  calledField,
  cidr,
  configurationId,
  datastore,
  flavorId,
  groupId,
  idField,
  instanceId,
  label,
  name,
  networks,
  node,
  nodeFields,
  volumeGb,
} from "../sharedFields.js";
import { command, input } from "./command.js";

/** Turns a replication set, named by its source or by any of its replicas, into an HA group. */
export interface ConvertToHaInput extends InstanceIdInput, LabelInput {
  readonly name: string;
  /** `servicenet` is always added; it is also the default. */
  readonly networks?: readonly Network[];
  /** IPv4 ranges in CIDR form; none blocks all traffic. */
  readonly acls?: readonly string[];
}

/** A new HA group with a source and one or two replicas. */
export interface CreateHaGroupInput extends LabelInput {
  readonly name: string;
  /** Defaults to the catalog's. */
  readonly datastore?: DatastoreInput;
  readonly source: NodeInput;
  readonly replicas: readonly NodeInput[];
  /** `servicenet` is always added; it is also the default. */
  readonly networks?: readonly Network[];
  /** IPv4 ranges in CIDR form; none blocks all traffic. */
  readonly acls?: readonly string[];
  /** A configuration of the same datastore version, for every member. */
  readonly configurationId?: string;
}

/** One more replica for a group. */
export interface AddReplicaInput extends GroupIdInput, NodeInput {}

/** A replica that leaves its group and becomes stand-alone. */
export interface RemoveReplicaInput extends GroupIdInput {
  readonly instanceId: string;
}

/** Another flavor for all members of a group. */
export interface ResizeGroupFlavorInput extends GroupIdInput {
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
}

/** Larger volumes for all members of a group, in GB. */
export interface ResizeGroupVolumesInput extends GroupIdInput {
  /** Size of every volume, in whole GB: larger than now. */
  readonly volumeGb: number;
}

/** A configuration for all members of a group. */
export interface AttachGroupConfigurationInput extends GroupIdInput, ConfigurationIdInput {}

/** One IPv4 range of an HA group. */
export interface AclInput {
  readonly groupId: string;
  /** An IPv4 range in CIDR form. */
  readonly address: string;
}

/** Commands about HA groups, their members, failover and ACLs. */
export const haGroupCommands = {
  convertToHa: command({
    input: input<ConvertToHaInput>({
      instanceId,
      name: required(name),
      networks: optional(networks),
      acls: optional(acls),
      label: optional(label),
    }),
    ...govern("instanceActions"),
    result: "newGroup",
  }),
  createHaGroup: command({
    input: input<CreateHaGroupInput>({
      name: required(name),
      datastore: optional(datastore),
      source: required(node),
      replicas: required(list({ rule: "group-size", source: "R81 [docs]", of: node, countMin: 1 })),
      networks: optional(networks),
      acls: optional(acls),
      configurationId: optional(idField),
      label: optional(label),
    }),
    ...change("createGroups"),
    result: "newGroup",
  }),
  deleteHaGroup: command({
    input: input<GroupIdInput>({ groupId }),
    ...govern("deleteGroups"),
    result: "nothing",
  }),
  addReplica: command({
    input: input<AddReplicaInput>({ groupId, ...nodeFields }),
    ...change("groupActions"),
    result: "newInstance",
  }),
  removeReplica: command({
    input: input<RemoveReplicaInput>({ groupId, instanceId }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  restartGroup: command({
    input: input<GroupIdInput>({ groupId }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  resizeGroupFlavor: command({
    input: input<ResizeGroupFlavorInput>({ groupId, flavorId: required(flavorId) }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  resizeGroupVolumes: command({
    input: input<ResizeGroupVolumesInput>({ groupId, volumeGb: required(volumeGb) }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  attachGroupConfiguration: command({
    input: input<AttachGroupConfigurationInput>({ groupId, configurationId }),
    ...change("changeGroups", inferred),
    result: "group",
  }),
  detachGroupConfiguration: command({
    input: input<GroupIdInput>({ groupId }),
    ...change("changeGroups", inferred),
    result: "group",
  }),
  forceFailover: command({
    input: input<GroupIdInput>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  disableFailover: command({
    input: input<GroupIdInput>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  enableFailover: command({
    input: input<GroupIdInput>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  updateProxyNodes: command({
    input: input<GroupIdInput>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  repairGroup: command({
    input: input<GroupIdInput>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  addAcl: command({
    input: input<AclInput>({ groupId, address: required(cidr) }),
    ...change("addAcls"),
    result: "group",
  }),
  deleteAcl: command({
    input: input<AclInput>({ groupId, address: required(calledField) }),
    ...govern("deleteAcls"),
    result: "group",
  }),
} as const;
