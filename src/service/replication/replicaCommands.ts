import type { InputOf } from "../../model/commandTypes.js";
import { change, operate } from "../../model/operationPolicy.js";
import { boolean, optional } from "../../model/schema/fields.js";
import { idField, instanceId, name, newInstance } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on replicas. */
export const replicaCommands = {
  createReplica: command({
    input: input<InputOf<"createReplica">>({ ...newInstance, replicaOf: instanceId }),
    ...change("createInstances"),
    result: "newInstance",
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
