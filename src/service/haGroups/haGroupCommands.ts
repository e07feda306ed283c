import type { InputOf } from "../../model/commandTypes.js";
import { change, govern, inferred } from "../../model/operationPolicy.js";
import { list } from "../../model/schema/compositeFields.js";
import { optional, required } from "../../model/schema/fields.js";
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
} from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on HA groups, their members and ACLs. */
export const haGroupCommands = {
  convertToHa: command({
    input: input<InputOf<"convertToHa">>({
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
    input: input<InputOf<"createHaGroup">>({
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
    input: input<InputOf<"deleteHaGroup">>({ groupId }),
    ...govern("deleteGroups"),
    result: "nothing",
  }),
  addReplica: command({
    input: input<InputOf<"addReplica">>({ groupId, ...nodeFields }),
    ...change("groupActions"),
    result: "newInstance",
  }),
  removeReplica: command({
    input: input<InputOf<"removeReplica">>({ groupId, instanceId }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  restartGroup: command({
    input: input<InputOf<"restartGroup">>({ groupId }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  resizeGroupFlavor: command({
    input: input<InputOf<"resizeGroupFlavor">>({ groupId, flavorId: required(flavorId) }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  resizeGroupVolumes: command({
    input: input<InputOf<"resizeGroupVolumes">>({ groupId, volumeGb: required(volumeGb) }),
    ...govern("groupActions", inferred),
    result: "group",
  }),
  attachGroupConfiguration: command({
    input: input<InputOf<"attachGroupConfiguration">>({ groupId, configurationId }),
    ...change("changeGroups", inferred),
    result: "group",
  }),
  detachGroupConfiguration: command({
    input: input<InputOf<"detachGroupConfiguration">>({ groupId }),
    ...change("changeGroups", inferred),
    result: "group",
  }),
  addAcl: command({
    input: input<InputOf<"addAcl">>({ groupId, address: required(cidr) }),
    ...change("addAcls"),
    result: "group",
  }),
  deleteAcl: command({
    input: input<InputOf<"deleteAcl">>({ groupId, address: required(calledField) }),
    ...govern("deleteAcls"),
    result: "group",
  }),
} as const;
