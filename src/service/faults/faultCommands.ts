import type { InputOf } from "../../model/commandTypes.js";
import { operate } from "../../model/operationPolicy.js";
import { optional, required } from "../../model/schema/fields.js";
import { idField, label } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";
import { failTaskFields, injectFaultFields } from "./faultFields.js";

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
