import type { InputOf } from "../../model/commandTypes.js";
import { change, govern } from "../../model/operationPolicy.js";
import { required } from "../../model/schema/fields.js";
import { flavorId, instanceId, name, newInstance, volumeGb } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on instances, whatever their role in replication. */
export const instanceCommands = {
  createInstance: command({
    input: input<InputOf<"createInstance">>(newInstance),
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
} as const;
