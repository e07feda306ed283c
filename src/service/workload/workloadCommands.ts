import type { InputOf } from "../../model/commandTypes.js";
import { operate } from "../../model/operationPolicy.js";
import { integer, number, optional, required } from "../../model/schema/fields.js";
import { instanceId } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on the clients' workload and the data. They are not operations of the API. */
export const workloadCommands = {
  setDataSize: command({
    input: input<InputOf<"setDataSize">>({
      instanceId,
      usedGb: required(number({ rule: "data-size", source: "§1.2 [inferred]", min: 0 })),
    }),
    ...operate(),
    result: "instance",
  }),
  setWorkload: command({
    input: input<InputOf<"setWorkload">>({
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
    input: input<InputOf<"moveClients">>({ instanceId, toInstanceId: instanceId }),
    ...operate(),
    result: "instance",
  }),
} as const;
