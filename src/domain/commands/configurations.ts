import type { ConfigurationIdInput, CreateConfigurationInput } from "../backupInputs.js";
import { dictionary } from "../compositeFields.js";
import { optional, required, string } from "../fields.js";
import type { InstanceIdInput } from "../inputParts.js";
import { change, govern, inferred } from "../operationPolicy.js";
import { configurationId, datastore, instanceId, label, name } from "../sharedFields.js";
import { command, input } from "./command.js";

/** A configuration for an instance. */
export interface AttachConfigurationInput extends InstanceIdInput, ConfigurationIdInput {}

/** Commands about configurations, and those of instances. */
export const configurationCommands = {
  createConfiguration: command({
    input: input<CreateConfigurationInput>({
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
    input: input<ConfigurationIdInput>({ configurationId }),
    ...govern("deleteConfigurations", inferred),
    result: "nothing",
  }),
  attachConfiguration: command({
    input: input<AttachConfigurationInput>({ instanceId, configurationId }),
    ...change("changeInstances"),
    result: "instance",
  }),
  detachConfiguration: command({
    input: input<InstanceIdInput>({ instanceId }),
    ...change("changeInstances"),
    result: "instance",
  }),
} as const;
