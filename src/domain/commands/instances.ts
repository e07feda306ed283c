import { optional, required } from "../fields.js";
import type { CreateInstanceInput, InstanceIdInput } from "../inputParts.js";
import { change, govern } from "../operationPolicy.js";
import { flavorId, idField, instanceId, name, newInstance, volumeGb } from "../sharedFields.js";
import { command, input } from "./command.js";

/** A replica of the source `replicaOf`. Flavor and volume are required for replicas too (R1). */
export interface CreateReplicaInput extends CreateInstanceInput {
  /** Id of the source: an instance that is no replica itself (R6). */
  readonly replicaOf: string;
}

/** A new name for an instance. */
export interface RenameInstanceInput extends InstanceIdInput {
  readonly name: string;
}

/** Another flavor for an instance. */
export interface ResizeFlavorInput extends InstanceIdInput {
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
}

/** A larger volume for an instance, in GB. */
export interface ResizeVolumeInput extends InstanceIdInput {
  /** Size of the volume, in whole GB: larger than now. */
  readonly volumeGb: number;
}

/** Ends replication; the replica becomes stand-alone and keeps its data. */
export interface DetachReplicaInput extends InstanceIdInput {
  /** May name the current source; pointing anywhere else is refused (R31). */
  readonly replicaOf?: string;
  /** A new name, given at once (R38). */
  readonly name?: string;
}

/** Commands about instances: sources and replicas. */
export const instanceCommands = {
  createInstance: command({
    input: input<CreateInstanceInput>(newInstance),
    ...change("createInstances"),
    result: "newInstance",
  }),
  createReplica: command({
    input: input<CreateReplicaInput>({ ...newInstance, replicaOf: instanceId }),
    ...change("createInstances"),
    result: "newInstance",
  }),
  renameInstance: command({
    input: input<RenameInstanceInput>({ instanceId, name: required(name) }),
    ...change("changeInstances"),
    result: "instance",
  }),
  restartInstance: command({
    input: input<InstanceIdInput>({ instanceId }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  resizeFlavor: command({
    input: input<ResizeFlavorInput>({ instanceId, flavorId: required(flavorId) }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  resizeVolume: command({
    input: input<ResizeVolumeInput>({ instanceId, volumeGb: required(volumeGb) }),
    ...govern("instanceActions"),
    result: "instance",
  }),
  deleteInstance: command({
    input: input<InstanceIdInput>({ instanceId }),
    ...govern("deleteInstances"),
    result: "instance",
  }),
  detachReplica: command({
    input: input<DetachReplicaInput>({
      instanceId,
      replicaOf: optional(idField),
      name: optional(name),
    }),
    ...change("changeInstances"),
    result: "instance",
  }),
} as const;
