import type { InputOf } from "../commandTypes.js";
import { dictionary } from "../compositeFields.js";
import { optional, required, string } from "../fields.js";
import { change, govern, inferred } from "../operationPolicy.js";
import { configurationId, datastore, instanceId, label, name } from "../sharedFields.js";
import { command, input } from "./command.js";

/** Commands about configurations, and those of instances. */
export const configurationCommands = {
  createConfiguration: command({
    input: input<InputOf<"createConfiguration">>({
      name: required(name),
      description: optional(string({ rule: "configuration-description", source: "§1.5 [docs]" })),
      datastore: optional(datastore),
      values: required(
        dictionary({ rule: "configuration-values", source: "§1.5 [docs]", countMax: 200 }),
      ),
      label: optional(label),
    }),
    ...change("createConfigurations", inferred),
    result: "newConfiguration",
  }),
  deleteConfiguration: command({
    input: input<InputOf<"deleteConfiguration">>({ configurationId }),
    ...govern("deleteConfigurations", inferred),
    result: "nothing",
  }),
  attachConfiguration: command({
    input: input<InputOf<"attachConfiguration">>({ instanceId, configurationId }),
    ...change("changeInstances"),
    result: "instance",
  }),
  detachConfiguration: command({
    input: input<InputOf<"detachConfiguration">>({ instanceId }),
    ...change("changeInstances"),
    result: "instance",
  }),
} as const;
