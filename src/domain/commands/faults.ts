import type { InputOf } from "../commandTypes.js";
import { failTaskFields, injectFaultFields } from "../faultFields.js";
import { optional, required } from "../fields.js";
import { operate } from "../operationPolicy.js";
import { idField, label } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Commands on faults. They are not operations of the API. */
export const faultCommands = {
  failTask: command({
    input: input<InputOf<"failTask">>({ ...failTaskFields, label: optional(label) }),
    ...operate(),
    result: "faultId",
  }),
  injectFault: command({
    input: input<InputOf<"injectFault">>(injectFaultFields),
    ...operate(),
    result: "faultId",
  }),
  clearFault: command({
    input: input<InputOf<"clearFault">>({ faultId: required(idField) }),
    ...operate(),
    result: "nothing",
  }),
} as const;
