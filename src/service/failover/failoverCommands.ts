import type { InputOf } from "../../model/commandTypes.js";
import { operate, staff } from "../../model/operationPolicy.js";
import { groupId } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Operations of the service's staff on the failover of a group. */
export const failoverCommands = {
  forceFailover: command({
    input: input<InputOf<"forceFailover">>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  disableFailover: command({
    input: input<InputOf<"disableFailover">>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  enableFailover: command({
    input: input<InputOf<"enableFailover">>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  updateProxyNodes: command({
    input: input<InputOf<"updateProxyNodes">>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
  repairGroup: command({
    input: input<InputOf<"repairGroup">>({ groupId }),
    ...operate(staff),
    result: "group",
  }),
} as const;
