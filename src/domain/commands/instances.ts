import type { InputOf } from "../commandTypes.js";
import { boolean, optional, required } from "../fields.js";
import { change, govern, operate } from "../operationPolicy.js";
import { flavorId, idField, instanceId, name, newInstance, volumeGb } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Commands on instances: sources and replicas. */
export const instanceCommands = {
  createInstance: command({
    input: input<InputOf<"createInstance">>(newInstance),
    ...change("createInstances"),
    result: "newInstance",
  }),
  createReplica: command({
    input: input<InputOf<"createReplica">>({ ...newInstance, replicaOf: instanceId }),
    ...change("createInstances"),
    result: "newInstance",
  }),
  renameInstance: command({
    input: input<InputOf<"renameInstance">>({ instanceId, name: required(name) }),
    ...change("changeInstances"),
    result: "instance",
  }),
  restartInstance: command({
    input: input<InputOf<"restartInstance">>({ instanceId }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  resizeFlavor: command({
    input: input<InputOf<"resizeFlavor">>({ instanceId, flavorId: required(flavorId) }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  resizeVolume: command({
    input: input<InputOf<"resizeVolume">>({ instanceId, volumeGb: required(volumeGb) }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  deleteInstance: command({
    input: input<InputOf<"deleteInstance">>({ instanceId }),
    ...govern("deleteInstances"),
    result: "instance",
  }),
  detachReplica: command({
    input: input<InputOf<"detachReplica">>({
      instanceId,
      replicaOf: optional(idField),
      name: optional(name),
    }),
    ...change("changeInstances"),
    result: "instance",
  }),
  promoteReplica: command({
    input: input<InputOf<"promoteReplica">>({
      instanceId,
      moveClients: optional(boolean({ rule: "moves-clients", source: "S11 [inferred]" })),
    }),
    ...operate(),
    result: "instance",
  }),
} as const;
