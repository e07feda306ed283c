import type { SetWorkloadInput } from "../dataPlane.js";
import { integer, number, optional, required } from "../fields.js";
import type { InstanceIdInput } from "../inputParts.js";
import { operate } from "../operationPolicy.js";
import { instanceId } from "../sharedFields.js";
import { command, input } from "./command.js";

/** How much data an instance and its replicas hold: no operation of the API, but what its users do inside it. */
export interface SetDataSizeInput extends InstanceIdInput {
  /** Data on the volume, in GB; need not be whole. */
  readonly usedGb: number;
}

/** Clients write elsewhere: somebody has changed where they connect to. */
export interface MoveClientsInput extends InstanceIdInput {
  /** Where they write from now on. */
  readonly toInstanceId: string;
}

/** What the users of an instance do: no operations of the API. */
export const workloadCommands = {
  setDataSize: command({
    input: input<SetDataSizeInput>({
      instanceId,
      usedGb: required(number({ rule: "data-size", source: "§1.2 [inferred]", min: 0 })),
    }),
    ...operate(),
    result: "instance",
  }),
  setWorkload: command({
    input: input<SetWorkloadInput>({
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
    ...operate(),
    result: "instance",
  }),
  moveClients: command({
    input: input<MoveClientsInput>({ instanceId, toInstanceId: instanceId }),
    ...operate(),
    result: "instance",
  }),
} as const;
