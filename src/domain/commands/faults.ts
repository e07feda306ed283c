import { failTaskFields, injectFaultFields } from "../faultFields.js";
import type { FailTaskInput, FaultIdInput, InjectFaultInput } from "../faults.js";
import { optional, required } from "../fields.js";
import type { LabelInput } from "../labels.js";
import { operate } from "../operationPolicy.js";
import { idField, label } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Faults as commands: no operations of the API. */
export const faultCommands = {
  failTask: command({
    input: input<FailTaskInput & LabelInput>({ ...failTaskFields, label: optional(label) }),
    ...operate(),
    result: "faultId",
  }),
  injectFault: command({
    input: input<InjectFaultInput>(injectFaultFields),
    ...operate(),
    result: "faultId",
  }),
  clearFault: command({
    input: input<FaultIdInput>({ faultId: required(idField) }),
    ...operate(),
    result: "nothing",
  }),
} as const;
