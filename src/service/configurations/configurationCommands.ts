import type { InputOf } from "../../model/commandTypes.js";
import { change, govern, inferred } from "../../model/operationPolicy.js";
import { dictionary } from "../../model/schema/compositeFields.js";
import { boolean, type Field, optional, required, string } from "../../model/schema/fields.js";
import { configurationId, datastore, instanceId, label, name } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Maximum number of parameters of a configuration. */
export const maxConfigurationValues = 200;

const description = string({ rule: "configuration-description", source: "§1.5 [docs]" });
const descriptionOrNull: Field<string | null> = {
  ...description,
  read: (value, path, reading) => (value === null ? null : description.read(value, path, reading)),
};
const values = dictionary({
  rule: "configuration-values",
  source: "§1.5 [docs]",
  countMax: maxConfigurationValues,
});

/** Commands on configurations, and on those of instances. */
export const configurationCommands = {
  createConfiguration: command({
    input: input<InputOf<"createConfiguration">>({
      name: required(name),
      description: optional(description),
      datastore: optional(datastore),
      values: required(values),
      label: optional(label),
    }),
    ...change("createConfigurations", inferred),
    result: "newConfiguration",
  }),
  updateConfiguration: command({
    input: input<InputOf<"updateConfiguration">>({
      configurationId,
      name: optional(name),
      description: optional(descriptionOrNull),
      values: optional(values),
      replace: optional(boolean({ rule: "configuration-replace", source: "§1.5 [trove]" })),
    }),
    ...change("changeConfigurations", inferred),
    result: "configuration",
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
